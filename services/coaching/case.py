"""One session in memory: what its plan fixed, and what has happened in it so far."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from contract.messages import (
    Answer,
    Applied,
    Clock,
    Envelope,
    Event,
    Flag,
    History,
    Message,
    Profile,
    Question,
    Receipt,
    Rep,
    SetEnd,
    Side,
    TestResult,
)
from ml.replacing import replace
from ml.request import Answers, Assessment, Course, Dose, Person, Raised, SessionSummary
from services.coaching.order import OF_STRENGTH, Order

NO_SYMPTOMS, UNWELL = "none", "unwell"  # unwell: the button; the visit ends, and nobody has to clear it
YES = (1, "yes", "true", "1")


@dataclass(frozen=True, slots=True, kw_only=True)
class SideFrame:
    """What one side brought into the session."""

    history: History
    session_number: int
    days_away: float | None
    past: tuple[SessionSummary, ...]
    tested_ms: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What the sign-in fixed for the whole session: every later decision of it sees the same."""

    envelope: Envelope
    person: Person
    profile: Profile
    visit: int
    previous_visit: str | None
    flags: tuple[Flag, ...]
    ceiling_g: int
    clock: Clock
    sides: dict[Side, SideFrame]
    course: Course = field(default_factory=Course)
    elsewhere: tuple[dict[str, Any], ...] = ()  # the person's newest belief of another kind of machine
    stations: int = 1  # of the person's circuit
    skew_ms: int = 0  # the machine's clock stands wrong by so much: the session counts for no week
    advice: bool = False  # of the site: a setting waits until staff confirm it
    is_sore: bool = False  # massaged in the last 48 hours: tenderness is no flare
    ordered: tuple[Assessment, ...] = ()  # tests that staff asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """One set of the session: its place among the sets of its side, and the newest dose sent for it."""

    set: int
    side: Side
    ordinal: int
    dose: Dose


@dataclass(slots=True, kw_only=True)
class Today:
    """What the person said about today, at any machine of the visit."""

    day: str | None = None  # of the studio; None: whose day it is, is not known yet
    pain_before: int | None = None
    spasm: bool = False
    new_symptoms: str = NO_SYMPTOMS
    morning_nrs: int | None = None


@dataclass(slots=True, kw_only=True)
class Belief:
    """The model's state of one side before this session's facts, and with all of them."""

    before: dict[str, Any] | None
    latest: dict[str, Any] | None


@dataclass(slots=True, kw_only=True)
class Case:
    """A session: its row in the store, its frame, and its facts in any order of arrival."""

    row: dict[str, Any]
    stored: dict[str, Any] = field(default_factory=dict)  # the row as the store has it
    was_closed: bool = False  # when the batch came: its facts are late
    frame: Frame | None = None
    today: Today = field(default_factory=Today)
    beliefs: dict[Side, Belief] = field(default_factory=dict)
    plan: dict[int, PlanRow] = field(default_factory=dict)
    newest_command: dict[int, int] = field(default_factory=dict)  # by set: seq of the newest setting
    doses: dict[str, Dose] = field(default_factory=dict)  # by setting
    raised: dict[str, Raised] = field(default_factory=dict)  # by setting
    made: dict[str, list[str]] = field(default_factory=dict)  # by decision of this batch: its settings
    applied: dict[str, Applied] = field(default_factory=dict)  # by setting
    reps: dict[int, list[Rep]] = field(default_factory=dict)  # by set
    rep_rows: dict[int, list[tuple[str, int]]] = field(default_factory=dict)  # by set: stream and seq
    ends: dict[int, SetEnd] = field(default_factory=dict)  # by set
    tests: list[TestResult] = field(default_factory=list)
    said: dict[int, dict[Question, int | str]] = field(default_factory=dict)  # by set
    visit_number: int = 0
    alerted: set[tuple[str, str]] = field(default_factory=set)  # code and cause of its alerts
    had_pain: bool = False
    is_held: bool = False  # staff stopped, paused or froze this session
    orders: dict[str, Order] = field(default_factory=dict)  # of staff, oldest first
    ordered: dict[str, str] = field(default_factory=dict)  # by setting: the order that it follows
    newest_seq: int = 0

    def take(self, message: Message) -> None:
        """Take one fact in."""
        body = message.body
        self.newest_seq = max(self.newest_seq, message.head.seq)
        if isinstance(body, Rep):
            self.add_rep(body, (message.head.stream, message.head.seq))
        elif isinstance(body, SetEnd):
            self.ends[body.set] = body
            self.row["begun_set"] = max(self.row["begun_set"], body.set)
        elif isinstance(body, TestResult):
            self.tests.append(body)
        elif isinstance(body, Receipt):
            if body.result == "applied" and body.setting is not None:
                self.applied[body.setting] = body.applied
        elif isinstance(body, Answer):
            self.hear(body)
        elif isinstance(body, Event):
            self.note(body)

    def note(self, event: Event) -> None:
        """Remember a button: who feels unwell trains no more in this visit."""
        self.had_pain = self.had_pain or event.what == "pain"
        if event.what == UNWELL and self.today.new_symptoms == NO_SYMPTOMS:
            self.today.new_symptoms = UNWELL

    def add_rep(self, rep: Rep, row: tuple[str, int]) -> None:
        """Take one rep in, without its curve: the model does not look at it; `row`: its stream and seq."""
        self.rep_rows.setdefault(rep.set, []).append(row)
        self.reps.setdefault(rep.set, []).append(replace(rep, curve=None) if rep.curve else rep)
        self.row["begun_set"] = max(self.row["begun_set"], rep.set)

    def hear(self, answer: Answer) -> None:
        """Take an answer in: about a set, or about the day."""
        if answer.set is not None:
            self.said.setdefault(answer.set, {})[answer.question] = answer.value
        elif answer.question == "pain_before" and isinstance(answer.value, int):
            self.today.pain_before = min(answer.value, 10)
        elif answer.question == "pain_next_morning" and isinstance(answer.value, int):
            self.today.morning_nrs = min(answer.value, 10)
        elif answer.question == "spasm":
            self.today.spasm = self.today.spasm or answer.value in YES  # a later "no" takes nothing back
        elif answer.question == "new_symptoms" and str(answer.value) != NO_SYMPTOMS:
            self.today.new_symptoms = str(answer.value)

    def answers(self, set_number: int | None) -> Answers:
        """Put together what the person said of the day and of one set."""
        said = self.said.get(set_number or 0, {})
        pain, rir = said.get("pain_set"), said.get("rir")
        is_sore = self.frame is not None and self.frame.is_sore
        return Answers(
            pain_before=self.today.pain_before,
            spasm=self.today.spasm,
            new_symptoms=self.today.new_symptoms,
            pain_set=min(pain, 10) if isinstance(pain, int) else None,
            rir=None if rir is None else str(rir),
            morning_nrs=None if is_sore else self.today.morning_nrs,
            morning_asked=self.frame is not None and self.frame.previous_visit is not None and not is_sore,
        )

    def order_for(self, side: Side, set_number: int) -> Order | None:
        """Find the order of staff that holds for a set, the newest first; None leaves it to the model."""
        mine = [one for one in self.orders.values() if one.is_open and one.side == side]
        return next((one for one in reversed(mine) if one.from_set <= set_number), None)

    def is_chosen(self, setting: str) -> bool:
        """Tell whether staff chose this load for what they think that the person can lift."""
        found = self.orders.get(self.ordered.get(setting, ""))
        return found is not None and found.load_g is not None and found.because in OF_STRENGTH

    def sides(self) -> tuple[Side, ...]:
        """Name the sides of the plan, in its order."""
        return tuple(dict.fromkeys(row.side for row in self.plan.values()))

    def next_row(self, side: Side) -> PlanRow | None:
        """Find the next set of a side that has not begun."""
        begun = self.row["begun_set"]
        return next((row for row in self.plan.values() if row.side == side and row.set > begun), None)

    def done(self, side: Side) -> Iterable[PlanRow]:
        """Go through the finished sets of a side, in order."""
        return (row for number, row in sorted(self.plan.items()) if row.side == side and number in self.ends)

    def reps_of(self, set_number: int) -> tuple[Rep, ...]:
        """List the reps of a set in their order."""
        return tuple(sorted(self.reps.get(set_number, ()), key=lambda rep: rep.rep))

    def dose_done(self, row: PlanRow) -> Dose:
        """Tell the dose of a finished set as really applied: by receipt, else by the load of its reps."""
        setting = self.ends[row.set].setting
        dose = replace(self.doses.get(setting, row.dose), set=row.ordinal)
        applied = self.applied.get(setting)
        if applied is not None:
            return replace(
                dose, load_g=applied.load_g, start_cdeg=applied.start_cdeg, end_cdeg=applied.end_cdeg
            )
        loads = sorted(rep.load_g for rep in self.reps.get(row.set, ()))
        return replace(dose, load_g=loads[len(loads) // 2]) if loads else dose
