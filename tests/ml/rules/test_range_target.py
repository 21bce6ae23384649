"""The range that training aims at, and when it is as wide as it gets."""

from dataclasses import replace
from typing import Any

from contract.messages import SideRange
from ml.belief.priors import prior
from ml.belief.state import RANGE
from ml.evidence import Evidence, gather
from ml.learning.tolerance import range_logit
from ml.rules.range_target import is_range_complete, is_tolerated, range_target_cdeg


def evidence(build: Any, **changes: Any) -> Evidence:
    asked = build.request(**changes)
    return gather(asked, prior(asked.person, asked.kind, asked.side))


def tolerating(build: Any, end_cdeg: int) -> Evidence:
    """Make the belief nearly sure of the tolerated end."""
    known = evidence(build)
    mean = list(known.belief.state.mean)
    mean[RANGE] = range_logit("lumbar_extension", end_cdeg)
    rows = [list(row) for row in known.belief.state.covariance]
    rows[RANGE][RANGE] = 0.02
    state = known.belief.state._replace(mean=tuple(mean), covariance=tuple(tuple(row) for row in rows))
    return replace(known, belief=replace(known.belief, state=state))


def test_the_target_is_the_default_inside_the_signed_side(build: Any) -> None:
    assert range_target_cdeg(evidence(build)) == (0, 6_000)
    signed = {"both": SideRange(lowest_cdeg=1_000, highest_cdeg=4_000, start_highest_cdeg=4_000)}
    assert range_target_cdeg(evidence(build, envelope=build.envelope(sides=signed))) == (1_000, 4_000)


def test_an_end_beyond_the_tolerated_one_is_not_tried(build: Any) -> None:
    known = tolerating(build, 4_000)
    assert is_tolerated(known, 4_000)
    assert not is_tolerated(known, 4_500)


def test_a_range_is_complete_at_80_percent_or_where_the_person_ends(build: Any) -> None:
    free = tolerating(build, 6_500)
    assert not is_range_complete(free, 1_000, 4_500)
    assert is_range_complete(free, 500, 5_500)
    assert is_range_complete(tolerating(build, 4_500), 1_000, 4_500)
