"""One person on one side of one machine in one arm, from the first visit to the last.

A course asks for decisions and sets and is resumed with them (`life`), so that many courses share batches.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field

from contract.machines import CDEG, G, MachineKind, catalogue
from contract.messages import Phase, Profile, Side
from emulator.control.arm import Arm
from emulator.control.clinician import FIRST_PHASE, Chart
from emulator.control.past import Past
from emulator.control.sets import Bout, Effected
from emulator.people.bodies import Bodies, Seated, bodies
from emulator.people.condition import Condition, Session, after, attends, fresh, later
from emulator.people.person import Person
from ml.decision import Decision
from ml.policies.wish import Policy
from ml.request import Dose, Request
from ml.request import Person as Described

NORMAL_MMHG = (130, 80)  # measured at every visit; blood pressure is no part of the emulated people


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A question to the model; `own` is a policy that the product does not have."""

    request: Request
    own: Policy | None = None
    hides_speed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One finished set: the plan's row, the dose done, the decisions before and after it, and the truth.

    `possible` reps, `rir` (at most 40) and `effort` (CR10) are true; `target` is what the phase aims at.
    """

    visit: int
    day: int
    phase: Phase
    planned: Dose
    dose: Dose
    decision: Decision
    following: Decision
    reps: int
    possible: float
    rir: float
    effort: float
    target: float
    pain: float
    reached_deg: float
    ended_by: str
    broken: tuple[str, ...]


Life = Generator[Ask | Bout, Decision | Effected, None]


@dataclass(slots=True, kw_only=True)
class Course:
    """The story of one person in one arm (mutable: it advances visit by visit)."""

    person: Person
    kind: MachineKind
    side: Side
    profile: Profile
    arm: Arm
    condition: Condition
    chart: Chart
    past: Past = field(default_factory=Past)
    belief: dict[str, object] | None = None
    log: list[Done] = field(default_factory=list)
    visits: int = 0
    blocked: int = 0
    flares: int = 0
    spasm_days: list[int] = field(default_factory=list)  # of visits with a spasm
    tested_days: list[int] = field(default_factory=list)  # of strength tests
    phase_day: int = 0  # since when the signed phase holds
    pain_signed: bool = False  # a clinician has signed a settled pain of 4-5 as usual

    def arrive(self, day: int) -> bool:
        """Let the days until this one pass; tell whether the person comes to train."""
        self.condition = later(self.person, self.condition, float(day))
        comes = self.arm.trains and attends(self.person, day)
        self.visits += comes
        return comes

    def described(self, baseline_nrs: int) -> Described:
        """Describe the person as the product knows it."""
        return Described(
            age_years=self.person.age_years,
            sex=self.person.sex,
            mass_kg=self.person.mass_kg,
            baseline_nrs=baseline_nrs,
            back_pain=self.person.back_pain,
            systolic_mmhg=NORMAL_MMHG[0],
            diastolic_mmhg=NORMAL_MMHG[1],
            pain_signed=self.pain_signed,
        )

    def body(self) -> Bodies:
        """Return today's rested body."""
        seat = Seated(person=self.person, condition=self.condition, kind=self.kind, side=self.side)
        return bodies([seat])

    def grow(self, done: Sequence[Done]) -> None:
        """Let a session work on the body."""
        last, tolerated_deg = done[-1].dose, float(self.body().tolerated_deg[0])
        session = Session(
            kind=self.kind.name,
            rir=min(one.rir for one in done),
            load_kg=max(one.dose.load_g for one in done) / G,
            beyond_share=(last.end_cdeg / CDEG - tolerated_deg) / ((last.end_cdeg - last.start_cdeg) / CDEG),
            pain_nrs=max(one.pain for one in done),
        )
        grown = after(self.person, self.condition, session)
        self.flares += grown.flare_until_day > self.condition.flare_until_day
        self.condition = grown


def course(person: Person, kind: str, side: Side, profile: Profile, arm: Arm) -> Course:
    """Begin a course."""
    return Course(
        person=person,
        kind=catalogue()[kind],
        side=side,
        profile=profile,
        arm=arm,
        condition=fresh(person),
        chart=Chart(phase=FIRST_PHASE[profile]),
    )
