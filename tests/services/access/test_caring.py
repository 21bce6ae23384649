"""Which role shows more of people's health than one before it."""

from collections.abc import Sequence

import pytest

from services.access.actor import Role
from services.access.caring import is_raised

NEAR, FAR = "near", "far"
Before = Sequence[tuple[str, str | None]]


@pytest.mark.parametrize(
    ("before", "role", "sites"),
    [
        ((), "therapist", [NEAR]),
        ((("admin", None),), "therapist", [NEAR]),
        ((("therapist", None),), "clinician", [NEAR]),
        ((("therapist", NEAR),), "therapist", [NEAR, FAR]),
        ((("clinician", NEAR),), "therapist", None),
        ((("clinician", NEAR), ("clinician", FAR)), "clinician", None),
    ],
)
def test_more_is_raised(before: Before, role: Role, sites: Sequence[str] | None) -> None:
    assert is_raised(before, role, sites)


@pytest.mark.parametrize(
    ("before", "role", "sites"),
    [
        ((), "admin", None),
        ((("therapist", NEAR),), "auditor", None),
        ((("clinician", None),), "therapist", None),
        ((("clinician", None),), "clinician", [NEAR]),
        ((("therapist", NEAR), ("therapist", FAR)), "therapist", [FAR]),
    ],
)
def test_the_same_or_less_is_not(before: Before, role: Role, sites: Sequence[str] | None) -> None:
    assert not is_raised(before, role, sites)
