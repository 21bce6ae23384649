"""The tiles of one viewer without a browser: asks as components/live/asking.js does, beside the event stream.

Two waits are measured. A refresh: from the moment it is due to the answer in hand, so that a late viewer
counts as one. A change: from the moment a machine says that its state is another one, over broker, service,
event stream and question, to the answer that shows it; one that never showed counts with its age at the end.
A browser's drawing of the tiles comes on top.
"""

import asyncio
import contextlib
import json
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx2

DUE_S, SOON_S = 3.0, 0.3  # of dashboard/components/live/asking.js
PACE_MS = 250  # of the event stream, as stream.js asks for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a machine has said, and when (`time.monotonic` of this computer)."""

    machine: str
    state: str
    said_s: float


@dataclass(slots=True, kw_only=True)
class Told:
    """What machines have said, for all viewers: everything, and the newest word of each."""

    everything: list[Change] = field(default_factory=list)
    newest: dict[str, Change] = field(default_factory=dict)

    def say(self, change: Change) -> None:
        """Take note of a change."""
        self.everything.append(change)
        self.newest[change.machine] = change


@dataclass(slots=True, kw_only=True)
class Waits:
    """What one viewer waited for (ms), what came over the line, and which changes were shown."""

    refresh_ms: list[float] = field(default_factory=list)
    change_ms: list[float] = field(default_factory=list)
    frame_ms: list[float] = field(default_factory=list)
    questions: int = 0
    unchanged: int = 0
    kilobytes: float = 0.0
    shown: set[Change] = field(default_factory=set)
    begun_s: float = 0.0


async def watch_tiles(service: str, token: str, waits: Waits, told: Told, until_s: float) -> None:
    """Look at the tiles until then (`time.monotonic`); the page has just brought the first floor."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    changed, waits.begun_s = asyncio.Event(), time.monotonic()
    async with httpx2.AsyncClient(timeout=None, trust_env=False, headers=headers, base_url=service) as client:
        listening = asyncio.create_task(_listen(client, waits, changed))
        try:
            await _ask_on(client, waits, told, changed, until_s)
        finally:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening
    for change in told.everything:  # what was said long ago must have been shown
        if waits.begun_s <= change.said_s <= until_s - DUE_S:
            _count(change, waits)


async def _ask_on(
    client: httpx2.AsyncClient, waits: Waits, told: Told, changed: asyncio.Event, until_s: float
) -> None:
    version, asked_s = "", time.monotonic()
    while time.monotonic() < until_s:
        due_s = asked_s + DUE_S
        next_s = min(due_s, until_s)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(asyncio.get_running_loop().time() + next_s - time.monotonic()):
                await changed.wait()
                await asyncio.sleep(asked_s + SOON_S - time.monotonic())
        if time.monotonic() >= until_s:
            return
        is_due = not changed.is_set()
        changed.clear()
        asked_s = time.monotonic()
        version = await _ask(client, waits, told, version)
        if is_due:
            waits.refresh_ms.append((time.monotonic() - due_s) * 1_000)


async def _ask(client: httpx2.AsyncClient, waits: Waits, told: Told, version: str) -> str:
    """Ask once; returns the version of what is shown then."""
    answer = await client.get("/v1/floor", headers={"If-None-Match": version} if version else {})
    waits.questions += 1
    waits.kilobytes += len(answer.content) / 1_000
    if answer.status_code == HTTPStatus.NOT_MODIFIED:
        waits.unchanged += 1
        return version
    answer.raise_for_status()
    note(answer.json(), waits, told)
    return str(answer.headers.get("etag", ""))


def note(floor: dict[str, Any], waits: Waits, told: Told) -> None:
    """Count the changes that a floor shows for the first time."""
    states = {item["machine"]: item["state"] for item in floor["items"]}
    for change in told.newest.values():
        if states.get(change.machine) == change.state and change.said_s >= waits.begun_s:
            _count(change, waits)


def _count(change: Change, waits: Waits) -> None:
    if change not in waits.shown:
        waits.shown.add(change)
        waits.change_ms.append((time.monotonic() - change.said_s) * 1_000)


async def _listen(client: httpx2.AsyncClient, waits: Waits, changed: asyncio.Event) -> None:
    """Hold the event stream: a state asks for the tiles, and of each frame the age is measured.

    Frames carry `time.monotonic` of this computer as `mono_ms`: their age needs no clock to be set.
    """
    kind = ""
    async with client.stream("GET", f"/v1/floor/live?pace_ms={PACE_MS}") as stream:
        async for line in stream.aiter_lines():
            if line.startswith("event:"):
                kind = line.removeprefix("event:").strip()
            elif line.startswith("data:"):
                waits.kilobytes += len(line) / 1_000
                if kind == "state":
                    changed.set()
                elif kind == "frames":
                    now_ms = time.monotonic() * 1_000
                    items = json.loads(line.removeprefix("data:"))["items"]
                    waits.frame_ms += [now_ms - frame["mono_ms"] for frame in items]
