"""One person on this machine, from sign-in to sign-out: everything that is forgotten afterwards."""

from dataclasses import dataclass, field, replace

from contract.envelope import NO_CAP, Cap, Standing
from contract.messages import Flag, History, Mode, Plan, Question, Receipt, Setting, Side
from machine_agent.agent import opening
from machine_agent.agent.kept import Kept
from machine_agent.agent.opening import Cause, Step
from machine_agent.agent.view import OpenQuestion
from machine_agent.facts import Current, SideState, Visit
from machine_agent.gravity import GravityCurve, WeighIn

AFTER_SET: tuple[Question, ...] = ("rir", "rpe", "pain_set")
AT_END: tuple[Question, ...] = ("pain_after",)
ASKED_ANYWAY: tuple[Question, ...] = ("rir", "pain_set")  # when the plan names no question for after a set
REFUSALS_MOST = 3  # suspicious refusals that lock the assist (invariant 13)
SETS_MOST, SIDE_SETS_MOST = 6, 4  # in a session (invariant 9)
SESSION_MOST_MS = 15 * 60 * 1_000  # body time from the first start (invariant 9)
DAY_MOST_MS = 45 * 60 * 1_000  # the same on all machines of the studio day (invariant 9)
NOT_TROUBLED: frozenset[Flag] = frozenset({"calibrating", "returning", "practice_test"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """An accepted setting that waits for its set."""

    setting: Setting
    accepted_body_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """What a person has said yes to: name, and the first row as it was shown (None: no row was shown)."""

    first: Current | None


@dataclass(slots=True, kw_only=True)
class Session:
    """What is known of this visit to the machine; changed only by the agent core."""

    visit: Visit
    sign_in_seq: int = 0  # the row that asks for the plan
    is_badge: bool = True
    key: bytes = b""  # opens what is kept for this person; b"": nothing is kept
    kept: Kept | None = None  # the plan of an earlier day, for when the service is not there
    kept_ms: int = 0  # studio time at which the plan in force came from the service
    offline: bool = False  # the kept plan is in force
    turned_away: bool = False  # the service is back, and allows nothing: no further set
    plan: Plan | None = None
    confirmed: Confirmed | None = None
    gravity: GravityCurve | None = None
    weigh_in: WeighIn | None = None
    weigh_from_ms: int = 0  # body time at which it began
    index: int = 0  # which row of the plan comes next
    sides: dict[Side, SideState] = field(default_factory=dict)
    queue: dict[Side, Queued] = field(default_factory=dict)
    seen: dict[int, Setting] = field(default_factory=dict)
    hold_seq: int = 0
    troubled: bool = False  # pain, spasm, hold or freeze: nothing rises any more
    sore: bool = False  # said more pain than is green: no test of strength any more
    refusals: int = 0
    questions: list[OpenQuestion] = field(default_factory=list)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    rest_until_ms: int = 0
    rest_hold_g: int = 0  # what the drive still holds at the beginning of a rest
    started_ms: int | None = None
    ended_ms: int = 0  # body time of the last set's end
    spent_ms: int = 0  # body time of earlier visits, from their first start to the end of their last set
    sets_done: dict[str, int] = field(default_factory=dict)
    settled: Queued | None = None  # came in time for the next set, out of the queue since the rest ended
    last_row: Setting | None = None  # the last one that was in force, whatever its side
    seat_empty_ms: int | None = None
    steps: dict[Side, Step] = field(default_factory=dict)  # towards what staff may open; none: untried
    tried: dict[int, Side] = field(default_factory=dict)  # trials without load that were done, by set
    spasm: bool = False  # nothing is lifted today but what staff open

    @property
    def assist_locked(self) -> bool:
        """Tell whether the service may not raise anything any more."""
        return self.refusals >= REFUSALS_MOST

    @property
    def planned(self) -> Setting | None:
        """The plan's row of the next set; None when all are done."""
        rows = self.plan.settings if self.plan else ()
        return rows[self.index] if self.index < len(rows) else None

    def is_confirmed(self, row: Setting | None) -> bool:
        """Tell whether the person has confirmed at least so much as the first row is now."""
        if self.confirmed is None or row is None:
            return self.confirmed is not None
        was, now = self.confirmed.first, current(row)
        if was is None or now.load_g > was.load_g:
            return False
        return was.start_cdeg <= now.start_cdeg and now.end_cdeg <= was.end_cdeg

    @property
    def is_pain_unanswered(self) -> bool:
        """Tell whether the question about pain in the last set is still open."""
        return any(one.question == "pain_set" for one in self.questions)

    def waiting(self, side: Side) -> Queued | None:
        """Return the accepted setting that waits for the next set of a side."""
        return self.settled or self.queue.get(side)

    def drop(self, side: Side) -> None:
        """Forget the setting that waits for the next set: it is in force, or has got its receipt."""
        if self.settled is not None:
            self.settled = None
        else:
            self.queue.pop(side, None)

    def unsettle(self) -> Queued | None:
        """Let a longer rest choose anew; returns what was set apart when a newer one takes its place."""
        before, planned = self.settled, self.planned
        self.settled = None
        if before is None or planned is None or planned.side in self.queue:
            return before
        self.queue[planned.side] = before
        return None

    def take_queue(self) -> list[Queued]:
        """Take out every accepted setting that waits."""
        waiting = [*([self.settled] if self.settled else []), *self.queue.values()]
        self.queue.clear()
        self.settled = None
        return waiting

    @property
    def upcoming(self) -> dict[int, tuple[Side, Mode]]:
        """Side and mode of every set that is still to come."""
        rows = self.plan.settings[self.index :] if self.plan else ()
        return {row.set: (row.side, row.mode) for row in rows}

    def accept_plan(self, plan: Plan) -> None:
        """Take the plan: its rows count as seen, its history opens every side, its questions open."""
        self.plan = plan
        self.seen = {row.seq: row for row in plan.settings}
        self.troubled = self.troubled or any(flag not in NOT_TROUBLED for flag in plan.flags)
        for row in plan.settings:
            history = plan.history.get(row.side, History())
            standing = Standing(history=history, day_start_g=history.day_start_g)
            self.sides.setdefault(row.side, SideState(standing=standing))
        before = [one for one in plan.questions if one not in (*AFTER_SET, *AT_END)]
        self.questions = [OpenQuestion(question=one, set=None) for one in before]

    def side(self, setting: Setting) -> SideState:
        """Return a side's state; before its first set, what it has now is the plan's row of that set.

        For a set that staff open, the nothing of a spasm day is no cap.
        """
        state = self.sides.get(setting.side, SideState())
        state = replace(state, opened=self.steps.get(setting.side) is Step.OPEN)
        if setting.is_for_staff:
            state = replace(state, cap=state.staff_cap)
        if state.current is not None or self.plan is None:
            return state
        row = next((one for one in self.plan.settings if one.set == setting.set), None)
        return state if row is None else replace(state, current=current(row))

    def cap(self, side: Side, cap: Cap, *, spasm: bool = False) -> None:
        """Narrow a side's local cap for good, and let go of what a rest still holds.

        `spasm`: it is the nothing of a spasm day, which staff may open.
        """
        self.rest_hold_g = 0
        self.spasm = self.spasm or spasm
        state = self.sides.get(side, SideState())
        opened = state.staff_cap if spasm else stricter(state.staff_cap, cap)
        self.sides[side] = replace(state, cap=stricter(state.cap, cap), staff_cap=opened)

    @property
    def is_for_staff(self) -> bool:
        """Tell whether the next set is one that staff may open now."""
        row = self.planned
        return row is not None and row.is_for_staff and self.steps.get(row.side) is Step.PAINLESS

    def note_trial(self, row: Setting, reached_cdeg: int) -> None:
        """Note a trial without load that was done to its target: what staff open goes no further than it."""
        self.tried[row.set] = row.side
        self._step(row.side, Cause.TRIAL_DONE)
        state = self.sides.get(row.side, SideState())
        self.sides[row.side] = replace(state, staff_cap=stricter(state.staff_cap, Cap(end_cdeg=reached_cdeg)))

    def note_felt_well(self, set_number: int | None) -> None:
        """Take an answer about a set that did not hurt; of a trial it lets staff open what is for them."""
        side = self.tried.get(set_number or 0)
        if side is not None:
            self._step(side, Cause.FELT_WELL)

    def open_by_staff(self) -> None:
        """Open every side whose trial did not hurt."""
        for side in list(self.steps):
            self._step(side, Cause.STAFF)

    def shut(self) -> None:
        """Let staff open nothing any more: something hurt."""
        for side in self.sides:
            self._step(side, Cause.HURT)

    def _step(self, side: Side, cause: Cause) -> None:
        self.steps[side] = opening.after(self.steps.get(side, Step.UNTRIED), cause)

    def count_set(self, side: str) -> None:
        """Count a set that was started now, or earlier today before a sign-out."""
        self.sets_done[side] = self.sets_done.get(side, 0) + 1

    def put_in_force(self, setting: Setting) -> None:
        """Note what a side was given: the reference of every later step (ramp sets are no reference)."""
        state = self.sides.get(setting.side, SideState())
        self.last_row = setting
        self.count_set(setting.side)
        if setting.mode != "train":
            return
        standing = replace(
            state.standing,
            accepted_g=setting.load_g,
            day_start_g=state.standing.day_start_g or setting.load_g,
            range_cdeg=state.standing.range_cdeg or (setting.start_cdeg, setting.end_cdeg),
        )
        self.sides[setting.side] = replace(state, standing=standing, current=current(setting))

    def note_peak(self, side: Side, end_deg: float) -> None:
        """Remember an achieved end angle."""
        state = self.sides.get(side, SideState())
        peaks = (*state.standing.peaks_cdeg, int(end_deg * 100))[-3:]
        self.sides[side] = replace(state, standing=replace(state.standing, peaks_cdeg=peaks))

    def note_quality(self, side: Side, *, clean: bool) -> None:
        """Remember whether the last rep of a side may raise anything on it."""
        self.sides[side] = replace(self.sides.get(side, SideState()), last_rep_clean=clean)

    def ask_after_set(self, setting: Setting) -> None:
        """Open the questions about a finished set, and after the last one those about the end.

        Ramp sets are not asked about.
        """
        if self.plan is None or setting.mode == "warm_up":
            return
        asked = [one for one in self.plan.questions if one in AFTER_SET] or list(ASKED_ANYWAY)
        if setting.mode in ("mobility", "isometric"):  # nobody has reps in reserve after a test
            asked = ["pain_set"]
        self.questions = [one for one in self.questions if one.set is None]
        self.questions += [OpenQuestion(question=one, set=setting.set) for one in asked]
        if self.planned is None:
            last = [one for one in AT_END if one in self.plan.questions]
            self.questions += [OpenQuestion(question=one, set=None) for one in last]

    def trained_ms(self, body_ms: int) -> int:
        """Tell how long this visit has lasted since its first start (body time)."""
        return 0 if self.started_ms is None else body_ms - self.started_ms

    def is_time_over(self, body_ms: int) -> bool:
        """Tell whether the minutes of this machine, or of the day, are over (invariant 9)."""
        here_ms = self.spent_ms + self.trained_ms(body_ms)
        elsewhere_ms = self.plan.spent_ms if self.plan else 0
        return here_ms > SESSION_MOST_MS or here_ms + elsewhere_ms > DAY_MOST_MS

    def note_pain(self, nrs: int) -> None:
        """Remember pain above what is signed as green: a maximal effort is not for today (clinical page)."""
        self.sore = self.sore or (self.plan is not None and nrs > self.plan.envelope.pain_green_nrs)

    def is_full(self, side: Side, body_ms: int) -> bool:
        """Tell whether no further set may start (invariant 9)."""
        done = self.sets_done
        is_done = sum(done.values()) >= SETS_MOST or done.get(side, 0) >= SIDE_SETS_MOST
        return is_done or self.is_time_over(body_ms)


def current(setting: Setting) -> Current:
    """Take the part of a setting that a side then has."""
    return Current(load_g=setting.load_g, start_cdeg=setting.start_cdeg, end_cdeg=setting.end_cdeg)


def stricter(first: Cap, second: Cap) -> Cap:
    """Take the narrower of two caps."""
    if NO_CAP in (first, second):
        return second if first == NO_CAP else first
    loads = [one for one in (first.load_g, second.load_g) if one is not None]
    ends = [one for one in (first.end_cdeg, second.end_cdeg) if one is not None]
    return Cap(load_g=min(loads, default=None), end_cdeg=min(ends, default=None))
