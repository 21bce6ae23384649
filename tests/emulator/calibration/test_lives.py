import pytest

from emulator.calibration import lives
from emulator.calibration.measured import Measured
from emulator.people.person import people


@pytest.fixture(scope="module")
def found() -> dict[str, Measured]:
    return lives.measured(60, 4)


def test_training_takes_more_pain_than_time_alone(found: dict[str, Measured]) -> None:
    assert 0.1 < found["pain_natural"].value < found["pain_trained"].value < 0.6


def test_a_session_hurts_a_while(found: dict[str, Measured]) -> None:
    assert 0 < found["session_bump"].value < 2
    assert 0 < found["bump_left"].value < 1


def test_sets_to_failure_flare_up_more_often(found: dict[str, Measured]) -> None:
    assert found["flare_failure"].value > found["flare_calm"].value > 0
    assert found["flare_hours"].value > 24


def test_spasms_gaps_and_habits_are_counted_over_the_same_people(found: dict[str, Measured]) -> None:
    who = people(60, 4)
    assert found["spasm"].value == sum(one.spasm_day is not None for one in who) / 60
    assert found["gap_share"].value == sum(one.away_day is not None for one in who) / 60
    assert found["stoic"].value == sum(one.reporter == "stoic" for one in who) / 60
