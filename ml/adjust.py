"""The decision: one pure function from everything it may know to the next dose or a hold.

Rule 1: what is not in the request is not known; no clock, no file, no network, no global state.
Rule 2: the belief learns from applied doses and finished sets only, before anything is decided.
Rule 3: the decision table is the law; a policy chooses inside it; the limiter has the last word.
Rule 4: the answer holds the decision and every intermediate; the same request gives the same bytes.
Rule 5: a dose that no limit allows is no dose: the rows are empty, and staff are told.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp

from ml.belief import CAPACITY, Belief, from_json, rounded, start_session, to_json
from ml.clinical import TABLE
from ml.decision import Decision, Estimate
from ml.effort import BAND_SIGMAS, EffortModel, Reserves
from ml.evidence import Evidence, gather
from ml.features import FRESH_REST_S, SetFeatures, features
from ml.limiter import Limited, bounds, limit
from ml.observations import Learned, learn
from ml.policies import FALLBACK, POLICIES
from ml.priors import prior
from ml.reasons import reasons
from ml.request import Dose, Request
from ml.session_rows import plan_rows
from ml.stop_rule import stop_rule
from ml.wish import Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """A request with the belief of this session before its facts, and its sets as features."""

    request: Request
    belief: Belief
    rows: tuple[SetFeatures, ...]


def adjust(request: Request, effort: EffortModel) -> Decision:
    """Decide the next dose of one side on one machine."""
    return adjust_many((request,), effort)[0]


def adjust_many(requests: Sequence[Request], effort: EffortModel) -> list[Decision]:
    """Decide a batch; the effort of all its sets is predicted together."""
    opened = [_open(request) for request in requests]
    estimates = effort.estimate([row for one in opened for row in one.rows])
    decisions, used = [], 0
    for one in opened:
        own = estimates[used : used + len(one.rows)]
        used += len(one.rows)
        decisions.append(_decide(one, own, effort.name))
    return decisions


def _open(request: Request) -> _Opened:
    stored = None if request.belief is None else from_json(request.belief)
    belief = stored or prior(request.person, request.kind, request.side)
    if stored is None or _is_new_session(stored, request):
        belief = start_session(belief, request.now_ms, request.person.age_years)
    rests = (FRESH_REST_S, *(facts.applied.rest_ms / 1000.0 for facts in request.sets))
    age = request.person.age_years
    rows = tuple(features(facts, belief, age, rest) for facts, rest in zip(request.sets, rests, strict=False))
    return _Opened(request=request, belief=belief, rows=rows)


def _is_new_session(belief: Belief, request: Request) -> bool:
    """Tell whether the belief has seen fewer sessions than this one: then it is moved to today first."""
    return belief.sessions < request.session_number


def _decide(opened: _Opened, estimates: Sequence[Reserves], model: str) -> Decision:
    request = opened.request
    learned = Learned(belief=opened.belief)
    for facts, estimate in zip(request.sets, estimates, strict=True):
        later = learn(learned.belief, facts, estimate, request.today.pain_before)
        learned = replace(later, set_aside=(*learned.set_aside, *later.set_aside))
    evidence = gather(request, learned.belief, estimates[-1] if estimates else None)
    policy = request.policy if request.policy in POLICIES else FALLBACK
    wish = POLICIES[policy](evidence)
    inside = bounds(request, evidence.kind)
    if request.occasion == "plan":
        limited = [limit(row, inside) for row in plan_rows(evidence, wish.dose)]
    else:
        limited = [limit(wish.dose, inside)]
    return _answer(evidence, wish, limited, learned, (policy, model, estimates))


def _answer(
    evidence: Evidence,
    wish: Wish,
    limited: list[Limited],
    learned: Learned,
    source: tuple[str, str, Sequence[Reserves]],
) -> Decision:
    policy, model, estimates = source
    last = limited[-1]
    rows = tuple(one.dose for one in limited if one.dose is not None) if last.dose else ()
    alerts = tuple(TABLE[code].alert or "" for code in wish.situations if TABLE[code].alert)
    raised = wish.raised if last.dose and _is_risen(last.dose, wish.base) else None
    return Decision(
        rows=rows,
        stop=stop_rule(evidence, last.dose or replace(wish.dose, load_g=0)),
        held=raised is None,
        why=reasons(evidence, replace(wish, raised=raised), last),
        belief=to_json(learned.belief),
        estimate=_estimate(evidence, estimates),
        raised=raised,
        binding=last.bound[0] if last.bound else wish.binding,
        split_g=_split(wish, last),
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


def _split(wish: Wish, limited: Limited) -> dict[str, int]:
    """Add what the limiter took to the split of the wish: the parts sum to the whole change, exactly."""
    if limited.dose is None or limited.dose.load_g == wish.dose.load_g:
        return wish.split_g
    name = f"limit_{limited.bound[0].lower()}" if limited.bound else "rounding"
    return {**wish.split_g, name: limited.dose.load_g - wish.dose.load_g}


def _estimate(evidence: Evidence, estimates: Sequence[Reserves]) -> Estimate:
    belief = evidence.belief
    newest = estimates[-1] if estimates else None
    return Estimate(
        capacity_kg=rounded(exp(belief.state.mean[CAPACITY])),
        capacity_low_kg=rounded(belief.capacity_quantile_kg(-BAND_SIGMAS)),
        capacity_high_kg=rounded(belief.capacity_quantile_kg(BAND_SIGMAS)),
        rir=None if evidence.rir is None else rounded(evidence.rir),
        rir_low=None if newest is None else rounded(newest.low),
        rir_high=None if newest is None else rounded(newest.high),
        effort_cr10=None if evidence.effort is None else rounded(evidence.effort),
    )
