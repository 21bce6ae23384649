from datetime import UTC, datetime

import pytest

from contract.machines import catalogue
from services.insights import units


def test_grams_hundredths_and_milliseconds_become_what_people_read() -> None:
    assert units.kg(12_345) == 12.345
    assert units.deg(-1_525) == -15.25
    assert units.seconds(1_500) == 1.5
    assert units.at(1_795_000_000_000) == datetime(2026, 11, 18, 11, 6, 40, tzinfo=UTC)
    assert units.at_or_none(None) is None
    assert units.rounded(None) is None
    assert units.rounded(1.26) == 1.3


@pytest.mark.parametrize(
    ("kind", "travel", "shown"),
    [("lumbar_extension", 0, 72), ("lumbar_extension", 72, 0), ("trunk_rotation", -15, -15), (None, 5, 5)],
)
def test_clinical_angle(kind: str | None, travel: float, shown: float) -> None:
    assert units.clinical_deg(kind, travel) == shown


def test_unknown_kind_shows_travel() -> None:
    assert "trampoline" not in catalogue()
    assert units.clinical_deg("trampoline", 5.0) == 5.0
