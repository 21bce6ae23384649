"""A what-if added up: both sides, and which reasons stand behind the decisions that differ."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ml.clinical.table import EFFORT_HARD
from ml.whatif.change import Change
from ml.whatif.steps import DoneSet, Given, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """One side of the comparison; `hard` counts sets at a predicted effort of 8 and more."""

    sets: int
    hard: int
    mean_load_g: float
    last_load_g: float  # mean over stations and sides of their last set
    mean_p_too_hard: float
    rises: int  # of decisions
    holds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The whole history; `codes`: reasons in decisions that differ -> times there and times here."""

    change: Change
    simulated: bool
    steps: tuple[Step, ...]
    real: Totals
    other: Totals
    decisions: int
    differing: int
    drifted: int  # decisions that come out differently with nothing changed
    codes: dict[str, tuple[int, int]]
    left_out: dict[str, int]  # reason -> sets


def summed(steps: Sequence[Step], change: Change, left_out: dict[str, int], *, simulated: bool) -> Comparison:
    """Add a comparison up."""
    differing = {one.done.decision for one in steps if one.is_different}
    codes: dict[str, tuple[int, int]] = {}
    for one in {one.done.decision: one for one in steps if one.is_different}.values():
        _count(codes, one.real.why, (1, 0))
        _count(codes, one.other.why if one.other else ("no_safe_dose",), (0, 1))
    return Comparison(
        change=change,
        simulated=simulated,
        steps=tuple(steps),
        real=_totals([(one.done, one.real) for one in steps]),
        other=_totals([(one.done, one.other) for one in steps if one.other is not None]),
        decisions=len({one.done.decision for one in steps}),
        differing=len(differing),
        drifted=len({one.done.decision for one in steps if one.has_drifted}),
        codes=dict(sorted(codes.items(), key=lambda pair: -sum(pair[1]))),
        left_out=left_out,
    )


def _count(codes: dict[str, tuple[int, int]], why: Iterable[str], times: tuple[int, int]) -> None:
    for code in why:
        there, here = codes.get(code, (0, 0))
        codes[code] = (there + times[0], here + times[1])


def _totals(given: Sequence[tuple[DoneSet, Given]]) -> Totals:
    raised = {done.decision: one.raised for done, one in given}
    last = {(done.request.kind, done.request.side): one.dose.load_g for done, one in given}
    rises = sum(1 for one in raised.values() if one is not None)
    return Totals(
        sets=len(given),
        hard=sum(one.effort >= EFFORT_HARD for _, one in given),
        mean_load_g=_mean([one.dose.load_g for _, one in given]),
        last_load_g=_mean(list(last.values())),
        mean_p_too_hard=_mean([one.p_too_hard for _, one in given]),
        rises=rises,
        holds=len(raised) - rises,
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
