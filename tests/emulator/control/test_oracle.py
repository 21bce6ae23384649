"""The oracle: told the truth, bound by the law; its free twin shows what the limits alone allow."""

from itertools import pairwise
from math import exp
from statistics import fmean
from typing import Any

import pytest

from contract.machines import catalogue
from emulator.control import oracle
from emulator.control.truth import doses_of, possible_reps
from emulator.people.bodies import Bodies, Seated, bodies
from emulator.people.condition import fresh
from emulator.people.person import person
from ml.belief.capacity import reserve
from ml.belief.state import CAPACITY, Belief, from_json
from ml.request import Dose, Request

KIND = catalogue()["lumbar_extension"]
ONE = person(3, 3)
BODY = bodies([Seated(person=ONE, condition=fresh(ONE), kind=KIND, side="both")])
DOSE = Dose(
    set=1, side="both", mode="train", load_g=12_000, start_cdeg=1_500, end_cdeg=3_500, reps=10, work_ms=0,
    tempo_ms=(2000, 0, 3000), rest_ms=60_000,
)  # fmt: skip


def told(body: Bodies) -> Belief:
    """Put the truth into a question about the dose; what else it holds does not matter here."""
    known = {"kind": KIND.name, "belief": oracle.belief_of(body, KIND, "both", 1, 0.0), "current": DOSE}
    blank: dict[str, Any] = dict.fromkeys(Request.__dataclass_fields__)
    asked = Request(**{**blank, **known, "sets": ()})
    belief = from_json(oracle.told(asked, body, None).belief or {})
    assert belief is not None
    return belief


def test_what_it_is_told_predicts_the_true_reps_of_the_dose_in_force() -> None:
    assert reserve(told(BODY), DOSE).reps == pytest.approx(
        float(possible_reps(BODY, doses_of(DOSE))[0]), rel=0.02
    )


def test_a_good_day_is_readiness_and_no_lasting_strength() -> None:
    usual = from_json(oracle.belief_of(BODY, KIND, "both", 1, 0.0))
    ready = from_json(oracle.belief_of(BODY, KIND, "both", 1, 0.05))
    assert usual is not None
    assert ready is not None
    ratio = exp(usual.state.mean[CAPACITY] - ready.state.mean[CAPACITY])
    assert ratio == pytest.approx(exp(0.05))


def test_it_never_leaves_less_than_a_rep(courses: Any) -> None:
    for profile in ("rehab", "studio"):
        for course in courses("oracle", profile):
            work = [done for done in course.log if done.dose.mode == "train"]
            assert all(done.possible - done.reps >= oracle.LEAST_RIR - 1e-6 for done in work)


def test_its_loads_rise_by_lawful_steps_only(courses: Any) -> None:
    for course in courses("oracle", "rehab"):
        work = [done for done in course.log if done.dose.mode == "train"]
        for before, after in pairwise(work):
            if before.visit == after.visit and after.phase == before.phase:
                step_g = max(100, before.dose.load_g * oracle.STEP_CALIBRATING)
                assert after.dose.load_g <= before.dose.load_g + step_g + 1e-6


def test_free_of_the_tables_steps_it_is_nearer_to_the_target(courses: Any) -> None:
    def share(arm: str) -> float:
        work = [d for course in courses(arm, "studio", 4) for d in course.log if d.dose.mode == "train"]
        return fmean(abs(done.effort - done.target) for done in work)

    assert share("oracle-steps") < share("oracle")
