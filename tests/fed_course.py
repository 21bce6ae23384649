"""A person whose answers are fed: visits of one side under the real decision, without service or emulator.

The body is the belief's own equation with its own capacity: good for a story, not for a trial.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import exp, inf
from typing import Any

from contract.envelope import Standing
from contract.machines import CDEG, catalogue
from contract.messages import Envelope, History, Phase, Rep, SetEnd, SideRange
from ml.adjust import adjust
from ml.belief.capacity import effort_cr10, reserve
from ml.belief.priors import prior
from ml.belief.state import CAPACITY, Belief, from_json
from ml.clinical.phases import proposal
from ml.clinical.table import phase_cap_g
from ml.decision import Decision
from ml.effort.model import RuleEffort
from ml.evidence import gather
from ml.request import Answers, Course, Dose, Person, Raised, Request, SessionSummary, SetFacts
from ml.rules.phase_facts import phase_facts, signed_capacity_g
from ml.whatif import DoneSet

START_MS = 1_790_000_000_000
DAY_MS = 86_400_000
SETTING = "00000000-0000-4000-8000-000000000009"
GAIN_LOG = 0.013  # log capacity a trained visit (design page 5)
WORDS = ((1.0, "0"), (3.0, "1-2"), (6.0, "3-5"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What is fed: the day, how the morning was, the share of the range that is painless, and readiness."""

    day: float
    morning_nrs: int | None = None
    morning_lasted_h: float | None = None
    reached: float = 1.0
    ready_log: float = 0.0  # log; strength of this day
    released: bool = False  # the clinician signs strengthen after this visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One visit: the plan, what was done set by set, and the decision after each set."""

    number: int
    phase: Phase
    plan: Decision
    doses: tuple[Dose, ...]
    after: tuple[Decision, ...]
    efforts: tuple[float, ...]  # true (CR10)


@dataclass(slots=True, kw_only=True)
class FedCourse:
    """One person on lumbar extension (mutable: it goes on visit by visit)."""

    person: Person
    pains: Mapping[int, int]  # by visit: pain before and in the sets (NRS)
    policy: str = "steady"
    strength_log: float = 0.0
    ready_log: float = 0.0
    kind: str = "lumbar_extension"
    signed_cdeg: tuple[int, int] = (0, 6_000)
    phase: Phase = "restore"
    signed_g: int = 0
    since_ms: int = START_MS
    belief: dict[str, Any] | None = None
    past: list[SessionSummary] = field(default_factory=list)
    log: list[Done] = field(default_factory=list)
    history: list[DoneSet] = field(default_factory=list)

    def visit(self, fed: Visit) -> Done:
        """Train one visit."""
        number, now_ms = len(self.past) + 1, START_MS + round(fed.day * DAY_MS)
        self.ready_log = fed.ready_log
        pain = self.pains[number]
        today = Answers(
            pain_before=pain, morning_nrs=fed.morning_nrs if fed.morning_nrs is not None else pain,
            morning_lasted_h=fed.morning_lasted_h, morning_asked=number > 1,
        )  # fmt: skip
        asked = self._request(now_ms, number, today)
        plan = adjust(replace(asked, today=replace(today, pain_before=None)), RuleEffort())
        decision = adjust(replace(asked, occasion="answer"), RuleEffort())
        finished: list[SetFacts] = []
        after: list[Decision] = []
        raised = None
        for index, row in enumerate(plan.rows):
            dose = replace(decision.rows[0], set=row.set)
            most_deg = _painless_deg(plan.rows[0], fed)
            finished.append(self._perform(dose, most_deg, pain))
            self._keep(asked, dose, decision, finished[-1])
            raised = raised or decision.raised
            following = plan.rows[min(index + 1, len(plan.rows) - 1)]
            asked = replace(
                asked, occasion="answer", sets=tuple(finished), standing=self._standing(finished),
                current=dose if dose.mode == following.mode else following, next_set=len(finished) + 1,
                raised_today=raised,
            )  # fmt: skip
            decision = adjust(asked, RuleEffort())
            after.append(decision)
        work = [facts for facts in finished if facts.applied.mode == "train"]
        done = Done(
            number=number, phase=self.phase, plan=plan, doses=tuple(one.applied for one in work),
            after=tuple(after), efforts=tuple(self._effort(one) for one in work),
        )  # fmt: skip
        self.log.append(done)
        self._remember(now_ms, today, work, decision, pain)
        self._sign(asked, decision, now_ms, released=fed.released)
        self.strength_log += GAIN_LOG
        return done

    @property
    def truth(self) -> Belief:
        """What the body really can."""
        believed = prior(self.person, self.kind, "both")
        mean = list(believed.state.mean)
        mean[CAPACITY] += self.strength_log + self.ready_log
        return replace(believed, state=believed.state._replace(mean=tuple(mean)))

    def _effort(self, facts: SetFacts) -> float:
        return effort_cr10(facts.end.reps, reserve(self.truth, facts.applied).reps)

    def _perform(self, dose: Dose, most_deg: float, pain: int) -> SetFacts:
        possible = reserve(self.truth, dose).reps
        count = max(min(dose.reps, int(possible)), 1)
        left = max(possible - count, 0.0)
        end_deg = min(dose.end_cdeg / CDEG, most_deg)
        reps = tuple(_rep(dose, number, possible - number, end_deg) for number in range(1, count + 1))
        end = SetEnd(
            set=dose.set, side="both", setting=SETTING, reps=count, partial_reps=0,
            ended_by="target" if count == dose.reps else "tempo", duration_s=count * 5.0,
        )  # fmt: skip
        said = next((word for below, word in WORDS if left < below), "many")
        return SetFacts(applied=dose, reps=reps, end=end, answers=Answers(pain_set=pain, rir=said))

    def _request(self, now_ms: int, number: int, today: Answers) -> Request:
        pains = [one.pain_before for one in self.past[-3:] if one.pain_before is not None]
        baseline = sorted(pains)[len(pains) // 2] if pains else today.pain_before or 0
        away = (now_ms - self.past[-1].wall_ms) / DAY_MS if self.past else None
        is_away = away is not None and away >= 15
        return Request(
            occasion="plan", now_ms=now_ms, kind=self.kind, side="both", profile="rehab",
            person=replace(self.person, baseline_nrs=baseline), visit=number, session_number=number,
            envelope=self._envelope(), standing=self._standing([]),
            flags=("no_increase", "returning") if is_away else ("calibrating",) if number <= 4 else (),
            ceiling_g=100_000, current=None, next_set=1, today=today, past=tuple(self.past), days_away=away,
            belief=self.belief, policy=self.policy, painless_range_cdeg=None if self.past else (1_000, 5_500),
            model="rule-1", course=Course(started_ms=START_MS, phase_since_ms=self.since_ms),
        )  # fmt: skip

    def _envelope(self) -> Envelope:
        kind = catalogue()[self.kind]
        self.signed_g = self.signed_g or signed_capacity_g(prior(self.person, self.kind, "both"))
        low, high = self.signed_cdeg
        return Envelope(
            version=1, subject="0" * 32, machine_kind=self.kind, max_load_g=self.signed_g, max_torque_nm=0,
            sides={"both": SideRange(lowest_cdeg=low, highest_cdeg=high, start_highest_cdeg=5_400)},
            max_speed_cdeg_s=kind.max_speed_cdeg_s, phase=self.phase,
            phase_cap_g=phase_cap_g(self.phase, self.signed_g), pain_green_nrs=4, pain_amber_nrs=6,
            valid_until_ms=2**50, key_id="demo",
        )  # fmt: skip

    def _standing(self, finished: list[SetFacts]) -> Standing:
        loads = sorted(one.load_g for one in self.past[-3:])
        work = [facts.applied for facts in finished if facts.applied.mode == "train"]
        last = self.past[-1] if self.past else None
        history = History(
            median3_g=loads[(len(loads) - 1) // 2] if loads else 0,
            peak_cdeg=last.end_cdeg if last else 0,
            last_regular_g=last.load_g if last else 0,
        )
        return Standing(
            history=history,
            accepted_g=work[-1].load_g if work else None,
            day_start_g=work[0].load_g if work else 0,
            range_cdeg=(work[0].start_cdeg, work[0].end_cdeg) if work else None,
            peaks_cdeg=tuple(round(rep.end_deg * CDEG) for facts in finished for rep in facts.reps),
        )

    def _keep(self, asked: Request, dose: Dose, decision: Decision, facts: SetFacts) -> None:
        if dose.mode == "train":
            self.history.append(
                DoneSet(
                    session=f"visit-{asked.visit}", opened_ms=asked.now_ms, set=dose.set,
                    decision=f"{asked.visit}-{dose.set}", request=replace(asked, occasion="answer"),
                    sent=dose, applied=dose, raised=decision.raised,
                    why=tuple(why.code for why in decision.why), pain_set=facts.answers.pain_set,
                )
            )  # fmt: skip

    def _remember(
        self, now_ms: int, today: Answers, work: list[SetFacts], decision: Decision, pain: int
    ) -> None:
        self.belief = decision.belief
        if self.past:  # the morning after belongs to the visit before
            self.past[-1] = replace(self.past[-1], morning_nrs=today.morning_nrs)
        last, before = work[-1], self.past[-1] if self.past else None
        dose = last.applied
        self.past.append(
            SessionSummary(
                wall_ms=now_ms, visit=len(self.past) + 1, load_g=dose.load_g, start_cdeg=dose.start_cdeg,
                end_cdeg=dose.end_cdeg, reps=dose.reps, work_ms=dose.work_ms,
                effort_cr10=decision.estimate.effort_cr10, pain_before=today.pain_before, pain_set=pain,
                raised=_raised(before, dose), ended_by=last.end.ended_by,
            )
        )  # fmt: skip

    def _sign(self, asked: Request, decision: Decision, now_ms: int, *, released: bool) -> None:
        """Sign what the model proposes, at once, or release: a phase with the capacity believed then."""
        believed = from_json(decision.belief)
        assert believed is not None
        facts = phase_facts(gather(replace(asked, past=tuple(self.past)), believed))
        following = "strengthen" if released else proposal(self.phase, facts)
        if following is not None:
            self.phase, self.signed_g, self.since_ms = following, signed_capacity_g(believed), now_ms


def _painless_deg(row: Dose, fed: Visit) -> float:
    """Tell how far the person gets today without pain; as far as asked on a usual day."""
    if fed.reached >= 1.0:
        return inf
    return (row.start_cdeg + (row.end_cdeg - row.start_cdeg) * fed.reached) / CDEG


def _raised(before: SessionSummary | None, dose: Dose) -> Raised | None:
    """Name what a visit raised over the one before, as the service does."""
    if before is None:
        return None
    if dose.load_g > before.load_g:
        return "load"
    if dose.end_cdeg - dose.start_cdeg > before.end_cdeg - before.start_cdeg:
        return "range"
    return "time" if dose.reps > before.reps else None


def _rep(dose: Dose, number: int, left: float, end_deg: float) -> Rep:
    """A paced rep: speed falls late, and all the later the more reps are left."""
    speed = 1.0 - 0.40 * exp(-max(left, 0.0) / 1.6)
    concentric_s = dose.tempo_ms[0] / 1_000 / speed
    span_deg = end_deg - dose.start_cdeg / CDEG
    return Rep(
        set=dose.set, rep=number, side="both", setting=SETTING, load_g=dose.load_g,
        start_deg=dose.start_cdeg / CDEG, end_deg=end_deg, concentric_s=concentric_s,
        hold_s=dose.tempo_ms[1] / 1_000, eccentric_s=dose.tempo_ms[2] / 1_000, peak_torque_nm=40.0,
        mean_torque_nm=35.0, work_j=20.0, peak_speed_deg_s=1.4 * span_deg / concentric_s,
        mean_speed_deg_s=span_deg / concentric_s, smoothness=-1.9, quality=("paced",),
    )  # fmt: skip
