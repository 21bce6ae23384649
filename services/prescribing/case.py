"""One request to the prescribing process: who asks, for whose limits, on top of which version."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Annotated, Any, Literal, cast

from fastapi import Depends, Header, Path, Request
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from contract.machines import catalogue
from contract.messages import Envelope, Origin
from contract.messages.vocabulary import UUID_PATTERN
from services.access import Actor, Thing, authorize
from services.api.problems import Refused, not_found
from services.api.schemas import Mistake
from services.api.seen import not_a_version, seen_version
from services.keys.envelope import EnvelopeKey
from services.prescribing import rules, sign
from services.store import fence, limits, orders, people
from services.store.engine import writing
from services.store.reading import owners
from services.store.reads import ReadLog

PatientId = Annotated[str, Path(pattern=UUID_PATTERN)]
Kind = Annotated[str, Path(pattern="^[a-z_]{1,64}$")]
Seen = Annotated[str | None, Header(alias="if-match", max_length=24, description='the version seen: `"3"`')]
Changing = Iterator[tuple[Connection, Any | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the routes work with; the composition root hangs one on the application."""

    engine: Engine
    key: EnvelopeKey
    origin: Origin
    now_ms: Callable[[], int]
    reads: ReadLog = field(init=False)  # who looked at whose limits

    def __post_init__(self) -> None:
        object.__setattr__(self, "reads", ReadLog(self.engine))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One request: who asks, for whose limits on which kind of machine, at what time."""

    desk: Desk
    actor: Actor
    patient: str
    kind: str
    now_ms: int
    screen: str  # the name of the route

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """Open a connection to read what is shown afterwards; write the look down at the end, before that."""
        with self.desk.engine.connect() as connection:
            self.check(connection, "read")
            yield connection
        # With the connection given back: looks that keep one while they write with another wait in a circle.
        self.desk.reads.note(
            actor=self.actor.id,
            screen=self.screen,
            thing="patient",
            thing_id=self.patient,
            at_ms=self.now_ms,
        )

    def check(self, connection: Connection, action: Literal["read", "sign"]) -> None:
        """Refuse what is not there, or not for whoever asks, in the same words."""
        fence.narrow(connection, self.actor.scope)
        # Nothing that is sealed is read: this process has no key of identities.
        owner = owners.owner(connection, "patient_id", self.patient, self.desk.origin)
        site = None if owner is None else owner.site
        thing = Thing(
            kind="limits", origin=self.desk.origin, id=self.patient, site=site, patient=self.patient
        )
        if owner is None or not authorize(self.actor, action, thing):
            raise not_found("patient")
        if self.kind not in catalogue():
            raise not_found("kind of machine")

    def act(self, reason: str, what: sign.What) -> sign.Act:
        """Say who signs what, why and when."""
        return sign.Act(by=self.actor.name, id=self.actor.id, reason=reason, at_ms=self.now_ms, what=what)


def case(request: Request, patient_id: PatientId, kind: Kind) -> Case:
    """Put together what one request is about."""
    desk = cast("Desk", request.app.state.desk)
    actor = cast("Actor", request.scope["state"]["actor"])
    screen = str(request.scope["route"].name)
    return Case(desk=desk, actor=actor, patient=patient_id, kind=kind, now_ms=desk.now_ms(), screen=screen)


Asked = Annotated[Case, Depends(case)]


@contextmanager
def changing(asked: Case, seen: str | None) -> Changing:
    """Write on top of the version that was seen, or not at all."""
    version = version_of(seen)
    try:
        with writing(asked.desk.engine) as connection:
            asked.check(connection, "sign")
            orders.running(connection, asked.patient)  # locked before the person, as the message path does
            people.hold(connection, asked.patient)
            held = sign.newest(connection, asked.patient, asked.kind)
            if version != (0 if held is None else held.version):
                raise overtaken()
            yield connection, held
    except IntegrityError:  # somebody else signed the same version at the same time
        raise overtaken() from None


def version_of(seen: str | None) -> int:
    """Read the version that If-Match names."""
    version = seen_version(seen)
    if not (version.isascii() and version.isdigit()):
        raise not_a_version()
    return int(version)


def overtaken() -> Refused:
    """Refuse because something else was signed meanwhile."""
    return Refused(HTTPStatus.PRECONDITION_FAILED, "Another version holds by now: look at it first.")


def refuse_wrong(
    connection: Connection,
    asked: Case,
    envelope: Envelope,
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> None:
    """Refuse limits that nobody can sign now; `status`: a conflict where they are not those of the body."""
    wrong = rules.mistakes(envelope, catalogue()[asked.kind], asked.now_ms)
    capacity_g = limits.capacity_g(connection, asked.patient, asked.kind)
    wrong += rules.above_capacity(envelope, capacity_g)
    if wrong:
        place = "body" if status is HTTPStatus.UNPROCESSABLE_ENTITY else "limits"
        mistakes = [Mistake(where=f"{place}.{field}", what=what) for field, what in wrong]
        raise Refused(status, "These limits cannot be signed.", mistakes)


def keep(connection: Connection, asked: Case, envelope: Any, act: sign.Act) -> Any:
    """Sign the next version and read it again."""
    try:
        sign.sign(connection, asked.patient, envelope, act, asked.desk.key)
    except sign.UnknownPatientError:
        raise Refused(HTTPStatus.CONFLICT, "The patient has neither badge nor code to sign for.") from None
    return sign.newest(connection, asked.patient, asked.kind)
