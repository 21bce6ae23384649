"""The studio floor, still and moving."""

import re
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from contract.messages import Origin
from contract.messages.vocabulary import MACHINE_PATTERN
from ml.explain.sentences import Unit
from services.access import Scope
from services.api.admission import Admitted, AskedOrigin
from services.api.context import Context, Here
from services.api.deps import KindsOfMachines, MachineId, Sight, UnitChoice
from services.api.events import event
from services.api.schemas import Floor, Machine, Page
from services.api.shared import Drawn, Moment, weak_version
from services.api.viewer import HEADER, mark_of
from services.insights import floor, operations
from services.live import Thin, among
from services.store import fence
from services.store.reading import floor as store

# A stream ends, and the browser asks again with its cookie: who has signed out sees nothing more.
STREAM_MOST_MS = 5 * 60_000
MOMENTS = re.compile('"(?:as_of|seen_at)":"[^"]*"')  # of a name between quotes, JSON would escape these
PACE_MOST_MS = 5_000

Pace = Annotated[
    int, Query(ge=0, le=PACE_MOST_MS, description="ms between two `frames` events; 0: every frame alone")
]
Traced = Annotated[
    str | None,
    Query(pattern=MACHINE_PATTERN, description="a machine whose frames come all, whatever the pace"),
]

Known = Annotated[
    str | None, Header(alias="If-None-Match", max_length=100, description="ETag of what is shown already")
]

router = APIRouter(prefix="/v1", tags=["floor"])


@router.get(
    "/floor", response_model=Floor, responses={304: {"description": "it shows as it did, to the minute"}}
)
def read_floor(
    here: Here, origin: AskedOrigin, who: Admitted, unit: UnitChoice = "kg", known: Known = None
) -> Response:
    """Show what every machine does now; at most a second old, for all who may see the same.

    `X-Viewer` tells whose answer it is, of every account the same as `mark` in `me`.
    """
    drawn = here.shared.get(
        (origin, who.scope, unit),
        lambda: Moment(at_ms=here.now_ms(), changes=here.hub.changes(origin)),
        lambda: _draw(here, origin, who.scope, unit),
    )
    headers = {"ETag": drawn.version, HEADER: mark_of(who, here.site_key)}
    if known == drawn.version:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(drawn.body, media_type="application/json", headers=headers)


def _draw(here: Context, origin: Origin, scope: Scope, unit: Unit) -> Drawn:
    """Read the store in a scope and draw the floor from it."""
    with here.engine.connect() as connection:
        fence.narrow(connection, scope)
        rows = store.floor(connection, origin, scope)
    shown = Floor.model_validate(floor.picture(rows, here.hub.heard(origin), here.now_ms(), unit))
    body = shown.model_dump_json(by_alias=True)
    return Drawn(body=body.encode(), version=_version(shown, body))


def _version(shown: Floor, body: str) -> str:
    """Name what a screen shows: the time to the minute, and when it was heard of what is old alone."""
    old = [item.seen_at for item in shown.items if item.stale or not item.online]
    return weak_version(f"{shown.as_of:%F %H:%M} {old} {MOMENTS.sub('', body)}")


@router.get("/machines", response_model=Page[Machine])
def list_machines(sight: Sight) -> dict[str, object]:
    """List the machines of the studio."""
    rows = store.machines(sight.connection, sight.origin, sight.actor.scope)
    return {"items": operations.machines(rows, sight.hub.heard(sight.origin), sight.now_ms)}


@router.get("/floor/live", response_class=EventSourceResponse)
async def watch_floor(
    here: Here,
    origin: AskedOrigin,
    kinds: KindsOfMachines,
    who: Admitted,
    pace_ms: Pace = 0,
    trace: Traced = None,
) -> AsyncIterator[ServerSentEvent]:
    """Stream `state`, `frame`, `frames`, `heartbeat` of all machines (LiveState, LiveFrame(s), Heartbeat)."""
    until_ms = here.now_ms() + STREAM_MOST_MS
    async for seen in here.hub.watch(origin, thin=Thin(pace_ms=pace_ms, traced=trace)):
        if here.identity.sign_in and here.now_ms() >= until_ms:
            return
        shown = seen if who.scope.sites is None else among(seen, kinds)
        if shown is not None:
            yield event(shown, kinds)


@router.get("/live/{machine}", response_class=EventSourceResponse)
async def watch_machine(
    machine: MachineId, here: Here, origin: AskedOrigin, kinds: KindsOfMachines
) -> AsyncIterator[ServerSentEvent]:
    """Stream `state`, `frame` and `heartbeat` events of one machine (LiveState, LiveFrame, Heartbeat)."""
    until_ms = here.now_ms() + STREAM_MOST_MS
    async for seen in here.hub.watch(origin, machine):
        if here.identity.sign_in and here.now_ms() >= until_ms:
            return
        yield event(seen, kinds)
