"""The live hub: what machines say right now, in memory, for as many viewers as like to look.

But for `heard`, `changes` and `note_change`, all is called from the event loop.
A slow viewer loses old frames, never the newest state.
Who looks at a whole floor asks for it thinned: one batch each `pace_ms` costs a tenth of every frame alone.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Final

from contract.messages import Frame, Origin, Status
from services.insights.floor import Heard

QUEUE_FRAMES: Final = 25  # per viewer: half a second at 50 Hz; older frames are of no use to anybody
HEARTBEAT_S: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameSeen:
    """One point of the trace of one machine."""

    machine: str
    frame: Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class FramesSeen:
    """The newest point of each machine that has moved since the batch before."""

    frames: tuple[FrameSeen, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StateSeen:
    """A machine's state has changed, or the viewer has just come."""

    machine: str
    status: Status
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """Nothing has happened for a while and the stream is alive; `dropped` frames were too many."""

    at_ms: int
    dropped: int


Seen = FrameSeen | FramesSeen | StateSeen | Beat


@dataclass(frozen=True, slots=True, kw_only=True)
class Thin:
    """Frames in batches, one each `pace_ms` (0: each alone, at once); those of `traced` come all the same."""

    pace_ms: int = 0
    traced: str | None = None

    def holds_back(self, machine: str) -> bool:
        """Tell whether the frames of a machine wait for the next batch."""
        return self.pace_ms > 0 and machine != self.traced


UNTHINNED: Final = Thin()


@dataclass(slots=True, kw_only=True, eq=False)
class Viewer:
    """The bounded queue of one viewer: the newest state of each machine, and the last few frames."""

    origin: Origin
    machine: str | None
    thin: Thin = UNTHINNED
    newest: dict[str, FrameSeen] = field(default_factory=dict)
    due_ms: int = 0  # when the next batch may go
    states: dict[str, StateSeen] = field(default_factory=dict)
    frames: deque[FrameSeen] = field(default_factory=lambda: deque(maxlen=QUEUE_FRAMES))
    dropped: int = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    closed: bool = False

    def wants(self, origin: Origin, machine: str) -> bool:
        """Tell whether this viewer watches that machine."""
        return origin == self.origin and self.machine in (None, machine)

    def put(self, seen: FrameSeen | StateSeen, now_ms: int) -> bool:
        """Queue a sight; False when an older frame had to go for it."""
        if isinstance(seen, StateSeen):
            self.arrived.set()
            self.states[seen.machine] = seen
            return True
        if self.thin.holds_back(seen.machine):
            self.newest[seen.machine] = seen
            if now_ms >= self.due_ms:
                self.arrived.set()
            return True
        self.arrived.set()
        is_full = len(self.frames) == QUEUE_FRAMES
        self.dropped += is_full
        self.frames.append(seen)
        return not is_full

    def take(self, now_ms: int) -> list[Seen]:
        """Empty the queue, states first; a batch goes when it is due."""
        waiting: list[Seen] = [*self.states.values(), *self.frames]
        self.states.clear()
        self.frames.clear()
        self.arrived.clear()
        if self.newest and now_ms >= self.due_ms:
            waiting.append(FramesSeen(frames=tuple(self.newest.values())))
            self.newest.clear()
            self.due_ms = now_ms + self.thin.pace_ms
        return waiting


class Hub:
    """Keeps the last word of each machine and hands it to the viewers."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._heard: dict[tuple[Origin, str], Heard] = {}
        self._viewers: set[Viewer] = set()
        self._counting = count(1)
        self._changes: dict[Origin, int] = {}
        self.frames = 0
        self.dropped = 0

    @property
    def viewers(self) -> int:
        """How many viewers look on."""
        return len(self._viewers)

    def heard(self, origin: Origin) -> dict[str, Heard]:
        """Copy the last word of each machine of an origin; safe from any thread."""
        return {machine: heard for (of, machine), heard in self._heard.copy().items() if of == origin}

    def changes(self, origin: Origin) -> int:
        """Give the number of the last change that is more than a movement; safe from any thread."""
        return self._changes.get(origin, 0)

    def note_change(self, origin: Origin) -> None:
        """Take note that a floor is not as it was; safe from any thread."""
        self._changes[origin] = next(self._counting)

    def on_live(self, origin: Origin, machine: str, seen: Status | Frame) -> None:
        """Take in whatever a machine says beside its records."""
        if isinstance(seen, Status):
            self.on_status(origin, machine, seen)
        else:
            self.on_frame(origin, machine, seen)

    def on_status(self, origin: Origin, machine: str, status: Status) -> None:
        """Take a status in; viewers hear of it when something in it changed."""
        known = self._heard.get((origin, machine), Heard(at_ms=0))
        now_ms = self._now_ms()
        frame = known.frame if known.status and known.status.session == status.session else None
        self._heard[(origin, machine)] = Heard(at_ms=now_ms, status=status, frame=frame)
        if known.status is None or _face(known.status) != _face(status):
            self.note_change(origin)
            self._show(origin, StateSeen(machine=machine, status=status, at_ms=now_ms))

    def on_frame(self, origin: Origin, machine: str, frame: Frame) -> None:
        """Take a frame in."""
        known = self._heard.get((origin, machine), Heard(at_ms=0))
        self._heard[(origin, machine)] = replace(
            known, frame=frame, at_ms=self._now_ms(), is_frame_newer=True
        )
        if known.frame is None or known.frame.set != frame.set:
            self.note_change(origin)
        self.frames += 1
        self._show(origin, FrameSeen(machine=machine, frame=frame))

    async def watch(
        self, origin: Origin, machine: str | None = None, thin: Thin = UNTHINNED
    ) -> AsyncIterator[Seen]:
        """Yield what happens from now on, beginning with the state of each machine; ends at `close`."""
        viewer = Viewer(origin=origin, machine=machine, thin=thin)
        for name, heard in self.heard(origin).items():
            if heard.status is not None and viewer.wants(origin, name):
                viewer.put(StateSeen(machine=name, status=heard.status, at_ms=heard.at_ms), self._now_ms())
        self._viewers.add(viewer)
        try:
            while not viewer.closed:
                for seen in await self._next(viewer):
                    yield seen
        finally:
            self._viewers.discard(viewer)

    def close(self) -> None:
        """End the stream of every viewer."""
        for viewer in self._viewers:
            viewer.closed = True
            viewer.arrived.set()

    async def _next(self, viewer: Viewer) -> list[Seen]:
        try:
            async with asyncio.timeout(HEARTBEAT_S):  # wait_for can swallow a cancel on Python 3.11
                await viewer.arrived.wait()
        except TimeoutError:
            now_ms = self._now_ms()
            return [Beat(at_ms=now_ms, dropped=viewer.dropped), *viewer.take(now_ms)]
        return viewer.take(self._now_ms())

    def _show(self, origin: Origin, seen: FrameSeen | StateSeen) -> None:
        now_ms = self._now_ms()
        for viewer in self._viewers:
            if viewer.wants(origin, seen.machine) and not viewer.put(seen, now_ms):
                self.dropped += 1


def among(seen: Seen, machines: Collection[str]) -> Seen | None:
    """Leave of a sight what is of these machines; None when nothing is."""
    match seen:
        case Beat():
            return seen
        case FramesSeen(frames=frames):
            left = tuple(one for one in frames if one.machine in machines)
            return FramesSeen(frames=left) if left else None
        case _:
            return seen if seen.machine in machines else None


def _face(status: Status) -> tuple[object, ...]:
    """Keep what of a status is worth telling: not its clocks."""
    return status.online, status.state, status.session, status.setting
