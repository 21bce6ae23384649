import numpy as np
import pytest

from contract.machines import catalogue
from emulator.control.truth import (
    capacity_kg,
    doses_of,
    effort_of,
    possible_at,
    possible_reps,
    tolerated_cdeg,
)
from emulator.people.bodies import Bodies, Seated, bodies
from emulator.people.condition import fresh
from emulator.people.effort import effort, one_rep_load_kg
from emulator.people.person import person
from ml.request import Dose

KIND = catalogue()["lumbar_extension"]
DOSE = Dose(
    set=1, side="both", mode="train", load_g=15_000, start_cdeg=1_500, end_cdeg=4_000, reps=10, work_ms=0,
    tempo_ms=(2000, 0, 3000), rest_ms=60_000,
)  # fmt: skip


@pytest.fixture
def body() -> Bodies:
    one = person(1, 3)
    return bodies([Seated(person=one, condition=fresh(one), kind=KIND, side="both")])


@pytest.mark.parametrize("number", range(6))
def test_capacity_is_what_the_physiology_calls_one_rep(number: int) -> None:
    one = person(number, 3)
    seated = bodies([Seated(person=one, condition=fresh(one), kind=KIND, side="both")])
    assert capacity_kg(seated, DOSE) == pytest.approx(
        float(one_rep_load_kg(seated, doses_of(DOSE))[0]), abs=0.02
    )


def test_reps_agree_with_the_physiology_below_forty_and_go_on_above(body: Bodies) -> None:
    loads_kg = capacity_kg(body, DOSE) * np.array([0.1, 0.25, 0.6, 0.8])
    possible = possible_at(body, DOSE, loads_kg)
    assert (np.diff(possible) < 0).all()
    assert possible[0] > 100
    assert possible[1] > 40
    for load_kg, reps in zip(loads_kg[2:], possible[2:], strict=True):
        dose = doses_of(DOSE)
        dose = type(dose)(
            **{n: getattr(dose, n) for n in dose.__dataclass_fields__} | {"load_kg": np.array([load_kg])}
        )
        counted = effort(body, dose).rhythm.possible(body.fatigued[:, None])[0, 0]
        assert reps == pytest.approx(counted + 0.5)


def test_a_tired_body_can_do_less(body: Bodies) -> None:
    fresh_reps = possible_reps(body, doses_of(DOSE))[0]
    assert possible_reps(body.tired(np.array([0.2])), doses_of(DOSE))[0] < fresh_reps


def test_effort_is_the_share_of_what_was_possible() -> None:
    assert effort_of(10, 20.0) == 5.0
    assert effort_of(10, 10.0) == 10.0


def test_what_is_tolerated_lies_inside_the_machine(body: Bodies) -> None:
    low, high = tolerated_cdeg(body)
    assert KIND.limit_cdeg[0] <= low < high <= KIND.limit_cdeg[1]
