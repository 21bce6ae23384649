"""What is known before a set of given load: the belief, the machine's past, and the person's elsewhere.

Nothing here knows the reps of the set that is asked for; `nan` says that a figure does not exist yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log, log1p, nan
from statistics import fmean, pstdev

from ml.belief.capacity import LEAST_REPS, reserve
from ml.belief.state import CAPACITY, SLOPE, Belief
from ml.forecast.past import PastSet, dose_of

Named = dict[str, float]
LAGS = 5  # newest sets that are told one by one
SLOPES = (0.0333, 0.06, 0.1)  # per rep: Epley's, and steeper ones: who is stronger today is given more
FADES = (0.5, 0.8)  # weight of a set against the next newer one
TREND_FADE = 0.85
GROWTH_WEEK = 0.006  # log capacity per week that a trend is drawn to (clinic members; design choice)
TREND_RIDGE = 8.0  # weeks^2; how strongly it is drawn there
SAME_LOAD = 0.004  # log; nearer together two loads count as the same
REPS_MOST = 20.0  # expectations beyond are cut here
RECENT_DAYS = 14.0
RECENT_SETS, SPREAD_SETS = 8, 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One forecast to make: the load, the belief before it, this machine's sets and the person's others."""

    load_kg: float
    day: float
    belief: Belief
    own: Sequence[PastSet]  # of this machine, oldest first, at least one
    others: Sequence[PastSet]  # of other machines, earlier days, oldest first


def describe(case: Case) -> Named:
    """Return every feature of a case by name."""
    return {
        **_believed(case),
        **_loads(case),
        **_reps(case),
        **_expected(case),
        **_same_load(case),
        **_habits(case),
        **_elsewhere(case),
    }


def _believed(case: Case) -> Named:
    state, found = case.belief.state.mean, reserve(case.belief, dose_of(case.belief.kind, case.load_kg))
    return {
        "believed_reps": min(found.reps, REPS_MOST),
        "believed_sd": min(found.sd, REPS_MOST),
        "believed_slope": state[SLOPE],
        "capacity_sd": case.belief.sd(CAPACITY),
        "log_load": log(case.load_kg),
    }


def _loads(case: Case) -> Named:
    loads = [log(one.load_kg) for one in case.own]
    asked, steps = log(case.load_kg), _steps(case)
    raises = [step for step in steps if step > SAME_LOAD]
    usual = sorted(raises)[len(raises) // 2] if raises else nan
    held = next((count for count, one in enumerate(reversed(loads)) if not _same(one, asked)), len(loads))
    return {
        **{f"load_{lag}": asked - loads[-lag] if len(loads) >= lag else nan for lag in range(1, LAGS + 1)},
        "load_first": asked - loads[0],
        "load_most": asked - max(loads),
        "raises": len(raises) / len(steps),
        "usual_raise": usual,
        "raise_in_usual": steps[-1] / usual if raises else nan,
        "held": float(held),
    }


def _reps(case: Case) -> Named:
    reps = [one.reps for one in case.own]
    return {
        **{f"reps_{lag}": reps[-lag] if len(reps) >= lag else nan for lag in range(1, LAGS + 1)},
        "reps_mean": fmean(reps),
        "reps_recent": _faded(reps, FADES[-1]),
        "reps_sd": pstdev(reps) if len(reps) > 2 else nan,
        "reps_least": min(reps),
        "reps_most": max(reps),
        "sets": float(len(reps)),
        "day": case.day,
        "gap": case.day - case.own[-1].day,
        "since_first": case.day - case.own[0].day,
    }


def _expected(case: Case) -> Named:
    """Expect reps from faded means of log capacity, for several slopes and memories, and from its trend."""
    found: Named = {}
    asked = log(case.load_kg)
    for slope in SLOPES:
        able = [log(one.load_kg) + log1p(slope * one.reps) for one in case.own]
        for fade in FADES:
            found[f"expected_{slope}_{fade}"] = _left(_faded(able, fade) - asked, slope)
        found[f"expected_{slope}_last"] = _left(able[-1] - asked, slope)
        level, trend = _line([(one.day - case.day) / 7.0 for one in case.own], able)
        found[f"expected_{slope}_trend"] = _left(level - asked, slope)
        found[f"trend_{slope}"] = trend
    return found


def _same_load(case: Case) -> Named:
    asked = log(case.load_kg)
    reps = [one.reps for one in case.own if _same(log(one.load_kg), asked)]
    return {
        "same_load_sets": float(len(reps)),
        "same_load_mean": _mean(reps),
        "same_load_last": reps[-1] if reps else nan,
    }


def _habits(case: Case) -> Named:
    """Tell what followed raises and holds of the load: a raise says what was seen of the set before it."""
    steps, reps = _steps(case)[:-1], [one.reps for one in case.own]
    raised = [place for place, step in enumerate(steps) if step > SAME_LOAD]
    held = [place for place, step in enumerate(steps) if step <= SAME_LOAD]
    return {
        "reps_before_raise": _mean([reps[place] for place in raised]),
        "reps_after_raise": _mean([reps[place + 1] for place in raised]),
        "change_by_raise": _mean([reps[place + 1] - reps[place] for place in raised]),
        "reps_after_hold": _mean([reps[place + 1] for place in held]),
    }


def _elsewhere(case: Case) -> Named:
    """Habits of the person at other machines, and over all of them; earlier days only."""
    others = [one.reps for one in case.others]
    recent = [one.reps for one in case.others if one.day > case.day - RECENT_DAYS - 1.0]
    everything = sorted((*case.own, *case.others), key=lambda one: one.day)
    reps = [one.reps for one in everything]
    return {
        "other_sets": float(len(others)),
        "other_mean": _mean(others),
        "other_recent": _mean(recent),
        "person_mean": fmean(reps),
        "person_recent": fmean(reps[-RECENT_SETS:]),
        "person_sd": pstdev(reps[-SPREAD_SETS:]) if len(reps) > 3 else nan,
        "visits": float(len({one.day for one in everything})),
        "since_visit": case.day - everything[-1].day,
    }


def _steps(case: Case) -> list[float]:
    loads = [*(log(one.load_kg) for one in case.own), log(case.load_kg)]
    return [later - earlier for earlier, later in pairwise(loads)]


def _same(one: float, other: float) -> bool:
    return abs(one - other) < SAME_LOAD


def _left(above: float, slope: float) -> float:
    """Return the reps to failure at so much log capacity above the load (Epley's form)."""
    return min(max((exp(above) - 1.0) / slope, LEAST_REPS), REPS_MOST)


def _faded(values: Sequence[float], fade: float) -> float:
    weights = [fade ** (len(values) - 1 - place) for place in range(len(values))]
    return sum(weight * value for weight, value in zip(weights, values, strict=True)) / sum(weights)


def _line(weeks: Sequence[float], able: Sequence[float]) -> tuple[float, float]:
    """Return level today and slope beyond the usual growth (per week) of a faded line, drawn to none."""
    weights = [TREND_FADE ** (len(able) - 1 - place) for place in range(len(able))]
    rest = [value - GROWTH_WEEK * week for value, week in zip(able, weeks, strict=True)]
    one = sum(weights)
    first = sum(w * t for w, t in zip(weights, weeks, strict=True))
    second = sum(w * t * t for w, t in zip(weights, weeks, strict=True)) + TREND_RIDGE
    total = sum(w * y for w, y in zip(weights, rest, strict=True))
    moment = sum(w * t * y for w, t, y in zip(weights, weeks, rest, strict=True))
    slope = (one * moment - first * total) / (one * second - first**2)
    return (total - slope * first) / one, slope


def _mean(values: Sequence[float]) -> float:
    return fmean(values) if values else nan
