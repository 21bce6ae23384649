from typing import Any

import pytest

from emulator.control.outcome import Outcome
from openspine.evaluation.control_picture import ZONES, load_rows, risk_rows, zone_rows


def made(arm: str, number: int = 0, **changes: Any) -> Outcome:
    usual: dict[str, Any] = {
        "number": number, "stratum": "", "arm": arm, "sets": 10, "in_zone": 6, "above": 2, "overshoots": 1,
        "by_phase": {}, "ends": {}, "covered": 0, "banded": 0, "held": 0, "bounded": 0, "believed": 0,
        "violations": 0, "visits": 2, "blocked": 0, "flares": 1, "gain": 0.2, "range_deg": 0.0,
        "pain_change": 0.0, "load_ratio": 1.0, "effort": 4.0, "loads_g": {0: 10_000, 3: 12_000},
    }  # fmt: skip
    return Outcome(**{**usual, **changes})


def test_loads_are_shares_of_the_oracles_first_by_week() -> None:
    rows = load_rows([made("oracle"), made("steady", loads_g={0: 8_000, 7: 9_000})])
    assert {(row["arm"], row["week"]): row["middle"] for row in rows} == {
        ("oracle", 1): pytest.approx(110),
        ("steady", 1): pytest.approx(80),
        ("steady", 2): pytest.approx(90),
    }


def test_zones_of_an_arm_sum_to_all_of_its_sets() -> None:
    rows = zone_rows([made("steady"), made("steady", 1), made("control", sets=0)])
    assert [row["zone"] for row in rows] == list(ZONES)
    assert [row["share"] for row in rows] == [20.0, 60.0, 10.0, 10.0]


def test_flares_and_gain_are_means_over_people() -> None:
    rows = risk_rows([made("steady"), made("steady", 1, flares=0, gain=0.4)])
    assert rows == [{"arm": "steady", "flares": 0.5, "gain": pytest.approx(30)}]
