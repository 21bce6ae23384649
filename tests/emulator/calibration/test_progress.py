import pytest

from emulator.calibration import progress
from emulator.calibration.measured import Measured
from emulator.people.person import people


@pytest.fixture(scope="module")
def found() -> dict[str, Measured]:
    return progress.measured(60, 4)


def test_strength_rises_week_by_week_and_less_and_less(found: dict[str, Measured]) -> None:
    first, second, fifth, ninth, last = (found[f"gain_{when}"].value for when in progress.LOOKED_AT)
    assert 0 < first < second < fifth < ninth < last
    assert (second - first) / 3 > (last - ninth) / 6


def test_two_visits_a_week_are_booked() -> None:
    days = progress.visit_days(12)
    assert len(days) == 24
    assert days[:3] == [0, 3, 7]


def test_whoever_comes_less_often_gains_less() -> None:
    one = next(each for each in people(60, 4) if each.away_day is None)
    weeks = [progress.trained(one, count).trained[progress.KIND] for count in (2, 12)]
    assert weeks[0].sessions < weeks[1].sessions <= 24
    assert weeks[0].gain_log < weeks[1].gain_log


def test_a_day_has_a_part_that_machines_share(found: dict[str, Measured]) -> None:
    assert 0 < found["day_shared"].value < found["day_machine"].value
    assert found["day_shared"].count == 60 * progress.DAYS


def test_a_long_pause_takes_more_from_the_old_and_never_all(found: dict[str, Measured]) -> None:
    assert found["loss_old"].value > found["loss_young"].value > 0
    assert 0.5 < found["kept_half_year"].value < 1
