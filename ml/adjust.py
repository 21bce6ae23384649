"""The decision: one pure function from everything it may know to the next dose or a hold.

Rule 1: what is not in the request is not known; no clock, no file, no network, no global state.
Rule 2: the belief learns from applied doses and finished sets only, before anything is decided.
Rule 3: the decision table is the law; a policy chooses inside it; the limiter has the last word.
Rule 4: the answer holds the decision and every intermediate; the same request gives the same bytes.
Rule 5: a dose that no limit allows is no dose: the rows are empty, and staff are told.
Rule 6: a model, a belief or a policy that is not sound is not used; then nothing rises, and staff are told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp

from ml import sound
from ml.belief.state import CAPACITY, rounded, to_json
from ml.clinical.table import TABLE
from ml.decision import Decision, Estimate
from ml.effort.features import FRESH_REST_S, SetFeatures, features
from ml.effort.model import BAND_SIGMAS, EffortModel, Reserves
from ml.evidence import Evidence, gather
from ml.explain.counter import confidence, counter
from ml.explain.reasons import binding, reasons
from ml.explain.split import Path, fit, path, split_g
from ml.forecast import forecast
from ml.learning.choice import learn_choice
from ml.learning.observations import WORK, Learned, carried, learn
from ml.learning.opening import Opening, open_belief
from ml.limiter import Limited, bounds, limit
from ml.policies import FALLBACK, POLICIES
from ml.policies.table import under_table, within_step
from ml.policies.wish import Policy, Wish
from ml.replacing import replace
from ml.request import Dose, Request
from ml.rules.light import LIGHT
from ml.rules.session_rows import plan_rows
from ml.rules.stop_rule import stop_rule


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """A request with the belief of this session before its facts, and its sets as features.

    `rows`: None for a test that is not the newest set; nobody reads the effort of it.
    """

    request: Request
    opening: Opening
    rows: tuple[SetFeatures | None, ...]
    doubts: tuple[str, ...] = ()  # what was not sound, and is not used


def adjust(request: Request, effort: EffortModel) -> Decision:
    """Decide the next dose of one side on one machine."""
    return adjust_many((request,), effort)[0]


def adjust_many(
    requests: Sequence[Request], effort: EffortModel, policies: Mapping[str, Policy] = POLICIES
) -> list[Decision]:
    """Decide a batch; the effort of all its sets is predicted together.

    `policies`: name -> policy; trials add some that know more than a product may (the safe oracle).
    """
    opened = [_open(request) for request in requests]
    read = [row for one in opened for row in one.rows if row is not None]
    estimates, are_sound = sound.read_estimates(effort, read)
    said = iter(zip(estimates, are_sound, strict=True))
    decisions = []
    for one in opened:
        own = [(None, True) if row is None else next(said) for row in one.rows]
        is_sound = all(is_sound for _, is_sound in own)
        doubted = one if is_sound else replace(one, doubts=(*one.doubts, sound.MODEL))
        decisions.append(_decide(doubted, [estimate for estimate, _ in own], effort.name, policies))
    return decisions


def _open(request: Request) -> _Opened:
    opening = open_belief(request)
    rests = (FRESH_REST_S, *(facts.applied.rest_ms / 1000.0 for facts in request.sets))
    age = request.person.age_years
    done, newest = zip(request.sets, rests, strict=False), request.sets[-1] if request.sets else None
    rows = tuple(
        features(facts, opening.today, age, rest) if facts.applied.mode in WORK or facts is newest else None
        for facts, rest in done
    )
    doubts = () if opening.is_sound else (sound.doubt_of(request.belief or {}),)
    return _Opened(request=request, opening=opening, rows=rows, doubts=doubts)


def _decide(
    opened: _Opened, estimates: Sequence[Reserves | None], model: str, policies: Mapping[str, Policy]
) -> Decision:
    learned, doubts = _learned(opened, estimates)
    request = opened.request
    if doubts:
        request = replace(request, abstain=request.abstain or doubts[0])
    evidence = gather(request, learned.belief, estimates[-1] if estimates else None)
    policy = request.policy if request.policy in policies else FALLBACK
    wish = policies[policy](evidence)
    if not sound.is_dose(wish.dose, wish.base):
        doubts = (*doubts, sound.POLICY)
        wish = under_table(evidence)[0]
    if policy in POLICIES:  # a trial may have some of its own, beyond the steps of the table
        wish = within_step(evidence, wish)
    doses = plan_rows(evidence, wish.dose) if request.occasion == "plan" else (wish.dose,)
    limited = [limit(dose, bounds(request, evidence.kind, for_staff=dose.is_for_staff)) for dose in doses]
    found = path(
        opened.opening.stored, opened.opening.today, carried(learned).moves, request.person.age_years
    )
    learned = replace(learned, set_aside=(*learned.set_aside, *doubts))
    decision = _answer(evidence, wish, limited, learned, found, (policy, model, estimates))
    return replace(decision, alerts=(*decision.alerts, sound.ALERT)) if doubts else decision


def _learned(opened: _Opened, estimates: Sequence[Reserves | None]) -> tuple[Learned, tuple[str, ...]]:
    """Let the belief learn from every set; one that ends up unsound has learned nothing today.

    A trial without load on a spasm day and the light set after it tell nothing of what is usual.
    """
    if LIGHT in opened.request.tests:
        return opened.opening.learned, opened.doubts
    learned, past = opened.opening.learned, opened.request.past
    before_g = past[-1].load_g if past else 0
    for facts, estimate in zip(opened.request.sets, estimates, strict=True):
        if facts.chosen is True:
            learned = learn_choice(learned, facts.applied, before_g)
        before_g = facts.applied.load_g
        later = learn(learned.belief, facts, estimate, opened.request.today.pain_before)
        told = (*learned.set_aside, *later.set_aside)
        learned = replace(later, set_aside=told, moves=(*learned.moves, *later.moves))
    if sound.has_learned(learned.belief):
        return learned, opened.doubts
    return opened.opening.learned, (*opened.doubts, sound.BELIEF)


def _answer(
    evidence: Evidence,
    wish: Wish,
    limited: list[Limited],
    learned: Learned,
    found: Path,
    source: tuple[str, str, Sequence[Reserves | None]],
) -> Decision:
    policy, model, estimates = source
    last = limited[-1]
    rows = tuple(one.dose for one in limited if one.dose is not None) if last.dose else ()
    alerts = tuple(TABLE[code].alert or "" for code in wish.situations if TABLE[code].alert)
    raised = wish.raised if last.dose and _is_risen(last.dose, wish.base) else None
    wish, fitting = replace(wish, raised=raised), fit(evidence.request, wish.dose, found)
    return Decision(
        rows=rows,
        stop=stop_rule(evidence, last.dose or replace(wish.dose, load_g=0)),
        held=raised is None,
        why=reasons(evidence, wish, last),
        belief=to_json(learned.belief),
        estimate=_estimate(evidence, estimates, last.dose),
        raised=raised,
        binding=binding(evidence, wish, last),
        split_g=split_g(evidence.request, wish, last, found, fitting),
        fitting_g=fitting.now_g,
        moved_g=fitting.moved_g,
        counter=counter(evidence, raised, fitting.today_percent, learned.set_aside),
        confidence=confidence(evidence, wish.dose),
        candidates=wish.candidates,
        set_aside=learned.set_aside,
        alerts=alerts if last.dose else (*alerts, "no_safe_dose"),
        policy=policy,
        model=model,
        situations=wish.situations,
    )


def _is_risen(dose: Dose, base: Dose) -> bool:
    """Tell whether anything is above the dose it started from (a step in force already is no new rise)."""
    wider = dose.end_cdeg - dose.start_cdeg > base.end_cdeg - base.start_cdeg
    return dose.load_g > base.load_g or wider or dose.reps > base.reps


def _estimate(evidence: Evidence, estimates: Sequence[Reserves | None], dose: Dose | None) -> Estimate:
    belief = evidence.belief
    newest = estimates[-1] if estimates else None
    ahead = forecast(belief, dose) if dose and dose.mode in WORK and dose.load_g > 0 else None
    return Estimate(
        capacity_kg=rounded(exp(belief.state.mean[CAPACITY])),
        capacity_low_kg=rounded(belief.capacity_quantile_kg(-BAND_SIGMAS)),
        capacity_high_kg=rounded(belief.capacity_quantile_kg(BAND_SIGMAS)),
        rir=None if evidence.rir is None else rounded(evidence.rir),
        rir_low=None if newest is None else rounded(newest.low),
        rir_high=None if newest is None or newest.at_least else rounded(newest.high),
        effort_cr10=None if evidence.effort is None else rounded(evidence.effort),
        reps=None if ahead is None else ahead.reps,
        reps_low=None if ahead is None else ahead.low,
        reps_high=None if ahead is None else ahead.high,
    )
