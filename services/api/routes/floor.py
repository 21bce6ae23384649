"""The studio floor, still and moving."""

from collections.abc import AsyncIterator

from fastapi import APIRouter
from fastapi.sse import EventSourceResponse, ServerSentEvent

from services.api.admission import AskedOrigin
from services.api.context import Here
from services.api.deps import KindsOfMachines, MachineId, Sight, UnitChoice
from services.api.events import event
from services.api.schemas import Floor, Machine, Page
from services.insights import floor, operations
from services.store.reading import floor as store

router = APIRouter(prefix="/v1", tags=["floor"])


@router.get("/floor", response_model=Floor)
def read_floor(sight: Sight, unit: UnitChoice = "kg") -> floor.Floor:
    """Show what every machine does now."""
    rows = store.floor(sight.connection, sight.origin)
    return floor.picture(rows, sight.hub.heard(sight.origin), sight.now_ms, unit)


@router.get("/machines", response_model=Page[Machine])
def list_machines(sight: Sight) -> dict[str, object]:
    """List the machines of the studio."""
    rows = store.machines(sight.connection, sight.origin)
    return {"items": operations.machines(rows, sight.hub.heard(sight.origin), sight.now_ms)}


@router.get("/floor/live", response_class=EventSourceResponse)
async def watch_floor(
    here: Here, origin: AskedOrigin, kinds: KindsOfMachines
) -> AsyncIterator[ServerSentEvent]:
    """Stream `state`, `frame` and `heartbeat` events of all machines (LiveState, LiveFrame, Heartbeat)."""
    async for seen in here.hub.watch(origin):
        yield event(seen, kinds)


@router.get("/live/{machine}", response_class=EventSourceResponse)
async def watch_machine(
    machine: MachineId, here: Here, origin: AskedOrigin, kinds: KindsOfMachines
) -> AsyncIterator[ServerSentEvent]:
    """Stream `state`, `frame` and `heartbeat` events of one machine (LiveState, LiveFrame, Heartbeat)."""
    async for seen in here.hub.watch(origin, machine):
        yield event(seen, kinds)
