"""A running set: counts reps, knows when it is over and why."""

from dataclasses import dataclass

from contract.envelope import REPS_MOST
from contract.messages import EndedBy, Quality, Rep, RepPhase, SetEnd, Setting, TestResult
from machine_agent.agent.choice import LEASE_MS
from machine_agent.agent.station import OpenSet
from machine_agent.agent.view import Code
from machine_agent.detector import HOME_DEG, Detector
from machine_agent.drivers import Sample
from machine_agent.gravity import GravityCurve
from machine_agent.measure import NO_GRAVITY, RAISE_NOTHING, RepFigures, measure

AT_START_MS = 4_000  # resting so long at the start ends a set (design: safety, "Detector")
NO_REP_MS = 30_000  # loaded for so long without a first movement: the person does not want to
REP_LEAST_S, REP_MOST_S = 1.5, 20.0  # invariant 9
PARTIALS_IN_A_ROW = 3  # so many short reps end a set: the range is gone
MS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """Why the set is over; `pause` when the machine must not simply go on; `note` is for the screen."""

    ended_by: EndedBy
    pause: bool = False
    note: Code | None = None


class RunningSet:
    """One set at one setting; reps count only while the drive holds the load."""

    def __init__(self, row: Setting, gravity: GravityCurve | None, *, open_loop: bool) -> None:
        self.row = row
        self.reps = 0
        self.partial_reps = 0
        self.rep_seqs: list[int] = []  # rows of the reps that count
        self.partial_seqs: list[int] = []
        self.loaded_ms: int | None = None
        self._began_ms: int | None = None
        self._gravity = gravity or NO_GRAVITY
        self._open_loop = open_loop
        span_deg = (row.end_cdeg - row.start_cdeg) / 100
        is_free = row.mode == "mobility"  # the range is what is measured: none is prescribed
        self._detector = Detector(0 if is_free else span_deg, 0 if open_loop else row.load_g)
        self._widest: RepFigures | None = None
        self._first_move_ms: int | None = None
        self._best_speed_deg_s = 0.0
        self._partials_in_a_row = 0
        self._last_ms: int | None = None
        self._home_deg: float | None = None  # where the last rep ended; before the first: the lowest angle
        self._away_ms = 0  # stood still so long under load, away from there, since the last rep

    @property
    def phase(self) -> RepPhase:
        """What the arm does now."""
        return self._detector.phase

    @property
    def is_moving(self) -> bool:
        """Tell whether a rep is in progress."""
        return self._detector.moving_ms > 0

    @property
    def count(self) -> int:
        """All reps of this set, short ones included."""
        return self.reps + self.partial_reps

    def work_left_ms(self, body_ms: int) -> int:
        """Body time left of a timed set; 0 when the set goes by reps."""
        done_ms = 0 if self._first_move_ms is None else body_ms - self._first_move_ms
        return max(self.row.work_ms - done_ms, 0)

    def elapsed_ms(self, body_ms: int) -> int:
        """Body time since the load was there."""
        return 0 if self.loaded_ms is None else body_ms - self.loaded_ms

    def feed(self, sample: Sample) -> tuple[Rep, RepFigures] | None:
        """Take a sample; return the rep that ends with it."""
        self._began_ms = sample.body_ms if self._began_ms is None else self._began_ms
        if self.loaded_ms is None:
            return None
        movement = self._detector.feed(sample)
        if self._first_move_ms is None and self._detector.moving_ms:
            self._first_move_ms = sample.body_ms
        self._note_away(sample)
        if movement is None:
            return None
        self._home_deg, self._away_ms = sample.deg, 0
        figures = measure(movement, self._gravity, self.row.tempo_ms)
        if movement.partial:
            self.partial_reps += 1
        else:
            self.reps += 1
        self._partials_in_a_row = self._partials_in_a_row + 1 if movement.partial else 0
        if self._widest is None or figures.range_deg > self._widest.range_deg:
            self._widest = figures
        return self._rep(figures), figures

    def judge(self, figures: RepFigures) -> Over | None:
        """Decide after a rep whether the set is over."""
        best, self._best_speed_deg_s = (
            self._best_speed_deg_s,
            max(self._best_speed_deg_s, figures.mean_speed_deg_s),
        )
        if not self._open_loop and not REP_LEAST_S <= figures.duration_s <= REP_MOST_S:
            return Over(ended_by="tempo", pause=True, note="paused_tempo")
        most = self.row.stop.max_reps or self.row.reps
        if self.reps >= min(most, self.row.reps) or self.count >= REPS_MOST:
            return Over(ended_by="target")
        ended_by = self._broken_rule(figures, best)
        return Over(ended_by=ended_by) if ended_by else None

    def let_time_pass(self, sample: Sample) -> Over | None:
        """Decide between reps whether the set is over."""
        moving_ms = self._detector.moving_ms
        if max(moving_ms, self._away_ms) > REP_MOST_S * MS and not self._open_loop:
            return Over(ended_by="tempo", pause=True, note="paused_tempo")
        began_ms = sample.body_ms if self._began_ms is None else self._began_ms
        if sample.body_ms - began_ms > LEASE_MS and not self._open_loop:
            return Over(ended_by="link", pause=True, note="paused_lease")
        is_timed_out = self.row.work_ms > 0 and self.work_left_ms(sample.body_ms) == 0
        if is_timed_out and not moving_ms and self._first_move_ms is not None:
            return Over(ended_by="target")
        if self._detector.at_start_ms >= AT_START_MS:
            return Over(ended_by="patient")
        has_not_moved = self._first_move_ms is None and not self._open_loop
        return (
            Over(ended_by="patient")
            if has_not_moved and self.elapsed_ms(sample.body_ms) > NO_REP_MS
            else None
        )

    def _note_away(self, sample: Sample) -> None:
        """Count how long the person stays out there under load without a movement; a creep is none."""
        step_ms = 0 if self._last_ms is None else sample.body_ms - self._last_ms
        self._last_ms = sample.body_ms
        home_deg = sample.deg if self._home_deg is None else self._home_deg
        self._home_deg = home_deg if self.count else min(home_deg, sample.deg)
        if abs(sample.deg - self._home_deg) <= HOME_DEG:
            self._away_ms = 0
        elif self.row.load_g > 0 and not self.is_moving:
            self._away_ms += max(step_ms, 0)

    def range_result(self) -> TestResult | None:
        """Write down how far a mobility set got at its best; None for other sets and without a rep."""
        if self.row.mode != "mobility" or self._widest is None:
            return None
        return TestResult(
            mode="mobility",
            side=self.row.side,
            angle_cdeg=round(self._widest.end_deg * 100),
            peak_torque_nm=self._widest.peak_torque_nm,
            mean_3s_nm=0.0,
            range_deg=self._widest.range_deg,
            attempt=1,
        )

    def end(self, ended_by: EndedBy, body_ms: int) -> SetEnd:
        """Write the end of this set; the duration runs from the first movement."""
        duration_ms = 0 if self._first_move_ms is None else body_ms - self._first_move_ms
        return SetEnd(
            set=self.row.set,
            side=self.row.side,
            setting=self.row.id,
            reps=self.reps,
            partial_reps=self.partial_reps,
            ended_by=ended_by,
            duration_s=max(duration_ms, 0) / MS,
        )

    def as_open(self, session: str) -> OpenSet:
        """Write what the next life needs to close this set."""
        return OpenSet(
            session=session,
            set=self.row.set,
            side=self.row.side,
            setting=self.row.id,
            reps=self.reps,
            partial_reps=self.partial_reps,
        )

    def is_clean(self, rep: Rep) -> bool:
        """Tell whether a rep may raise anything."""
        return not RAISE_NOTHING.intersection(rep.quality)

    def _broken_rule(self, figures: RepFigures, best_deg_s: float) -> EndedBy | None:
        stop, row = self.row.stop, self.row
        if figures.mean_speed_deg_s * 100 < best_deg_s * stop.min_speed_pct:
            return "effort"
        paced_s = sum(row.tempo_ms) / MS
        if stop.max_tempo_pct and abs(figures.duration_s - paced_s) * 100 > paced_s * stop.max_tempo_pct:
            return "tempo"
        span_deg = (row.end_cdeg - row.start_cdeg) / 100
        is_short = figures.range_deg * 100 < span_deg * stop.min_range_pct
        return "range" if is_short or self._partials_in_a_row >= PARTIALS_IN_A_ROW else None

    def _rep(self, figures: RepFigures) -> Rep:
        kind: tuple[Quality, ...] = ("warm_up",) if self.row.mode == "warm_up" else ()
        return Rep(
            set=self.row.set,
            rep=self.count,
            side=self.row.side,
            setting=self.row.id,
            load_g=self.row.load_g,
            start_deg=figures.start_deg,
            end_deg=figures.end_deg,
            concentric_s=figures.concentric_s,
            hold_s=figures.hold_s,
            eccentric_s=figures.eccentric_s,
            peak_torque_nm=figures.peak_torque_nm,
            mean_torque_nm=figures.mean_torque_nm,
            work_j=figures.work_j,
            peak_speed_deg_s=figures.peak_speed_deg_s,
            mean_speed_deg_s=figures.mean_speed_deg_s,
            smoothness=figures.smoothness,
            quality=figures.quality + kind,
            curve=figures.curve,
        )
