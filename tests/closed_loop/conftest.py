"""A small closed loop: emulated people, the real model and limiter, the caps of the guard; no network."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from contract.envelope import Standing, limits, violations
from contract.machines import CDEG, catalogue
from contract.messages import Envelope, History, Phase, Rep, SetEnd, Side, SideRange
from emulator.answers import before
from emulator.bodies import Bodies, Seated, bodies
from emulator.condition import Condition, Session, after, attends, fresh, later
from emulator.effort import Doses
from emulator.person import Person, people
from emulator.physiology.parameters import Array
from emulator.rep_level import ENDINGS, RIR_WORDS, Sets, perform, rested
from ml.adjust import adjust
from ml.belief import from_json
from ml.clinical import amber_until, green_until, phase_cap_g
from ml.decision import Decision
from ml.effort import EffortModel
from ml.priors import prior
from ml.request import Answers, Dose, Raised, Request, SessionSummary, SetFacts
from ml.request import Person as Described

SETTING = "00000000-0000-4000-8000-000000000001"
START_MS = 1_790_000_000_000
DAY_MS = 86_400_000
CALIBRATING_SESSIONS = 4
RESTORE_VISITS, BUILD_VISITS = 4, 12  # visits until the next phase (clinical page)
VISIT_DAYS = tuple(week * 7 + day for week in range(12) for day in (0, 3))
SIGNED_SIGMAS = -0.84  # signed capacity: the 20 % quantile (clinical page)
FIGURES = (
    "start_deg", "end_deg", "concentric_s", "hold_s", "eccentric_s", "peak_torque_nm", "mean_torque_nm",
    "work_j", "peak_speed_deg_s", "mean_speed_deg_s", "smoothness",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One set of the loop: the plan's row, the dose done, the decision behind it, and the truth."""

    visit: int
    phase: Phase
    planned: Dose
    dose: Dose
    decision: Decision
    reps: int
    rir: float
    pain: float
    broken: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Course:
    """One person on one side of one machine (mutable: it advances visit by visit)."""

    person: Person
    kind: str
    side: Side
    effort: EffortModel
    policy: str
    condition: Condition
    belief: dict[str, object] | None = None
    past: list[SessionSummary] = field(default_factory=list)
    log: list[Done] = field(default_factory=list)
    flares: int = 0
    last_day: int | None = None
    peak_cdeg: int = 0

    def visit(self, day: int) -> None:
        """Train on one day: plan, questions, sets with a decision after each."""
        self.condition = later(self.person, self.condition, float(day))
        chance = np.random.default_rng([self.person.seed, day, len(self.kind)])
        today = self._today(chance)
        asked = self._request(day, today)
        plan = adjust(asked, self.effort)
        asked = replace(asked, occasion="answer", today=today)
        decision = adjust(replace(asked, current=plan.rows[0]), self.effort)
        finished: list[SetFacts] = []
        body, first_log, raised = self._body(), len(self.log), None
        for index, row in enumerate(plan.rows):
            dose = replace(decision.rows[0], set=row.set)
            if dose.load_g == 0:
                break
            sets = perform(body, _doses(dose, decision), chance)
            self._note(asked, row, decision, sets, finished)
            finished.append(_facts(dose, sets, today))
            body = body.tired(rested(sets.fatigued, dose.rest_ms / 1000))
            raised = raised or decision.raised
            following = plan.rows[index + 1] if index + 1 < len(plan.rows) else dose
            decision = self._decide(
                asked, finished, dose if dose.mode == following.mode else following, raised
            )
        self._remember(day, today, finished, decision)
        self._grow(self.log[first_log:])

    def _decide(
        self, asked: Request, finished: list[SetFacts], current: Dose, raised: Raised | None
    ) -> Decision:
        standing, number = self._standing(finished), len(finished) + 1
        later_asked = replace(
            asked, sets=tuple(finished), standing=standing, current=current, next_set=number
        )
        return adjust(replace(later_asked, raised_today=raised), self.effort)

    def _note(
        self, asked: Request, row: Dose, decision: Decision, sets: Sets, finished: list[SetFacts]
    ) -> None:
        dose = decision.rows[0]
        inside = limits(
            asked.envelope,
            catalogue()[self.kind],
            self.side,
            self._standing(finished),
            asked.flags,
            asked.ceiling_g,
        )
        done = Done(
            visit=asked.visit, phase=asked.envelope.phase, planned=row, dose=dose, decision=decision,
            reps=int(sets.reps[0]), rir=float(sets.rir[0]), pain=float(sets.pain[0]),
            broken=violations(dose, inside),
        )  # fmt: skip
        self.log.append(done)

    def _today(self, chance: np.random.Generator) -> Answers:
        pain = before("pain_before", self.person, self.condition, chance)
        morning = before("pain_next_morning", self.person, self.condition, chance) if self.past else None
        return Answers(
            pain_before=int(pain or 0),
            spasm=bool(before("spasm", self.person, self.condition, chance)),
            morning_nrs=None if morning is None else int(morning),
            morning_asked=bool(self.past),
        )

    def _request(self, day: int, today: Answers) -> Request:
        number = len(self.past) + 1
        pains = [one.pain_before for one in self.past[-3:] if one.pain_before is not None]
        baseline = min(round(float(np.median(pains or [today.pain_before or 0]))), 6)
        described = Described(
            age_years=self.person.age_years,
            sex=self.person.sex,
            mass_kg=self.person.mass_kg,
            baseline_nrs=baseline,
            back_pain=self.person.back_pain,
        )
        usual_g = next((one.load_g for one in reversed(self.past) if one.load_g), 100_000)
        return Request(
            occasion="plan", now_ms=START_MS + day * DAY_MS, kind=self.kind, side=self.side,
            profile="rehab", person=described, visit=number, session_number=number,
            envelope=self._envelope(number, described), standing=self._standing([]),
            flags=("calibrating",) if number <= CALIBRATING_SESSIONS else (),
            ceiling_g=max(usual_g * 115 // 100, usual_g + 100), current=None, next_set=1,
            past=tuple(self.past),
            days_away=None if self.last_day is None else float(day - self.last_day),
            belief=self.belief, policy=self.policy,
        )  # fmt: skip

    def _envelope(self, visit: int, described: Described) -> Envelope:
        kind = catalogue()[self.kind]
        stored = None if self.belief is None else from_json(self.belief)
        signed_kg = (stored or prior(described, self.kind, self.side)).capacity_quantile_kg(SIGNED_SIGMAS)
        phase: Phase = (
            "restore" if visit <= RESTORE_VISITS else "build" if visit <= BUILD_VISITS else "strengthen"
        )
        low, high = kind.default_cdeg
        first = kind.first_visit_cdeg[1]
        return Envelope(
            version=visit, subject="0" * 32, machine_kind=self.kind,
            max_load_g=round(signed_kg * 1000), max_torque_nm=0,
            sides={self.side: SideRange(lowest_cdeg=low, highest_cdeg=high, start_highest_cdeg=first)},
            max_speed_cdeg_s=kind.max_speed_cdeg_s, phase=phase,
            phase_cap_g=phase_cap_g(phase, round(signed_kg * 1000)),
            pain_green_nrs=green_until(described.baseline_nrs),
            pain_amber_nrs=amber_until(described.baseline_nrs), valid_until_ms=2**50, key_id="demo",
        )  # fmt: skip

    def _standing(self, finished: list[SetFacts]) -> Standing:
        loads = sorted(one.load_g for one in self.past[-3:])
        work = [facts.applied for facts in finished if facts.applied.mode == "train"]
        history = History(
            median3_g=loads[len(loads) // 2] if loads else 0,
            peak_cdeg=max(self.peak_cdeg, 0),
            last_regular_g=next((one.load_g for one in reversed(self.past) if one.load_g), 0),
        )
        return Standing(
            history=history,
            accepted_g=work[-1].load_g if work else None,
            day_start_g=work[0].load_g if work else 0,
            range_cdeg=(work[0].start_cdeg, work[0].end_cdeg) if work else None,
            peaks_cdeg=tuple(round(rep.end_deg * CDEG) for facts in finished for rep in facts.reps),
        )

    def _body(self) -> Bodies:
        kind = catalogue()[self.kind]
        return bodies([Seated(person=self.person, condition=self.condition, kind=kind, side=self.side)])

    def _remember(self, day: int, today: Answers, finished: list[SetFacts], decision: Decision) -> None:
        self.belief, self.last_day = decision.belief, day
        work = [facts for facts in finished if facts.applied.mode == "train"]
        wall_ms = START_MS + day * DAY_MS
        if not work:  # nothing was trained: a red day or a spasm stays in the past as a load of nothing
            nothing = [replace(one, load_g=0, ended_by="pain") for one in self.past[-1:]]
            said = {"pain_before": today.pain_before, "pain_set": None, "morning_nrs": today.morning_nrs}
            self.past += [replace(one, wall_ms=wall_ms, **said) for one in nothing]  # type: ignore[arg-type]
            return
        last = work[-1].applied
        ends = sorted(round(rep.end_deg * CDEG) for rep in work[-1].reps[-3:])
        self.peak_cdeg = ends[len(ends) // 2] if ends else self.peak_cdeg
        summary = SessionSummary(raised=_raised(self.past, last),
            wall_ms=wall_ms, visit=len(self.past) + 1, load_g=last.load_g, start_cdeg=last.start_cdeg,
            end_cdeg=last.end_cdeg, reps=last.reps, work_ms=last.work_ms,
            effort_cr10=decision.estimate.effort_cr10, pain_before=today.pain_before,
            pain_set=max(facts.answers.pain_set or 0 for facts in work), morning_nrs=today.morning_nrs,
            ended_by=work[-1].end.ended_by,
        )  # fmt: skip
        self.past.append(summary)

    def _grow(self, done: list[Done]) -> None:
        """Let the visit work on the body."""
        if not done:
            return
        last, tolerated = done[-1].dose, float(self._body().tolerated_deg[0])
        session = Session(
            kind=self.kind,
            rir=min(one.rir for one in done),
            load_kg=max(one.dose.load_g for one in done) / 1000,
            beyond_share=(last.end_cdeg / CDEG - tolerated) / ((last.end_cdeg - last.start_cdeg) / CDEG),
            pain_nrs=max(one.pain for one in done),
        )
        grown = after(self.person, self.condition, session)
        self.flares += grown.flare_until_day > self.condition.flare_until_day
        self.condition = grown


def _raised(past: list[SessionSummary], last: Dose) -> Raised | None:
    if not past or last.load_g > past[-1].load_g:
        return "load" if past else None
    return "range" if last.end_cdeg - last.start_cdeg > past[-1].end_cdeg - past[-1].start_cdeg else None


def _facts(dose: Dose, sets: Sets, today: Answers) -> SetFacts:
    count, ended_by = int(sets.reps[0]), ENDINGS[int(sets.ended_by[0])]
    columns = [np.round(getattr(sets, name)[0, :count], 3).tolist() for name in FIGURES]
    reps = tuple(
        Rep(
            set=dose.set,
            rep=number + 1,
            side=dose.side,
            setting=SETTING,
            load_g=dose.load_g,
            **dict(zip(FIGURES, values, strict=True)),
        )
        for number, values in enumerate(zip(*columns, strict=True))
    )
    end = SetEnd(
        set=dose.set,
        side=dose.side,
        setting=SETTING,
        reps=count,
        partial_reps=int(sets.partial_reps[0]),
        ended_by=ended_by,
        duration_s=float(sets.duration_s[0]),
    )
    said = replace(today, pain_set=int(sets.said_pain[0]), rir=RIR_WORDS[int(sets.said_rir[0])])
    return SetFacts(applied=dose, reps=reps, end=end, answers=said)


def _doses(dose: Dose, decision: Decision) -> Doses:
    def one(value: float) -> Array:
        return np.array([value], dtype=np.float64)

    return Doses(
        load_kg=one(dose.load_g / 1000), start_deg=one(dose.start_cdeg / CDEG),
        end_deg=one(dose.end_cdeg / CDEG), reps=one(dose.reps), work_s=one(dose.work_ms / 1000),
        concentric_s=one(dose.tempo_ms[0] / 1000), hold_s=one(dose.tempo_ms[1] / 1000),
        eccentric_s=one(dose.tempo_ms[2] / 1000), min_speed_pct=one(decision.stop.min_speed_pct),
        min_range_pct=one(decision.stop.min_range_pct), max_tempo_pct=one(decision.stop.max_tempo_pct),
    )  # fmt: skip


def train_all(count: int, kind: str, side: Side, effort: EffortModel, policy: str) -> list[Course]:
    """Let people of all strata train for twelve weeks, twice a week."""
    courses = [
        Course(person=one, kind=kind, side=side, effort=effort, policy=policy, condition=fresh(one))
        for one in people(count, 11)
    ]
    for course in courses:
        for day in VISIT_DAYS:
            if attends(course.person, day):
                course.visit(day)
    return courses


@pytest.fixture(scope="session")
def loop() -> Callable[..., list[Course]]:
    return train_all
