"""The studio floor, still and moving."""

from collections.abc import AsyncIterator

from fastapi import APIRouter
from fastapi.sse import EventSourceResponse, ServerSentEvent

from services.api.admission import Admitted, AskedOrigin
from services.api.context import Here
from services.api.deps import KindsOfMachines, MachineId, Sight, UnitChoice
from services.api.events import event
from services.api.schemas import Floor, Machine, Page
from services.insights import floor, operations
from services.live import Beat
from services.store.reading import floor as store

# A stream ends, and the browser asks again with its cookie: who has signed out sees nothing more.
STREAM_MOST_MS = 5 * 60_000

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
    here: Here, origin: AskedOrigin, kinds: KindsOfMachines, who: Admitted
) -> AsyncIterator[ServerSentEvent]:
    """Stream `state`, `frame` and `heartbeat` events of all machines (LiveState, LiveFrame, Heartbeat)."""
    until_ms = here.now_ms() + STREAM_MOST_MS
    async for seen in here.hub.watch(origin):
        if here.identity.sign_in and here.now_ms() >= until_ms:
            return
        if isinstance(seen, Beat) or who.scope.sites is None or seen.machine in kinds:
            yield event(seen, kinds)


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
