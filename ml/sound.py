"""Tells numbers that may be believed from those that may not: of a model, a stored belief, a policy.

No number is trusted for where it comes from. What is not sound is not used: the rule reads the set, the prior
stands for the belief, the table's dose for the wish; nothing rises on such a day, and staff are told.
"""

from collections.abc import Iterable, Sequence
from math import sqrt
from typing import Any, Final

from contract.envelope import REPS_MOST
from contract.machines import catalogue
from ml.belief.kalman import Matrix
from ml.belief.state import PLAIN_SCHEMA, SCHEMA, SIZE, Belief, from_json
from ml.effort.features import SetFeatures
from ml.effort.model import EffortModel, Reserves, RuleEffort
from ml.request import Dose

MODEL, BELIEF, POLICY = "model_unsound", "belief_unsound", "policy_unsound"  # why a decision abstains
BELIEF_SCHEMA: Final = "belief_schema_unknown"  # stored by a newer version: nothing here can read it
DOUBTS: Final = (MODEL, BELIEF, BELIEF_SCHEMA, POLICY)
SCHEMAS: Final = (SCHEMA, PLAIN_SCHEMA)
ALERT: Final = "model_failed"
RESERVE_MOST = 1_000.0  # reps; a light load leaves hundreds, nothing leaves more
MEAN_MOST = 30.0  # of any state (log kg, logits, reps): exp(30) still is a number to work with
VARIANCE_MOST = 1e4
TIRED_MOST_LOG = 3.0  # log capacity: a set that takes 95 % of it leaves nobody to do another
SESSIONS_MOST = 100_000
JITTER = 1e-9  # of a diagonal: rounding to ten digits may leave a covariance so far from positive
LOAD_MOST_G, ANGLE_MOST_CDEG = 1_000_000, 36_000  # far beyond every machine: the limiter judges the rest
TIME_MOST_MS = 900_000  # no set, rest or part of a rep lasts longer than a machine's 15 minutes (page 8)


def read_estimates(effort: EffortModel, rows: Sequence[SetFeatures]) -> tuple[list[Reserves], list[bool]]:
    """Let a model read a batch of sets; what it says unsoundly the rule reads. Second: which are its own."""
    try:
        said = list(effort.estimate(rows))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        said = []
    if len(said) != len(rows):
        return RuleEffort().estimate(rows), [False] * len(rows)
    own = [_is_reserve(one) for one in said]
    if all(own):
        return said, own
    rule = RuleEffort().estimate(rows)
    return [one if is_own else other for one, other, is_own in zip(said, rule, own, strict=True)], own


def read_belief(
    stored: dict[str, Any] | None, of: tuple[str, str] | None = None
) -> tuple[Belief | None, bool]:
    """Read a stored belief, `of` one machine kind and side; second: False when it must not be believed."""
    if stored is None:
        return None, True
    try:
        belief = from_json(stored)
        is_sound = belief is not None and is_believable(belief)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None, False
    is_own = belief is None or of is None or (belief.kind, belief.side) == of
    return (belief, True) if is_sound and is_own else (None, False)


def doubt_of(stored: dict[str, Any]) -> str:
    """Say why a stored belief is not believed: its schema is not known here, or its numbers are not sound."""
    return BELIEF if stored.get("schema") in SCHEMAS else BELIEF_SCHEMA


def is_believable(belief: Belief) -> bool:
    """Tell whether a belief is finite, within what people can be, with a true covariance."""
    updated_ms = 0 if belief.updated_ms is None else belief.updated_ms
    counts = (belief.sessions, belief.trained, belief.tired_set, updated_ms)
    others = (belief.stimulus, belief.gained_log, belief.miss_level)
    return (
        belief.kind in catalogue()
        and belief.side in ("both", "left", "right")
        and all(type(count) is int and count >= 0 for count in counts)
        and belief.sessions <= SESSIONS_MOST
        and _are_within((*belief.state.mean, *others), MEAN_MOST)
        and 0.0 <= belief.tired_log <= TIRED_MOST_LOG
        and len(belief.state.mean) == SIZE
        and _is_positive(belief.state.covariance)
    )


def has_learned(belief: Belief) -> bool:
    """Tell whether a sound belief is one still after its facts: finite, and no variance lost or run away."""
    variances = (row[index] for index, row in enumerate(belief.state.covariance))
    others = (belief.stimulus, belief.gained_log, belief.miss_level)
    is_within = _are_within((*belief.state.mean, *others), MEAN_MOST)
    return is_within and all(0.0 < one <= VARIANCE_MOST for one in variances)


def is_dose(dose: Dose, base: Dose) -> bool:
    """Tell whether a wished dose is one: whole numbers of this set, none of them absurd."""
    times = (dose.work_ms, dose.rest_ms, *dose.tempo_ms)
    whole = (dose.load_g, dose.start_cdeg, dose.end_cdeg, dose.reps, *times)
    return (
        (dose.set, dose.side, dose.mode) == (base.set, base.side, base.mode)
        and len(dose.tempo_ms) == len(base.tempo_ms)
        and all(type(number) is int for number in whole)
        and 0 <= dose.load_g <= LOAD_MOST_G
        and max(abs(dose.start_cdeg), abs(dose.end_cdeg)) <= ANGLE_MOST_CDEG
        and 1 <= dose.reps <= REPS_MOST
        and all(0 <= time <= TIME_MOST_MS for time in times)
    )


def _is_reserve(said: Reserves) -> bool:
    """Tell whether a band is in order: 0 <= low <= middle <= high, and finite."""
    try:
        rir, low, high, _ = said
        is_ordered = 0.0 <= low <= rir <= high <= RESERVE_MOST
    except (TypeError, ValueError):
        return False
    return is_ordered


def _are_within(values: Iterable[float], most: float) -> bool:
    for value in values:  # noqa: SIM110 (half of the time of a generator)
        if not -most <= value <= most:
            return False
    return True


def _is_positive(covariance: Matrix) -> bool:
    """Try the Cholesky factor: it exists for a covariance only."""
    if not all(_are_within(row, VARIANCE_MOST) for row in covariance):
        return False
    factor: list[list[float]] = []
    for index, line in enumerate(covariance):
        row: list[float] = []
        for above, entry in zip(factor, line, strict=False):
            known = sum([one * other for one, other in zip(row, above, strict=False)])
            row.append((entry - known) / above[-1])
        left = line[index] * (1.0 + JITTER) + JITTER - sum([one * one for one in row])
        if left <= 0.0:
            return False
        factor.append([*row, sqrt(left)])
    return True
