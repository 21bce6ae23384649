"""What counts as wider."""

from dataclasses import replace

import pytest

from contract.messages import Envelope, Phase, SideRange
from services.prescribing.sign import full_envelope
from services.prescribing.widening import CAPS, wider

LIMITS = full_envelope("trunk_rotation", now_ms=0, phase_cap_g=10_000, max_torque_nm=80)


def with_side(lowest: int, highest: int, first: int) -> Envelope:
    window = SideRange(lowest_cdeg=lowest, highest_cdeg=highest, start_highest_cdeg=first)
    return replace(LIMITS, sides={"left": window})


def test_the_same_limits_are_not_wider_and_fewer_sides_are_not() -> None:
    assert wider(LIMITS, LIMITS) == ()
    assert wider(LIMITS, replace(LIMITS, sides={})) == ()


@pytest.mark.parametrize("name", CAPS)
def test_one_unit_more_of_any_cap_is_wider_and_one_less_is_not(name: str) -> None:
    held = getattr(LIMITS, name)
    assert wider(LIMITS, replace(LIMITS, **{name: held + 1})) == (name,)
    assert wider(LIMITS, replace(LIMITS, **{name: held - 1})) == ()


@pytest.mark.parametrize(
    ("window", "is_wider"),
    [((-100, 200, 150), False), ((-101, 200, 150), True), ((-100, 201, 150), True), ((-100, 200, 151), True)],
)
def test_one_unit_more_of_a_range_is_wider(window: tuple[int, int, int], is_wider: bool) -> None:
    assert bool(wider(with_side(-100, 200, 150), with_side(*window))) is is_wider


@pytest.mark.parametrize(
    ("before", "after", "is_wider"),
    [
        ("calm", "restore", True),
        ("calm", "strengthen", True),
        ("build", "strengthen", True),
        ("maintain", "strengthen", True),
        ("strengthen", "maintain", False),
        ("strengthen", "calm", False),
        ("build", "build", False),
    ],
)
def test_a_phase_that_asks_for_more_is_wider_whatever_the_caps(
    before: Phase, after: Phase, *, is_wider: bool
) -> None:
    """Under the same caps the effort target rises, and with it the chance of a set near failure."""
    grown = wider(replace(LIMITS, phase=before), replace(LIMITS, phase=after))
    assert grown == (("phase",) if is_wider else ())


def test_a_side_that_was_not_allowed_is_wider() -> None:
    assert "sides.right" in wider(with_side(0, 1, 1), LIMITS)
