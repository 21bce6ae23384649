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
    """What one viewer waited for (ms): the page, each refresh of the tiles, each frame of a machine."""

    page_ms: float = 0.0
    refresh_ms: list[float] = field(default_factory=list)
    frame_ms: list[float] = field(default_factory=list)
    kilobytes: float = 0.0


@dataclass(slots=True, kw_only=True)
class Refresh:
    """What asks for itself: a part of the page and its pace."""

    fragment: str = ""
    every_s: float = 0.0


async def open_page(door: Door, where: str, seen: Seen, patience_s: float = OPEN_S) -> None:
    """Open a page as a browser would, and close it again when it stands."""
    async with _connection(door) as socket:
        await _run(socket, where, "", seen, patience_s, Refresh())


async def watch_floor(door: Door, seen: Seen, seconds: float, all_here: asyncio.Barrier) -> None:
    """Look at the floor for a while once everybody has come: its refreshes, and its moving pictures.

    Frames carry `time.monotonic` of this computer as `mono_ms`: their age needs no clock to be set.
    """
    refresh = Refresh()
    async with _connection(door) as socket:
        await _run(socket, "/", "", seen, OPEN_S, refresh)
        await all_here.wait()
        moving = asyncio.create_task(_frames(door, seen))
        until_s = time.monotonic() + seconds
        try:
            while refresh.fragment and time.monotonic() + refresh.every_s < until_s:
                await asyncio.sleep(refresh.every_s)
                took = Seen()
                await _run(socket, "/", refresh.fragment, took, OPEN_S, Refresh())
                seen.refresh_ms.append(took.page_ms)
            await asyncio.sleep(max(until_s - time.monotonic(), 0))
        finally:
            moving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await moving


def _connection(door: Door) -> connect:
    address = f"ws://{urlsplit(door.dashboard).netloc}/{PATH}"
    return connect(
        address,
        subprotocols=["streamlit"],  # type: ignore[list-item]  # a NewType of str
        additional_headers={"Cookie": f"openspine={door.token}"},
        origin=door.dashboard,  # type: ignore[arg-type]  # a NewType of str
        max_size=BYTES_MOST,
    )


async def _run(
    socket: ClientConnection, where: str, fragment: str, seen: Seen, patience_s: float, refresh: Refresh
) -> None:
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
                refresh.fragment, refresh.every_s = told.auto_rerun.fragment_id, told.auto_rerun.interval
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
