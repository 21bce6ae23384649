"""Champion and challenger on the same question: how far apart they are, and how well each knows a set.

The challenger decides after the champion's answer is out; nothing of it reaches a machine.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import Final

from contract.envelope import limits, violations
from contract.machines import LOAD_STEP_G, catalogue
from ml.belief.capacity import chance_below, reps_in_time, reserve
from ml.belief.state import from_json
from ml.decision import Decision
from ml.request import Dose, Request

LEAST_OUTCOMES: Final = 30  # sets whose outcome is known: below it a share says nothing
CUTS: Final = (0.02, 0.05, 0.10, 0.30)  # of predicted P(RIR < 1): the chances that the law knows, and finer


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One question answered twice; chances are about the dose that the champion gave."""

    champion_load_g: int
    load_g: int
    champion_raised: bool
    raised: bool
    agrees: bool
    violations: tuple[str, ...]
    champion_p_too_hard: float | None
    p_too_hard: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadowed:
    """A comparison as it was kept, and what the set then showed; `failed`: the challenger gave no answer."""

    champion_load_g: int
    load_g: int
    champion_raised: bool
    raised: bool
    agrees: bool
    violations: int
    failed: bool
    champion_p_too_hard: float | None = None
    p_too_hard: float | None = None
    too_hard: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Sets of one stretch of predicted chance: from, up to, how many, predicted and observed share."""

    above: float
    up_to: float
    sets: int
    predicted: float
    observed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Predicted P(RIR < 1) against what sets showed; shares are None with too few sets."""

    sets: int
    predicted: float | None
    observed: float | None
    brier: float | None
    bins: tuple[Bin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a challenger would have done; `load_difference_pct` is its mean load over the champion's."""

    decisions: int
    failed: int
    agreement: float | None
    load_difference_pct: float | None
    raised_while_held: int
    held_while_raised: int
    violations: int
    champion: Calibration
    challenger: Calibration


def compare(request: Request, champion: Decision, challenger: Decision) -> Comparison:
    """Compare both answers to one question by the dose of its first work set."""
    own, other = _leading(champion), _leading(challenger)
    return Comparison(
        champion_load_g=own.load_g if own else 0,
        load_g=other.load_g if other else 0,
        champion_raised=champion.raised is not None,
        raised=challenger.raised is not None,
        agrees=_is_alike(own, other),
        violations=_broken(request, challenger),
        champion_p_too_hard=chance_too_hard(champion, own),
        p_too_hard=chance_too_hard(challenger, own),
    )


def chance_too_hard(decision: Decision, dose: Dose | None) -> float | None:
    """Return P(RIR < 1) of a dose by the belief after a decision; None without a dose or a load."""
    belief = from_json(decision.belief)
    if dose is None or belief is None or dose.load_g == 0:
        return None
    expected = reserve(belief, dose)
    return round(chance_below(expected.reps, expected.sd, reps_in_time(dose) + 1.0), 6)


def report(rows: Sequence[Shadowed]) -> Report:
    """Sum up a challenger's time in shadow."""
    answered = [row for row in rows if not row.failed]
    differences = [
        100.0 * (row.load_g - row.champion_load_g) / row.champion_load_g
        for row in answered
        if row.champion_load_g > 0
    ]
    return Report(
        decisions=len(rows),
        failed=len(rows) - len(answered),
        agreement=round(fmean(row.agrees for row in answered), 4) if answered else None,
        load_difference_pct=round(fmean(differences), 3) if differences else None,
        raised_while_held=sum(row.raised and not row.champion_raised for row in answered),
        held_while_raised=sum(row.champion_raised and not row.raised for row in answered),
        violations=sum(row.violations for row in answered),
        champion=calibration((row.champion_p_too_hard, row.too_hard) for row in answered),
        challenger=calibration((row.p_too_hard, row.too_hard) for row in answered),
    )


def calibration(pairs: Iterable[tuple[float | None, bool | None]]) -> Calibration:
    """Put predicted chances beside what was observed, over all and by stretches of chance."""
    known = [(chance, float(hard)) for chance, hard in pairs if chance is not None and hard is not None]
    if len(known) < LEAST_OUTCOMES:
        return Calibration(sets=len(known), predicted=None, observed=None, brier=None)
    edges = (0.0, *CUTS, 1.0)
    bins = (_bin(known, low, high) for low, high in pairwise(edges))
    return Calibration(
        sets=len(known),
        predicted=round(fmean(chance for chance, _ in known), 4),
        observed=round(fmean(hard for _, hard in known), 4),
        brier=round(fmean((chance - hard) ** 2 for chance, hard in known), 4),
        bins=tuple(one for one in bins if one is not None),
    )


def not_proven(found: Report, least: int) -> str | None:
    """Say why a challenger may not act yet; None when it has shadowed long enough and broke nothing."""
    answered = found.decisions - found.failed
    if found.violations:
        return f"it broke limits {found.violations} times in shadow"
    if answered < least:
        return f"it has shadowed {answered} decisions of {least}"
    return None


def _bin(known: Sequence[tuple[float, float]], low: float, high: float) -> Bin | None:
    inside = [(p, hard) for p, hard in known if low < p <= high or (low == 0.0 and p == 0.0)]
    if not inside:
        return None
    return Bin(
        above=low,
        up_to=high,
        sets=len(inside),
        predicted=round(fmean(p for p, _ in inside), 4),
        observed=round(fmean(hard for _, hard in inside), 4),
    )


def _leading(decision: Decision) -> Dose | None:
    """Pick the first work set; any decision but a plan has one row."""
    work = (dose for dose in decision.rows if dose.mode == "train")
    return next(work, decision.rows[0] if decision.rows else None)


def _is_alike(own: Dose | None, other: Dose | None) -> bool:
    """Tell whether two doses are the same but for one machine step of load."""
    if own is None or other is None:
        return own is other
    same = (own.start_cdeg, own.end_cdeg, own.reps) == (other.start_cdeg, other.end_cdeg, other.reps)
    return same and abs(own.load_g - other.load_g) <= LOAD_STEP_G


def _broken(request: Request, decision: Decision) -> tuple[str, ...]:
    """List what the doses of a decision break, as the guard of the machine would judge them."""
    kind = catalogue()[request.kind]
    bounds = limits(request.envelope, kind, request.side, request.standing, request.flags, request.ceiling_g)
    return tuple(name for dose in decision.rows for name in violations(dose, bounds))
