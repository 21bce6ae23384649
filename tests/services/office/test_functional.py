import pytest
from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio
from studio_door import Door

from services.access import Scope
from services.office.functional import Entered, wrong
from services.store import tables

WEEK_MS = 7 * 86_400_000


@pytest.fixture
def path(studio: Studio, door: Door) -> str:
    (row,) = studio.rows(tables.patient)
    door.now_ms = NOW_MS
    return f"/patients/{row['id']}/functional-tests"


def come(studio: Studio, machine: ScriptedMachine) -> None:
    studio.plan(machine, studio.hear(machine.sign_in()))
    studio.hear(machine.sign_out())


def test_a_test_that_is_due_is_that_of_its_week_and_counts_against_the_first(
    studio: Studio, machine: ScriptedMachine, door: Door, path: str
) -> None:
    come(studio, machine)
    assert [(one["test"], one["week"]) for one in door.get(path)["due"]] == [
        ("single_leg_stand", 0),
        ("chair_stand", 0),
    ]
    door.post(path, {"test": "chair_stand", "stands": 8})
    door.post(path, {"test": "single_leg_stand", "left_s": 6.2, "right_s": 30.0, "cap_s": 30})
    assert door.get(path)["due"] == []
    door.now_ms = NOW_MS + 60_000
    door.post(path, {"test": "chair_stand", "stands": 9})
    door.now_ms = NOW_MS + 6 * WEEK_MS
    assert {one["week"] for one in door.get(path)["due"]} == {6}
    door.post(path, {"test": "chair_stand", "stands": 12})
    shown = door.get(path)
    assert [one["test"] for one in shown["due"]] == ["single_leg_stand"]
    stands = [(one["week"], one["stands"]) for one in shown["items"] if one["test"] == "chair_stand"]
    assert stands == [(6, 12), (None, 9), (0, 8)]
    left, right, chair = shown["standings"]
    assert (chair["first_value"], chair["change"], chair["needed"]) == (8.0, 4.0, 2.5)
    assert (chair["verdict"], left["verdict"], left["change"]) == ("improved", "not_enough_data", None)
    assert (left["at_cap"], right["at_cap"]) == (False, True)


def test_a_published_figure_is_of_age_and_sex_and_missing_where_nothing_is_known(
    studio: Studio, door: Door, path: str
) -> None:
    door.post(path, {"test": "chair_stand", "stands": 11})
    with studio.engine.begin() as connection:
        connection.execute(tables.patient.update().values(birth_year=1954, sex="female"))
    (chair,) = door.get(path)["standings"]
    assert chair["published"] == {
        "measure": "least",
        "value": 10.0,
        "from_years": 70,
        "to_years": 74,
        "source": "cdc_steadi_2017",
    }
    with studio.engine.begin() as connection:
        connection.execute(tables.patient.update().values(birth_year=1985))
    (young,) = door.get(path)["standings"]
    assert young["published"] is None


def test_a_mistake_is_withdrawn_and_no_longer_counts(studio: Studio, door: Door, path: str) -> None:
    made = door.post(path, {"test": "chair_stand", "stands": 31})["id"]
    door.post(f"/functional-tests/{made}/withdraw", status=204)
    door.post(f"/functional-tests/{made}/withdraw", status=409)
    shown = door.get(path)
    assert (shown["items"], shown["standings"], len(shown["due"])) == ([], [], 2)
    (row,) = studio.rows(tables.functional_test)
    assert row["withdrawn_by"] == "therapist"
    actions = [row["action"] for row in studio.rows(tables.audit)]
    assert {"functional_test.enter", "functional_test.withdraw"} <= set(actions)


def test_a_person_reads_the_own_tests_and_enters_none(studio: Studio, door: Door, path: str) -> None:
    (row,) = studio.rows(tables.patient)
    door.post(path, {"test": "chair_stand", "stands": 8})
    door.as_role("patient", scope=Scope(patient=row["id"]))
    assert len(door.get(path)["items"]) == 1
    door.post(path, {"test": "chair_stand", "stands": 20}, status=403)


@pytest.mark.parametrize(
    "entered",
    [
        Entered(test="chair_stand"),
        Entered(test="chair_stand", stands=8, left_s=3.0),
        Entered(test="chair_stand", stands=8, cap_s=30),
        Entered(test="single_leg_stand", cap_s=30),
        Entered(test="single_leg_stand", left_s=3.0),
        Entered(test="single_leg_stand", left_s=3.0, cap_s=30, stands=3),
        Entered(test="single_leg_stand", left_s=3.0, right_s=30.1, cap_s=30),
    ],
)
def test_figures_of_another_test_are_refused(entered: Entered) -> None:
    assert wrong(entered) is not None


def test_one_leg_alone_and_a_second_of_nothing_are_figures() -> None:
    assert wrong(Entered(test="single_leg_stand", right_s=0.0, cap_s=45)) is None
    assert wrong(Entered(test="chair_stand", stands=0)) is None
