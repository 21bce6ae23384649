"""One viewer of the dashboard without a browser: speaks Streamlit's own protocol beside the component's."""

import asyncio
import contextlib
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from openspine.bench.tiles import DUE_S, Told, Waits, watch_tiles

PATH = "_stcore/stream"
BYTES_MOST = 64 * 1024 * 1024
OPEN_S = 120.0  # longer than fifty pages at once take on two busy cores
ENDED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


class PageBrokenError(RuntimeError):
    """The page ended with a fault, or never ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where dashboard and service are, and whose token opens them."""

    dashboard: str
    service: str
    token: str


@dataclass(slots=True, kw_only=True)
class Seen:
    """How long a run of the page took (ms); `parts`: what of it refreshes itself, and how often (s)."""

    page_ms: float = 0.0
    parts: dict[str, float] = field(default_factory=dict)


async def open_page(door: Door, where: str, seen: Seen, patience_s: float = OPEN_S) -> None:
    """Open a page as a browser would, and close it again when it stands."""
    async with _connection(door) as socket:
        await _run(socket, where, "", seen, patience_s)


async def watch_floor(
    door: Door, waits: Waits, told: Told, seconds: float, came: tuple[asyncio.Barrier, float]
) -> None:
    """Look at the floor for a while once everybody has come: at its tiles, and at what moves.

    `came`: where all wait for each other, and when in the pace of the tiles this viewer came (0 to 1):
    people do not all come at once. The page's own parts run beside at their pace, as a browser asks for them.
    """
    all_here, place = came
    page = Seen()
    async with _connection(door) as socket:
        await _run(socket, "/", "", page, OPEN_S)
        await all_here.wait()
        until_s = time.monotonic() + seconds
        running = asyncio.create_task(_parts(socket, page.parts, place))
        try:
            await asyncio.sleep(place * DUE_S)
            await watch_tiles(door.service, door.token, waits, told, until_s)
        finally:
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running


async def _parts(socket: ClientConnection, pace: dict[str, float], place: float) -> None:
    """Run every part of the page at its own pace."""
    due = {part: time.monotonic() + (1 - place) * every_s for part, every_s in pace.items()}
    while due:
        part = min(due, key=lambda one: due[one])
        await asyncio.sleep(max(due[part] - time.monotonic(), 0))
        await _run(socket, "/", part, Seen(), OPEN_S)
        due[part] = time.monotonic() + pace[part]


def _connection(door: Door) -> connect:
    address = f"ws://{urlsplit(door.dashboard).netloc}/{PATH}"
    return connect(
        address,
        subprotocols=["streamlit"],  # type: ignore[list-item]  # a NewType of str
        additional_headers={"Cookie": f"openspine={door.token}"},
        origin=door.dashboard,  # type: ignore[arg-type]  # a NewType of str
        max_size=BYTES_MOST,
    )


async def _run(socket: ClientConnection, where: str, fragment: str, seen: Seen, patience_s: float) -> None:
    """Ask for one run of the page, or of a part of it, and wait until it has ended."""
    asked = BackMsg()
    parts = urlsplit(where)
    asked.rerun_script.query_string = parts.query
    asked.rerun_script.page_name = parts.path.strip("/")
    asked.rerun_script.fragment_id = fragment
    asked.rerun_script.context_info.timezone = "Asia/Hong_Kong"
    asked.rerun_script.context_info.color_scheme = "light"
    began = time.perf_counter()
    await socket.send(asked.SerializeToString())
    async with asyncio.timeout(patience_s):
        async for data in socket:
            told = ForwardMsg.FromString(data if isinstance(data, bytes) else data.encode())
            if told.WhichOneof("type") == "auto_rerun":
                seen.parts[told.auto_rerun.fragment_id] = told.auto_rerun.interval
            if _is_fault(told):
                raise PageBrokenError(f"{where or '/'} shows a fault")
            if told.WhichOneof("type") == "script_finished" and told.script_finished in ENDED:
                seen.page_ms = (time.perf_counter() - began) * 1_000
                return
    raise PageBrokenError(f"{where or '/'} was never finished")


def _is_fault(told: ForwardMsg) -> bool:
    return (
        told.WhichOneof("type") == "delta"
        and told.delta.WhichOneof("type") == "new_element"
        and told.delta.new_element.WhichOneof("type") == "exception"
    )
