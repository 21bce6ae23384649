"""The studio floor, still and moving."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent

from contract.messages.vocabulary import MACHINE_PATTERN
from services.api.admission import Admitted, AskedOrigin
from services.api.context import Here
from services.api.deps import KindsOfMachines, MachineId, Sight, UnitChoice
from services.api.events import event
from services.api.schemas import Floor, Machine, Page
from services.insights import floor, operations
from services.live import Thin, among
from services.store.reading import floor as store

# A stream ends, and the browser asks again with its cookie: who has signed out sees nothing more.
STREAM_MOST_MS = 5 * 60_000
PACE_MOST_MS = 5_000

Pace = Annotated[
    int, Query(ge=0, le=PACE_MOST_MS, description="ms between two `frames` events; 0: every frame alone")
]
Traced = Annotated[
    str | None,
    Query(pattern=MACHINE_PATTERN, description="a machine whose frames come all, whatever the pace"),
]

router = APIRouter(prefix="/v1", tags=["floor"])


@router.get("/floor", response_model=Floor)
def read_floor(sight: Sight, unit: UnitChoice = "kg") -> floor.Floor:
    """Show what every machine does now."""
    rows = store.floor(sight.connection, sight.origin, sight.actor.scope)
    return floor.picture(rows, sight.hub.heard(sight.origin), sight.now_ms, unit)


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
