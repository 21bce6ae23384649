"""A test of strength: the arm is brought to its angle and locked, and the person pushes against it; pure.

Page 8 asks for 3 s build and 3 s hold, invariant 16 allows 5 s a try: build is cut (decision 0006).
The lock is only there from the countdown to the end of a try: nobody is locked in while resting.
"""

from contract.envelope import TRIES_MOST
from contract.machines import MachineKind
from contract.messages import RepPhase, Setting, TestResult
from machine_agent.agent.sets import Over, RunningSet
from machine_agent.agent.view import Attempt, Stage
from machine_agent.gravity import NEAR_DEG, STILL_DEG_S, GravityCurve
from machine_agent.sample import Sample

PLACE_MS = 30_000  # the drive is given so long to bring the arm to the angle
READY_MS = 3_000  # countdown, already locked
PUSH_MS = 10_000  # who has not pushed by then does not want to
BUILD_MS, HOLD_MS = 1_900, 3_000  # of one try: with one telegram more at most 5 s (invariant 16)
PAUSE_MS = 60_000  # between two tries (clinical rules, "Tests")
ONSET_NM, NECK_ONSET_NM = 3.0, 1.0  # a push; a drive's torque may be wrong by as much (invariant 10)
ONSET_MS = 60  # three samples: noise is shorter
SLIP_DEG = 2.0  # a locked arm that moves is not locked
STUCK_MS = 1_000  # a torque that stands exactly still is not measured (invariant 10)
LASTS_MS: dict[Stage, int] = {
    "place": PLACE_MS,
    "ready": READY_MS,
    "push": PUSH_MS,
    "build": BUILD_MS,
    "hold": HOLD_MS,
    "pause": PAUSE_MS,
}
AFTER: dict[Stage, Stage] = {"ready": "push", "build": "hold", "pause": "place"}
LOCKED: frozenset[Stage] = frozenset({"ready", "push", "build", "hold"})


class IsometricSet(RunningSet):
    """Up to three tries at one angle; `limit_nm` is the signed torque above which the test stops."""

    def __init__(self, row: Setting, gravity: GravityCurve | None, kind: MachineKind, limit_nm: int) -> None:
        super().__init__(row, gravity, open_loop=False)
        self.stage: Stage = "place"
        self.over: Over | None = None
        self.fault: str | None = None
        self._tries = min(row.reps, TRIES_MOST)
        self._limit_nm = limit_nm
        self._onset_nm = NECK_ONSET_NM if kind.region == "neck" else ONSET_NM
        self._since_ms: int | None = None
        self._pushed_ms: int | None = None
        self._last: Sample | None = None
        self._same_ms = 0
        self._peak_nm = 0.0
        self._held_nm: list[float] = []

    @property
    def is_locked(self) -> bool:
        """Tell whether the arm stands still now."""
        return self.stage in LOCKED

    @property
    def is_resting(self) -> bool:
        """Tell whether the person rests between two tries: then the arm is free."""
        return self.stage == "pause"

    @property
    def is_moving(self) -> bool:
        """Tell whether a try is in progress."""
        return self.stage in ("build", "hold")

    @property
    def phase(self) -> RepPhase:
        """What a trace calls it."""
        if self.stage == "build":
            return "concentric"
        return "hold" if self.stage == "hold" else "idle"

    def attempt(self, body_ms: int) -> Attempt:
        """Say which try it is, what is to be done now, and for how long."""
        gone_ms = 0 if self._since_ms is None else body_ms - self._since_ms
        return Attempt(
            number=min(self.reps + 1, self._tries),
            most=self._tries,
            stage=self.stage,
            left_ms=max(LASTS_MS[self.stage] - gone_ms, 0),
        )

    def advance(self, sample: Sample) -> TestResult | None:
        """Take a sample; return the try that ends with it."""
        self._since_ms = sample.body_ms if self._since_ms is None else self._since_ms
        self.fault = self._doubt(sample)
        if self.fault is not None:
            return None
        nm = sample.torque_nm - self._gravity.torque_nm(sample.deg)
        if self.is_locked and nm > self._limit_nm:
            self._peak_nm = max(self._peak_nm, nm)
            self.over = Over(ended_by="effort", pause=True, note="test_limit")
            return self._result(mean_3s_nm=0.0)
        if self.stage == "place":
            self._look_for_angle(sample)
        elif self.stage == "push":
            self._look_for_push(sample.body_ms, nm)
        elif self.is_moving:
            self._measure(nm)
        return self._let_stage_pass(sample.body_ms, self._since_ms)

    def _doubt(self, sample: Sample) -> str | None:
        """Name what is wrong with a locked arm: it moves, or its torque stands exactly still."""
        last, self._last = self._last, sample
        if last is None or not self.is_locked:
            self._same_ms = 0
            return None
        is_same = last.torque_nm == sample.torque_nm
        self._same_ms = self._same_ms + sample.body_ms - last.body_ms if is_same else 0
        if abs(sample.deg - self.row.start_cdeg / 100) > SLIP_DEG:
            return "slip"
        return "stuck" if self._same_ms >= STUCK_MS else None

    def _look_for_angle(self, sample: Sample) -> None:
        is_there = abs(sample.deg - self.row.start_cdeg / 100) <= NEAR_DEG
        if is_there and abs(sample.deg_s) < STILL_DEG_S:
            self.loaded_ms = sample.body_ms if self.loaded_ms is None else self.loaded_ms
            self._enter("ready", sample.body_ms)

    def _look_for_push(self, body_ms: int, nm: float) -> None:
        """Begin a try when the push has lasted; it counts from the first moment of the push."""
        if nm < self._onset_nm:
            self._pushed_ms = None
            return
        self._pushed_ms = body_ms if self._pushed_ms is None else self._pushed_ms
        if body_ms - self._pushed_ms >= ONSET_MS:
            self._first_move_ms = self._pushed_ms if self._first_move_ms is None else self._first_move_ms
            self._enter("build", self._pushed_ms)
            self._measure(nm)

    def _measure(self, nm: float) -> None:
        self._peak_nm = max(self._peak_nm, nm)
        if self.stage == "hold":
            self._held_nm.append(nm)

    def _let_stage_pass(self, body_ms: int, since_ms: int) -> TestResult | None:
        """Go on when a stage has lasted; who does not push, or cannot be placed, is done."""
        if self._since_ms != since_ms or body_ms - since_ms < LASTS_MS[self.stage]:
            return None
        if self.stage == "hold":
            return self._result(mean_3s_nm=sum(self._held_nm) / max(len(self._held_nm), 1))
        if self.stage in AFTER:
            self._enter(AFTER[self.stage], since_ms + LASTS_MS[self.stage])
        else:
            self.over = Over(ended_by="patient")
        return None

    def _result(self, *, mean_3s_nm: float) -> TestResult:
        """Write a try down; `mean_3s_nm` is 0 for one that was stopped before its end."""
        self.reps += 1
        result = TestResult(
            mode="isometric",
            side=self.row.side,
            angle_cdeg=self.row.start_cdeg,
            peak_torque_nm=self._peak_nm,
            mean_3s_nm=mean_3s_nm,
            range_deg=0.0,
            attempt=self.reps,
        )
        self._peak_nm, self._held_nm, self._pushed_ms = 0.0, [], None
        if self.reps >= self._tries:
            self.over = self.over or Over(ended_by="target")
        self._enter("pause", self._last.body_ms if self._last else 0)
        return result

    def _enter(self, stage: Stage, body_ms: int) -> None:
        self.stage, self._since_ms = stage, body_ms
