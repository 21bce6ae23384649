"""Everything that a decision may know. What is not in the request, the decision does not know."""

from dataclasses import dataclass, field
from typing import Any, Literal

from msgspec import UNSET, UnsetType

from contract.envelope import Standing
from contract.messages import Envelope, Flag, Mode, Opener, Profile, Rep, SetEnd, Side

Sex = Literal["female", "male"]
Occasion = Literal["plan", "set_end", "answer"]
Raised = Literal["load", "range", "time"]
Assessment = Literal["mobility", "strength"]
Light = Literal["light"]  # a spasm day: a trial without load, then a light set that only staff open
RequestSchema = Literal[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who trains: only what the dose depends on."""

    age_years: int
    sex: Sex
    mass_kg: float
    baseline_nrs: int  # B: median pain before training of the last three visits, at most 6
    osteoporosis: bool = False
    hypermobile: bool = False
    back_pain: bool = True
    weak_side: Side | None = None  # confirmed on two tests
    systolic_mmhg: int = 0  # newest blood pressure; 0: not measured
    diastolic_mmhg: int = 0
    not_cleared: bool = False  # an exclusion of page 8 that a clinician has not cleared
    pain_signed: bool = False  # settled pain of 4-5 is signed as usual for this person
    baseline_signed_nrs: int | UnsetType | None = UNSET  # up to so much B a therapist has let doses rise


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Where the person stands in the therapy, as the studio's records tell it (studio time, ms)."""

    started_ms: int | None = None  # first visit
    phase_since_ms: int | None = None  # first limits in a row that were signed with the phase of today
    spasms_ms: tuple[int, ...] = ()  # earlier visits of the last 90 days that had a spasm, oldest first
    tested_ms: tuple[int, ...] = ()  # strength tests of this side on this machine, oldest first
    symptoms: str = "none"  # new symptoms of an earlier visit that no clinician has cleared


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """Weight, amplitude and work time of one set (g, hundredths of a degree, ms)."""

    set: int
    side: Side
    mode: Mode
    load_g: int
    start_cdeg: int
    end_cdeg: int
    reps: int
    work_ms: int
    tempo_ms: tuple[int, int, int]
    rest_ms: int
    opens: Opener | UnsetType = UNSET

    @property
    def is_for_staff(self) -> bool:
        """Tell whether only staff may open this set."""
        return self.opens == "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the person said: today before training, after the set, and the morning after the last visit."""

    pain_before: int | None = None
    spasm: bool = False
    new_symptoms: str = "none"
    pain_set: int | None = None
    rir: str | None = None  # in words: 0, 1-2, 3-5, many
    morning_nrs: int | None = None
    morning_lasted_h: float | None = None  # hours until the pain was back to usual, where it was asked
    morning_asked: bool = False  # False on the first visit: an unanswered morning then stops nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFacts:
    """A finished set as it was really done: the applied dose, every rep, how it ended."""

    applied: Dose
    reps: tuple[Rep, ...]
    end: SetEnd
    answers: Answers = field(default_factory=Answers)
    # Staff set this load for what they think that the person can lift; absent where they did not.
    chosen: Literal[True] | UnsetType = UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSummary:
    """One past session of this side on this machine, newest last in a request."""

    wall_ms: int
    visit: int
    load_g: int
    start_cdeg: int
    end_cdeg: int
    reps: int
    work_ms: int
    effort_cr10: float | None = None
    pain_before: int | None = None
    pain_set: int | None = None
    morning_nrs: int | None = None
    flagged_reps: int = 0
    raised: Raised | None = None
    ended_by: str = "target"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question to the model: what comes next on this machine, for this side of this person.

    `belief` is the stored state *before* the facts of this request (JSON, see `ml.belief.state`), None at the
    first session; so asking again with more answers never counts a fact twice. `sets` are the finished sets
    of this side that the stored belief has not seen. `next_set` is the row to fill, 1 = first of this side.
    """

    schema: RequestSchema = 1
    occasion: Occasion
    now_ms: int  # studio time of the basis message
    kind: str
    side: Side
    profile: Profile
    person: Person
    visit: int  # of this person, 1 = first
    session_number: int  # of this side on this machine, 1 = first
    envelope: Envelope
    standing: Standing
    flags: tuple[Flag, ...]
    ceiling_g: int
    current: Dose | None  # the dose in force for this side; None before the first plan
    next_set: int
    sets: tuple[SetFacts, ...] = ()
    today: Answers = field(default_factory=Answers)
    raised_today: Raised | None = None
    past: tuple[SessionSummary, ...] = ()
    days_away: float | None = None
    painless_range_cdeg: tuple[int, int] | None = None
    gravity_measured: bool = True
    abstain: str | None = None  # e.g. a gap in the rows: hold, and say so
    belief: dict[str, Any] | None = None
    elsewhere: tuple[dict[str, Any], ...] = ()  # newest beliefs of this person's other sides and machines
    policy: str = "steady"
    model: str = ""
    course: Course = field(default_factory=Course)
    tests: tuple[Assessment | Light, ...] = ()  # rows before work, or instead of it, that the plan shall hold
    stations: int = 1  # of this person's circuit: they share the time of a visit
