from typing import Any

import pytest

from emulator.control.figures import by_phase, coverage_by_stratum, ends, figures, paired
from emulator.control.outcome import Outcome, kept_session, near_oracle, reached_session

LOADS = {0: 10_000, 3: 10_000, 7: 10_500, 10: 11_000}


def made(**changes: Any) -> Outcome:
    usual: dict[str, Any] = {
        "number": 0, "stratum": "female 20-39 mild", "arm": "steady", "sets": 10, "in_zone": 6, "above": 1,
        "overshoots": 1, "by_phase": {"build": (10, 6)}, "ends": {"target": 9, "effort": 1}, "covered": 8,
        "banded": 10, "held": 0, "bounded": 0, "believed": 7, "violations": 0, "visits": 4, "blocked": 0,
        "flares": 0, "gain": 0.2, "range_deg": 5.0, "pain_change": -1.0, "load_ratio": 1.1, "effort": 4.0,
        "loads_g": LOADS,
    }  # fmt: skip
    return Outcome(**{**usual, **changes})


def test_a_figure_is_the_sum_over_people_divided_and_its_interval_holds_it() -> None:
    own = [made(number=number, sets=10, in_zone=number % 11) for number in range(40)]
    found = figures(own, own, 1)["in_zone_percent"]
    assert found["value"] == pytest.approx(100 * sum(number % 11 for number in range(40)) / 400, abs=1e-3)
    low, value, high = found["low"], found["value"], found["high"]
    assert low is not None and value is not None and high is not None  # noqa: PT018 - narrows the types
    assert low < value < high
    assert figures(own, own, 1)["in_zone_percent"] == found  # the same seed, the same interval


def test_gain_and_range_stand_beside_the_oracles() -> None:
    own, oracle = [made(gain=0.1, range_deg=4.0)], [made(gain=0.2, range_deg=5.0)]
    found = figures(own, oracle, 1)
    assert found["gain_of_oracle_percent"]["value"] == pytest.approx(50)
    assert found["range_of_oracle_percent"]["value"] == pytest.approx(80)


def test_reached_is_the_first_session_within_five_per_cent_or_half_a_step() -> None:
    oracle = made(loads_g={0: 10_000, 3: 10_000, 7: 10_000})
    own = made(loads_g={0: 9_400, 3: 9_500, 7: 11_000})
    assert near_oracle(own, oracle) == [False, True, False]
    assert reached_session(own, oracle) == 2
    light = made(loads_g={0: 450}), made(loads_g={0: 500})
    assert near_oracle(*light) == [True]
    assert near_oracle(made(loads_g={1: 500}), light[1]) == [False]  # the oracle did not train that day


def test_kept_needs_two_thirds_of_what_is_left() -> None:
    oracle = made(loads_g=dict.fromkeys(range(6), 10_000))
    still = made(loads_g={0: 10_000, **dict.fromkeys(range(1, 6), 8_000)})
    late = made(loads_g={**dict.fromkeys(range(3), 8_000), **dict.fromkeys(range(3, 6), 10_000)})
    assert reached_session(still, oracle) == 1
    assert kept_session(still, oracle) is None
    assert kept_session(late, oracle) == 4


def test_sessions_give_median_and_ninetieth_and_never_is_null() -> None:
    oracle = [made(number=number) for number in range(10)]
    lagging = {day: (load_g if day >= 7 else load_g // 2) for day, load_g in LOADS.items()}
    own = [*oracle[:5], *(made(loads_g=lagging) for _ in range(3)), *(made(loads_g={0: 1}) for _ in range(2))]
    found = figures(own, oracle, 1)
    assert found["reached_session_median"]["value"] == 1
    assert found["reached_session_90th"]["value"] is None
    assert found["never_reached_percent"]["value"] == 20


def test_differences_are_paired() -> None:
    people = [made(number=number, in_zone=number % 5) for number in range(30)]
    better = [made(number=number, in_zone=number % 5 + 2) for number in range(30)]
    found = paired(better, people, people, 1)["in_zone_percent"]
    assert (found["value"], found["low"], found["high"]) == (20.0, 20.0, 20.0)


def test_an_arm_without_sets_has_no_share_of_them() -> None:
    control = [made(sets=0, in_zone=0, overshoots=0, banded=0, covered=0, by_phase={}, ends={}, loads_g={})]
    found = figures(control, [made()], 1)
    assert found["in_zone_percent"] == {"value": None, "low": None, "high": None}
    assert found["pain_change_nrs"]["value"] == -1.0


def test_shares_by_phase_by_stratum_and_by_end() -> None:
    people = [made(covered=32, banded=40), made(stratum="male 60-84 severe", covered=20, banded=40),
              made(stratum="male 20-39 mild", covered=0, banded=29)]  # fmt: skip
    assert coverage_by_stratum(people) == {"female 20-39 mild": 80.0, "male 60-84 severe": 50.0}
    people = [made(), made(by_phase={"restore": (10, 1)})]
    assert by_phase(people) == {
        "build": {"sets": 10, "in_zone_percent": 60.0},
        "restore": {"sets": 10, "in_zone_percent": 10.0},
    }
    assert ends(people) == {"effort": 10.0, "target": 90.0}
