"""What every route is given: who asks, about which origin, with which connection, at what time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Depends, Path, Query, Request
from sqlalchemy import Connection

from contract.messages import Origin, Side
from contract.messages.vocabulary import MACHINE_PATTERN, PLAIN_TEXT, UUID_PATTERN
from ml.explain.sentences import Unit
from services.access import Actor
from services.api import first_answers
from services.api.admission import Admitted, AskedOrigin
from services.api.context import Here
from services.api.problems import not_found
from services.api.schemas.shape import CURSOR_MOST
from services.api.seats import Seated
from services.live import Hub
from services.store import fence
from services.store.engine import writing
from services.store.reading import floor, patients, sessions
from services.store.reading.adjustments import Narrowed
from services.store.reading.keyset import Record

PAGE_MOST = 200
PAGE_USUAL = 50

PatientId = Annotated[str, Path(pattern=UUID_PATTERN)]
SessionId = Annotated[str, Path(pattern=UUID_PATTERN)]
LetterId = Annotated[str, Path(pattern=UUID_PATTERN)]
DecisionId = Annotated[str, Path(pattern=UUID_PATTERN)]
MachineId = Annotated[str, Path(pattern=MACHINE_PATTERN)]
SiteId = Annotated[str, Path(pattern="^[a-z0-9-]{1,64}$")]
Limit = Annotated[int, Query(ge=1, le=PAGE_MOST, description="rows of a page")]
Cursor = Annotated[str | None, Query(max_length=CURSOR_MOST, description="`next` of the page before")]
Search = Annotated[str, Query(max_length=64, pattern=PLAIN_TEXT, description="part of a name or a code")]
KindFilter = Annotated[str | None, Query(pattern="^[a-z_]{1,64}$", description="only this machine kind")]
SideFilter = Annotated[Side | None, Query(description="only this side")]
State = Literal["proposed", "planned", "pending", "applied", "refused", "expired"]
StateFilter = Annotated[State | None, Query(description="only what became this at the machine")]
SessionFilter = Annotated[str | None, Query(pattern=UUID_PATTERN, description="only this session")]
UnusedFilter = Annotated[bool, Query(description="also those of which every setting expired before its set")]
UnitChoice = Annotated[Unit, Query(description="of the weights in sentences; figures are in kg")]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One request's sight of the studio; nothing of another origin is visible, lists show `actor.scope`."""

    actor: Actor
    origin: Origin
    connection: Connection
    hub: Hub
    now_ms: int

    def patient(self, patient_id: str) -> Record:
        """Find a patient; whether the actor may is settled before."""
        found = patients.one(self.connection, patient_id, self.origin)
        if found is None:
            raise not_found("patient")
        return found

    def session(self, session_id: str) -> Record:
        """Find a session; whether the actor may is settled before."""
        found = sessions.one(self.connection, session_id, self.origin)
        if found is None:
            raise not_found("session")
        return found


def view(here: Here, origin: AskedOrigin, who: Seated) -> Iterator[View]:
    """Open a connection that only reads, until the answer is made."""
    with here.engine.connect() as connection:
        fence.narrow(connection, who.scope)
        yield View(actor=who, origin=origin, connection=connection, hub=here.hub, now_ms=here.now_ms())


Sight = Annotated[View, Depends(view, scope="function")]


def narrowed(
    state: StateFilter = None,
    kind: KindFilter = None,
    side: SideFilter = None,
    session: SessionFilter = None,
    unused: UnusedFilter = True,  # noqa: FBT002 (of the query, by its name)
) -> Narrowed:
    """Gather the filters of adjustments, for their list and their table."""
    return Narrowed(state=state, kind=kind, side=side, session=session, unused=unused)


Adjusted = Annotated[Narrowed, Depends(narrowed)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One request that writes: one transaction, committed before the answer goes out."""

    actor: Actor
    origin: Origin
    connection: Connection
    now_ms: int


def work(
    request: Request,
    here: Here,
    origin: AskedOrigin,
    who: Seated,
    body: first_answers.Body,
    key: first_answers.Key = None,
) -> Iterator[Work]:
    """Open the transaction of a request; a refusal or a failure rolls it back."""
    with writing(here.engine) as connection:
        if key is not None:
            first_answers.claim(request, connection, who, key, body, here.now_ms())
        fence.narrow(connection, who.scope)
        yield Work(actor=who, origin=origin, connection=connection, now_ms=here.now_ms())
    here.hub.note_change(origin)  # whoever did something sees what came of it, not the floor before


Doing = Annotated[Work, Depends(work, scope="function")]


def kinds_of_machines(here: Here, origin: AskedOrigin, who: Admitted) -> dict[str, str]:
    """Read which kind each machine is, with a connection that is given back before a stream begins."""
    with here.engine.connect() as connection:
        fence.narrow(connection, who.scope)
        return {row.id: row.kind for row in floor.machines(connection, origin, who.scope)}


KindsOfMachines = Annotated[dict[str, str], Depends(kinds_of_machines)]
