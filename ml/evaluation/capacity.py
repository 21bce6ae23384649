"""Judging 1RM estimates: one person left out at a time, every method on the same sets."""

from collections.abc import Sequence
from itertools import combinations, groupby
from typing import Any, Final, NamedTuple

import numpy as np

from ml.evaluation.one_rm import Regression, believed_kg, brzycki_kg, epley_kg, population
from ml.evaluation.one_rm_table import Set
from ml.evaluation.scores import DIGITS, bootstrap

METHODS: Final = ("epley", "brzycki", "regression", "openspine")
SHARE_STEP = 5  # percent; loads are grouped by their nearest multiple
GOALS: Final = {"90": 3.6, "80": 6.1, "70": 8.9}  # percent; Epley on published sets (science 2.1)


class Left(NamedTuple):
    """One piece of work: the sets of the person who is left out, and those of everybody else."""

    own: list[Set]
    others: list[Set]


class Judged(NamedTuple):
    """Errors (% of the 1RM, signed) of one set, or of two sets together, by method."""

    person: str
    percent: str  # of the 1RM, to the nearest five; two joined by + for two sets
    errors: dict[str, float]


def pieces(sets: Sequence[Set]) -> list[Left]:
    """Leave one person out at a time."""
    people = sorted({one.person for one in sets})
    return [
        Left([one for one in sets if one.person == person], [one for one in sets if one.person != person])
        for person in people
    ]


def run(left: Left) -> list[Judged]:
    """Estimate from each set of the person, and from each two sets of one exercise."""
    known, regression = population(left.others), Regression(left.others)
    found = []
    for one in left.own:
        estimates = {
            "epley": epley_kg(one),
            "brzycki": brzycki_kg(one),
            "regression": regression.kg(one),
            "openspine": believed_kg([one], known),
        }
        found.append(_judged([one], estimates))
    for _, same in groupby(sorted(left.own, key=lambda one: one.exercise), lambda one: one.exercise):
        for pair in combinations(list(same), 2):
            if pair[0].one_rm_kg != pair[1].one_rm_kg or pair[0].weight_kg == pair[1].weight_kg:
                continue  # another 1RM is another state of training; the same load says nothing of the slope
            single = {
                "epley": float(np.mean([epley_kg(one) for one in pair])),
                "brzycki": float(np.mean([brzycki_kg(one) for one in pair])),
                "regression": float(np.mean([regression.kg(one) for one in pair])),
                "openspine": believed_kg(pair, known),
            }
            found.append(_judged(pair, single))
    return found


def figures(judged: Sequence[Judged], seed: int) -> dict[str, Any]:
    """Return MAPE and bias (%) by method and load, from one set and from two, and the goals."""
    one = [row for row in judged if "+" not in row.percent]
    two = [row for row in judged if "+" in row.percent]
    table = {percent: _group(rows, seed) for percent, rows in _by_percent(one).items()}
    goals = {
        percent: _goal(goal, table[percent]["methods"]) for percent, goal in GOALS.items() if percent in table
    }
    return {
        "people": len({row.person for row in judged}),
        "one_set": {"all": _group(one, seed), **table},
        "two_sets": {"all": _group(two, seed), **{k: _group(v, seed) for k, v in _by_percent(two).items()}}
        if two
        else {},
        "goals": goals,
    }


def _goal(goal: float, methods: dict[str, Any]) -> dict[str, Any]:
    """Hold us to Epley's published error and to its error on this very table."""
    ours, epley = methods["openspine"]["mape"], methods["epley"]["mape"]
    return {"goal": goal, "epley_here": epley, "found": ours, "met": ours < min(goal, epley)}


def _by_percent(rows: Sequence[Judged]) -> dict[str, list[Judged]]:
    names = sorted({row.percent for row in rows}, reverse=True)
    return {name: [row for row in rows if row.percent == name] for name in names}


def _judged(sets: Sequence[Set], estimates: dict[str, float]) -> Judged:
    one_rm_kg = sets[0].one_rm_kg
    percents = sorted({round(100.0 * one.share / SHARE_STEP) * SHARE_STEP for one in sets}, reverse=True)
    name = (
        "+".join(map(str, percents))
        if len(sets) == 1 or len(percents) > 1
        else f"{percents[0]}+{percents[0]}"
    )
    errors = {method: 100.0 * (kg / one_rm_kg - 1.0) for method, kg in estimates.items()}
    return Judged(sets[0].person, name, errors)


def _group(rows: Sequence[Judged], seed: int) -> dict[str, Any]:
    people = np.array([row.person for row in rows])
    methods = {}
    for name in METHODS:
        errors = np.array([row.errors[name] for row in rows])
        methods[name] = {
            "mape": round(float(np.abs(errors).mean()), DIGITS),
            "bias": round(float(errors.mean()), DIGITS),
            "mape_95_percent": bootstrap(np.abs(errors), people, seed),
        }
    return {"sets": len(rows), "people": len(np.unique(people)), "methods": methods}
