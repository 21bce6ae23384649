"""Replay of recorded messages: every machine says again what it said, paced or as fast as it is committed."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from contract.messages import Ack, Down, Plan, Setting
from emulator.replay.controls import Controls
from emulator.replay.golden import line_of
from emulator.replay.outstanding import WINDOW, Outstanding, goes_alone
from emulator.replay.rewriting import Moved, Rewriting, rewriting, spoken
from emulator.replay.tape import Row, Tape
from emulator.replay.transport import lag_s
from emulator.replay.voices import Broker, Voices
from emulator.studio.tally import percentile

PATIENCE_S = 20.0  # real seconds without any word about rows that wait: the service is not there
TRIES = 2  # times that a row is sent within the patience: a service turns away what comes too fast
LOOK_S = 0.2  # how often the progress is told while nothing happens


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSettings:
    """Where to play, how often (0: until told to stop), whether as if now, and stretched PINs by code."""

    broker: Broker
    rounds: int = 1
    as_if_now: bool = False
    pins: Mapping[str, bytes] = field(default_factory=dict)
    patience_s: float = PATIENCE_S


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReport:
    """What was played and what came of it; `lines`: what the service decided, as golden lines."""

    machines: tuple[str, ...]
    messages: int
    rows: int
    acknowledged: int
    rejected: int
    unacked: int
    people: int
    plans: int
    settings: int
    rounds: int
    recorded_s: float
    seconds: float
    ack_ms: Mapping[str, float | None]
    left_out: Mapping[str, int]
    is_whole: bool
    problem: str | None = None
    lines: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a replay is: ms of the recording, its length, rate, real seconds behind, rows."""

    at_ms: int
    length_ms: int
    rate: float
    is_paused: bool
    lag_s: float
    sent: int
    acknowledged: int
    rounds: int


OnProgress = Callable[[Progress], None]


async def run(
    tape: Tape, settings: MessageSettings, controls: Controls, on_progress: OnProgress | None = None
) -> MessageReport:
    """Play until the end, until `controls` say that it is over, or until nobody acknowledges any more."""
    replay = _Replay(tape, settings, controls, on_progress)
    began_s = time.perf_counter()
    async with replay.voices:
        await replay.play()
    return replay.report(time.perf_counter() - began_s)


class _Replay:
    def __init__(
        self, tape: Tape, settings: MessageSettings, controls: Controls, on_progress: OnProgress | None
    ) -> None:
        self._tape, self._settings, self._controls = tape, settings, controls
        self._on_progress = on_progress
        self.voices = Voices(settings.broker, self.hear)
        self._outstanding = Outstanding()
        self._lines: list[bytes] = []
        self._plans = self._messages = self._rounds = 0
        self._ack_ms: list[float] = []
        self._problem: str | None = None

    def hear(self, machine: str, said: Down) -> None:
        """Take in what the service says to a machine."""
        if isinstance(said, Ack):
            self._outstanding.hear(machine, said)
        elif isinstance(said, Plan | Setting):
            self._plans += isinstance(said, Plan)
            self._lines.append(line_of(machine, said))

    async def play(self) -> None:
        """Play round after round."""
        while self._settings.rounds == 0 or self._rounds < self._settings.rounds:
            self._rounds += 1
            self._outstanding.newest.clear()
            change = rewriting(self._tape.rows, self._settings.pins, self._moved())
            self._controls.begin(self._tape.rows[0].at_ms)
            for row in self._tape.rows:
                if not await self._is_due(row) or not await self._say(row, change):
                    return
            if not await self._committed(most=0):
                return

    def _moved(self) -> Moved | None:
        if not self._settings.as_if_now:
            return None
        first = next((row.message.head.wall_ms for row in self._tape.rows if row.message is not None), 0)
        now_ms = time.time_ns() // 1_000_000
        return Moved(by_ms=now_ms - first, as_round=str(now_ms))

    async def _is_due(self, row: Row) -> bool:
        """Wait for the row's time; False when the replay is over."""
        while not self._controls.is_over and self.voices.failure is None:
            left_s = self._controls.wait_s(row.at_ms)
            if left_s == 0:
                return True
            self._tell(row)
            await self._controls.changed(LOOK_S if left_s is None else min(left_s, LOOK_S))
        self._problem = self.voices.failure
        return False

    async def _say(self, row: Row, change: Rewriting) -> bool:
        one = spoken(row, change)
        is_alone = goes_alone(row, self._outstanding.newest_seq(one))
        if one.stream is not None and not await self._committed(most=0 if is_alone else WINDOW - 1):
            return False
        said_s = time.perf_counter()
        self._messages += 1
        self._outstanding.add(one)
        await self.voices.speak(one)
        self._controls.went(row.at_ms)
        self._tell(row)
        if is_alone and not await self._committed(most=0):
            return False
        if is_alone:
            self._ack_ms.append((time.perf_counter() - said_s) * 1_000)
        return True

    async def _committed(self, most: int) -> bool:
        """Wait until at most so many rows wait for their acknowledgement; False when that is given up."""
        waits, patience_s = self._outstanding, self._settings.patience_s
        heard_s = again_s = time.perf_counter()
        before = waits.waiting
        while waits.waiting > most:
            if self.voices.failure is not None or time.perf_counter() - heard_s > patience_s:
                silence = f"no service has acknowledged anything for {patience_s:.0f} s"
                self._problem = self.voices.failure or silence
                return False
            if not await self.voices.something_happens(LOOK_S) and self._controls.is_over:
                return False
            if waits.waiting < before:
                heard_s, before = time.perf_counter(), waits.waiting
            if time.perf_counter() - max(heard_s, again_s) > patience_s / TRIES:
                again_s = time.perf_counter()
                for one in waits.left():
                    await self.voices.speak(one)
        return True

    def _tell(self, row: Row) -> None:
        if self._on_progress is None:
            return
        transport, now_s = self._controls.transport, self._controls.now_s()
        self._on_progress(
            Progress(
                at_ms=row.at_ms,
                length_ms=self._tape.length_ms,
                rate=transport.rate,
                is_paused=transport.is_paused,
                lag_s=lag_s(transport, row.at_ms, now_s),
                sent=self._outstanding.sent,
                acknowledged=self._outstanding.acknowledged,
                rounds=self._rounds,
            )
        )

    def report(self, seconds: float) -> MessageReport:
        """Sum up."""
        rows, waits = self._tape.rows, self._outstanding
        is_whole = self._problem is None and not self._controls.is_over
        return MessageReport(
            machines=tuple(sorted({row.machine for row in rows})),
            messages=self._messages,
            rows=waits.sent,
            acknowledged=waits.acknowledged,
            rejected=waits.rejected,
            unacked=waits.waiting,
            people=sum(1 for _ in self._tape.sign_ins()),
            plans=self._plans,
            settings=len(self._lines) - self._plans,
            rounds=self._rounds,
            recorded_s=(rows[-1].at_ms - rows[0].at_ms) / 1_000,
            seconds=round(seconds, 2),
            ack_ms={
                "p50": percentile(self._ack_ms, 0.5),
                "p99": percentile(self._ack_ms, 0.99),
            },
            left_out=self._tape.left_out,
            is_whole=is_whole,
            problem=self._problem,
            lines=tuple(self._lines),
        )
