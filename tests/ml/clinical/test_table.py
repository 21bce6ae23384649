"""The traffic light and the phases as page 8 has them."""

import pytest

from ml.clinical.table import PHASES, TABLE, amber_until, green_until, is_settled, light, phase_cap_g


@pytest.mark.parametrize(
    ("pain", "baseline", "expected"),
    [
        (None, 2, "unknown"),
        (3, 2, "green"),
        (4, 2, "amber"),
        (5, 2, "amber"),
        (6, 2, "red"),
        (5, 5, "green"),
        (6, 5, "amber"),
        (7, 5, "red"),
    ],
)
def test_the_light_follows_the_baseline(pain: int | None, baseline: int, expected: str) -> None:
    assert light(pain, baseline, green_until(baseline), amber_until(baseline)) == expected


def test_signed_limits_only_narrow_the_light() -> None:
    assert light(5, 5, 3, 5) == "amber"
    assert light(6, 5, 3, 5) == "red"
    assert light(4, 2, 10, 10) == "amber"
    assert light(1, 2, 0, 0) == "red"  # an unset limit is 0


def test_the_next_morning_is_settled_up_to_one_above() -> None:
    assert is_settled(4, 3)
    assert not is_settled(5, 3)


def test_phase_caps() -> None:
    caps = {phase: phase_cap_g(phase, 10_000) for phase in PHASES}
    assert caps == {"calm": 1_500, "restore": 3_000, "build": 4_500, "strengthen": 8_000, "maintain": 8_000}


def test_no_row_that_lowers_lets_load_rise() -> None:
    assert all("load" not in row.rises for row in TABLE.values() if row.lowers)
