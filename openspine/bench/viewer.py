"""One viewer of the dashboard without a browser: speaks Streamlit's own protocol, holds the event stream."""

import asyncio
import contextlib
import json
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx2
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

PATH = "_stcore/stream"
BYTES_MOST = 64 * 1024 * 1024
OPEN_S = 120.0  # longer than fifty pages at once take on two busy cores
PACE_MS = 250  # of the event stream, as the floor asks for it (dashboard/views/floor)
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
    """What one viewer waited for (ms): the page, each refresh of the tiles, each frame of a machine.

    `parts`: what of the page refreshes itself, and how often (s).
    """

    page_ms: float = 0.0
    refresh_ms: list[float] = field(default_factory=list)
    frame_ms: list[float] = field(default_factory=list)
    parts: dict[str, float] = field(default_factory=dict)
    kilobytes: float = 0.0


async def open_page(door: Door, where: str, seen: Seen, patience_s: float = OPEN_S) -> None:
    """Open a page as a browser would, and close it again when it stands."""
    async with _connection(door) as socket:
        await _run(socket, where, "", seen, patience_s)


async def watch_floor(
    door: Door, seen: Seen, seconds: float, all_here: asyncio.Barrier, place: float = 0.0
) -> None:
    """Look at the floor for a while once everybody has come: its refreshes, and its moving pictures.

    `place` (0 to 1) says when in the pace of the tiles this viewer came: people do not all come at once.
    Frames carry `time.monotonic` of this computer as `mono_ms`: their age needs no clock to be set.
    """
    async with _connection(door) as socket:
        await _run(socket, "/", "", seen, OPEN_S)
        await all_here.wait()
        moving = asyncio.create_task(_frames(door, seen))
        try:
            await _refreshes(socket, seen, time.monotonic() + seconds, place)
        finally:
            moving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await moving


async def _refreshes(socket: ClientConnection, seen: Seen, until_s: float, place: float) -> None:
    """Run every part of the page at its own pace, as a browser asks for it; time the quickest, the tiles."""
    pace = dict(seen.parts)
    tiles = min(pace, key=lambda part: pace[part])
    due = {part: time.monotonic() + place * pace[tiles] + every_s for part, every_s in pace.items()}
    while min(due.values()) < until_s:
        part = min(due, key=lambda one: due[one])
        await asyncio.sleep(max(due[part] - time.monotonic(), 0))
        took = Seen()
        await _run(socket, "/", part, took, OPEN_S)
        if part == tiles:
            seen.refresh_ms.append(took.page_ms)
        due[part] = time.monotonic() + pace[part]
    await asyncio.sleep(max(until_s - time.monotonic(), 0))


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
            seen.kilobytes += len(data) / 1_000
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


async def _frames(door: Door, seen: Seen) -> None:
    """Hold the event stream of the floor and measure how old each frame is when it arrives."""
    headers = {"Authorization": f"Bearer {door.token}"} if door.token else {}
    async with (
        httpx2.AsyncClient(timeout=None, trust_env=False, headers=headers) as client,
        client.stream("GET", f"{door.service}/v1/floor/live?pace_ms={PACE_MS}") as stream,
    ):
        async for line in stream.aiter_lines():
            if not line.startswith("data:"):
                continue
            told = json.loads(line.removeprefix("data:"))
            now_ms = time.monotonic() * 1_000
            ages = [now_ms - frame["mono_ms"] for frame in told.get("items", ()) if "deg" in frame]
            seen.frame_ms += ages
