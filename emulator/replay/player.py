"""Replay of a recording through the true agent: recorded driver, scripted operator, simulation root."""

import asyncio
import contextlib
import math
import secrets
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from contract import recording
from contract.machines import catalogue
from contract.messages import Message
from contract.recording import About, Sample
from emulator.recordings.mcap_file import NoRecording, read_about, read_machines, read_records
from emulator.replay.recorded_driver import RecordedDriver
from emulator.studio.tally import Tally, percentile
from machine_agent import keys, loop
from machine_agent.agent import Agent, DownMessage, Station, View
from machine_agent.clock import Clock, Now
from machine_agent.inputs import Confirm, Identify, PatientInput, Reply, SignOff, Start
from machine_agent.link import LinkSettings
from machine_agent.spool import Spool

BADGE = "recorded"  # whom the scripted operator identifies as
FIRMWARE = "replay-1"
NO_PLAN_S = 15.0  # real seconds after which a replay without a plan is given up
NO_PLAN = ("plan", "offline_pin", "guided_only")  # what a person waits for who has none
TURNED_AWAY = frozenset({"not_recognised", "no_limits", "swapped"})  # said to whom the service gives no sets
QUIET_S = 10.0  # real seconds that the last rows are given to be committed
TAIL_MS = 6_000  # body ms after the last sample: a set is over after 4 s at its start
ANSWERS: Mapping[str, int | str] = {
    "pain_before": 0, "spasm": 0, "new_symptoms": "none", "pain_next_morning": 0, "rir": "3-5", "rpe": 5,
    "pain_set": 0, "pain_after": 0, "readiness": 3, "pain_site": "none", "tick": 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaySettings:
    """What to replay where: the recording, broker, keys, a folder for the spool; `rate` may be infinite."""

    recording: Path
    host: str
    port: int
    keys_file: Path
    site_key: bytes
    folder: Path
    rate: float = math.inf
    badge: str = BADGE
    wall_start_ms: int | None = (
        1_767_225_600_000  # 1 January 2026 UTC, in every replay; None: the clock of the wall
    )
    start_ms: int | None = None
    until_ms: int | None = None
    machine: str | None = None  # of a recording that holds several


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayReport:
    """What the true agent made of the recording; reps as (start, end) in deg of travel."""

    machine: str
    machine_kind: str
    samples: int
    reps_counted: int
    reps: tuple[tuple[float, float], ...]
    rep_ids: tuple[tuple[str, int], ...]
    session: str | None
    sets: int
    settings_received: int
    receipts: Mapping[str, int]
    reasons: Mapping[str, int]
    unacked: int
    recorded_s: float
    seconds: float
    rtt_ms: Mapping[str, float | None]
    problem: str | None = None


class _Script:
    """The operator of a replay, and the loop's watcher: identify, confirm, answer, start, play, sign off."""

    def __init__(self, driver: RecordedDriver, badge: str, began_s: float) -> None:
        self.tally = Tally(seconds=time.perf_counter)
        self.inputs: asyncio.Queue[PatientInput] = asyncio.Queue()
        self.done = asyncio.Event()
        self.problem: str | None = None
        self.session: str | None = None
        self.rows_waiting = 0
        self._driver, self._badge = driver, badge
        self._began_s = began_s
        self._identified = self._answered = False
        self._over_ms: int | None = None

    def on_view(self, view: View, now: Now) -> None:
        """Do what the screen waits for."""
        self.rows_waiting = view.rows_waiting
        said = ", ".join(filter(None, (*view.codes, view.refusal))) or "none"
        if view.awaits in NO_PLAN and time.perf_counter() - self._began_s > NO_PLAN_S:
            self._give_up(f"no plan within {NO_PLAN_S:.0f} s; messages: {said}")
        elif view.awaits == "identify" and TURNED_AWAY.intersection(view.codes):
            self._give_up(f"nothing may be trained here with this badge; messages: {said}")
        elif view.awaits == "set":
            self._driver.play()
        touch = self._touch(view)
        if touch is not None and self.inputs.empty():
            self.inputs.put_nowait(touch)
        if self._driver.is_over:
            self._end(view, now)

    def on_record(self, message: Message, now: Now) -> None:
        """Count, and remember which session it is."""
        del now
        self.session = message.head.session or self.session
        self.tally.recorded(message)

    def on_message(self, message: DownMessage, now: Now) -> None:
        """Count."""
        del now
        self.tally.heard(message)

    def _touch(self, view: View) -> PatientInput | None:
        if view.awaits == "identify" and not self._identified:
            self._identified = True
            return Identify(badge=self._badge)
        if view.awaits == "answers":
            asked = view.questions[0].question
            return Reply(question=asked, value=ANSWERS[asked])
        if view.awaits == "start" and not self._driver.is_over:
            return Start()
        return Confirm() if view.awaits == "confirm" else None

    def _end(self, view: View, now: Now) -> None:
        """After the last sample: let the set end, answer, sign off, and wait until all is committed."""
        self._over_ms = now.body_ms if self._over_ms is None else self._over_ms
        if view.awaits == "identify":
            if self.tally.sessions and view.rows_waiting == 0:
                self.done.set()  # the sign-out is on disk, and everything is committed
        elif view.awaits in ("staff_pin", "reset"):
            self._give_up(f"the agent stopped: {', '.join(view.codes)}")
        elif now.body_ms - self._over_ms > TAIL_MS and view.awaits != "answers" and self.inputs.empty():
            self.inputs.put_nowait(SignOff())

    def _give_up(self, problem: str) -> None:
        self.problem = problem
        self.done.set()


async def run(
    settings: ReplaySettings, stop: asyncio.Event, on_progress: Callable[[float], None] | None = None
) -> ReplayReport | NoRecording:
    """Replay until all is played and committed, or until `stop`; `on_progress` gets the share played."""
    about = about_machine(settings.recording, settings.machine)
    if isinstance(about, NoRecording):
        return about
    samples = read_samples(settings.recording, settings.start_ms, settings.until_ms, about.machine)
    if not samples or about.machine_kind not in catalogue():
        return NoRecording(file=str(settings.recording), problem="no samples of a known machine kind")
    began = time.perf_counter()
    driver = RecordedDriver(samples)
    script = _Script(driver, settings.badge, began)
    await _play(settings, about, driver, script, stop, on_progress)
    return _summed(about, samples, script, time.perf_counter() - began)


def about_machine(path: Path, machine: str | None = None) -> About | NoRecording:
    """Read what a recording says of one of its machines; only where there is one it need not be named."""
    about, kinds = read_about(path), read_machines(path)
    if isinstance(about, NoRecording):
        return about
    if isinstance(kinds, NoRecording):
        return kinds
    kinds = {about.machine: about.machine_kind} if about.machine else kinds
    chosen = next(iter(kinds)) if machine is None and len(kinds) == 1 else machine
    if chosen is None or chosen not in kinds:
        named = ", ".join(sorted(kinds)) or "none"
        return NoRecording(file=str(path), problem=f"name the machine that is played, one of: {named}")
    return replace(about, machine=chosen, machine_kind=kinds[chosen])


def read_samples(
    path: Path, start_ms: int | None = None, until_ms: int | None = None, machine: str | None = None
) -> list[Sample]:
    """Read the samples of a machine, in order; `start_ms` and `until_ms` count from its first sample."""
    ending = "/local/sample" if machine is None else f"/{machine}/local/sample"
    samples = [recording.to_sample(one) for one in read_records(path) if one.topic.endswith(ending)]
    first_ms = samples[0].mono_ms if samples else 0
    from_ms = first_ms + (start_ms or 0)
    before_ms = math.inf if until_ms is None else first_ms + until_ms
    return [one for one in samples if from_ms <= one.mono_ms < before_ms]


async def _play(
    settings: ReplaySettings,
    about: About,
    driver: RecordedDriver,
    script: _Script,
    stop: asyncio.Event,
    on_progress: Callable[[float], None] | None,
) -> None:
    settings.folder.mkdir(parents=True, exist_ok=True)
    spool = Spool(settings.folder / f"{about.machine}.sqlite")
    off = asyncio.Event()
    machine = _machine(settings, about, driver, spool)
    running = asyncio.create_task(loop.run(machine, script.inputs, off, script))
    waits = [asyncio.create_task(stop.wait()), asyncio.create_task(script.done.wait()), running]
    try:
        while not any(wait.done() for wait in waits):
            await asyncio.wait(waits, timeout=0.2, return_when=asyncio.FIRST_COMPLETED)
            if on_progress is not None:
                on_progress(driver.position)
    finally:
        off.set()
        for wait in waits[:2]:
            wait.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await wait
        await running
        await spool.close()


def _machine(settings: ReplaySettings, about: About, driver: RecordedDriver, spool: Spool) -> loop.Machine:
    """Put the true agent together; the origin is always the simulation, whatever the recording's was."""
    station = Station(
        machine=about.machine,
        kind=catalogue()[about.machine_kind],
        boot=str(uuid.UUID(bytes=secrets.token_bytes(16), version=4)),
        firmware=FIRMWARE,
        site_key=settings.site_key,
        clock="sim" if settings.wall_start_ms is not None else "wall",
        open_loop=True,
    )
    return loop.Machine(
        agent=Agent(station, spool.beginning(), secrets.token_bytes),
        driver=driver,
        spool=spool,
        link=LinkSettings(
            machine=about.machine,
            origin="sim",
            keys=keys.load(settings.keys_file),
            host=settings.host,
            port=settings.port,
        ),
        clock=Clock(rate=settings.rate, wall_start_ms=settings.wall_start_ms),
    )


def _summed(about: About, samples: list[Sample], script: _Script, seconds: float) -> ReplayReport:
    tally = script.tally
    return ReplayReport(
        machine=about.machine,
        machine_kind=about.machine_kind,
        samples=len(samples),
        reps_counted=len(tally.reps),
        reps=tuple(tally.ranges_deg),
        rep_ids=tuple(tally.reps),
        session=script.session,
        sets=tally.sets,
        settings_received=tally.settings_sent,
        receipts=dict(tally.receipts),
        reasons=dict(tally.reasons),
        unacked=script.rows_waiting,
        recorded_s=(samples[-1].mono_ms - samples[0].mono_ms) / 1_000,
        seconds=round(seconds, 2),
        rtt_ms={"p50": percentile(tally.round_trips_ms, 0.5), "p99": percentile(tally.round_trips_ms, 0.99)},
        problem=script.problem,
    )
