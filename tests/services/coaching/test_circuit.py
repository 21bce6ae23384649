"""The plan names the station that follows in today's circuit; one that was swapped out opens nothing."""

from typing import Any
from uuid import uuid4

import pytest
from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio

from contract.messages import NextStation, Plan
from services.coaching.history import UNTIL_CLEARED, studio_day
from services.store import engine as store
from services.store import rows, tables

DAY_MS = 86_400_000
ZONE = "Asia/Hong_Kong"
MACHINES = ("lumbar_extension", "trunk_rotation", "row")
WITH_MATS = ("walk", "lumbar_extension", "lying_rotation", "trunk_rotation", "pelvic_tilt")
MATS = ("walk", "lying_rotation", "pelvic_tilt")


@pytest.fixture
def circuits(any_studio: Studio) -> Studio:
    with store.writing(any_studio.engine) as connection:
        connection.execute(tables.patient.update().values(stations=list(MACHINES)))
    return any_studio


def whose(studio: Studio) -> dict[str, Any]:
    (patient,) = studio.rows(tables.patient)
    return {"patient_id": patient["id"], "origin": "sim"}


def put(studio: Studio, table: Any, row: dict[str, Any]) -> None:
    with store.writing(studio.engine) as connection:
        rows.insert_rows(connection, table, [whose(studio) | row])


def lay_out(studio: Studio, *names: str, state: str = "planned", days: int = 0) -> None:
    """Book a visit of these stations so many days from today."""
    at_ms = NOW_MS + days * DAY_MS
    stations = [
        {"station": name, "guided": name in MATS, "minutes": 4 if name in MATS else 7} for name in names
    ]
    made = {"site_id": "studio", "minutes": 40, "version": 1, "made_by": "u", "made_ms": 1, "changed_ms": 1}
    visit = {"id": str(uuid4()), "day": studio_day(at_ms, ZONE), "starts_ms": at_ms, "state": state}
    put(studio, tables.booking, made | visit | {"stations": stations})


def swap(studio: Studio, out: str, into: str | None, **changes: Any) -> None:
    day = studio_day(NOW_MS, ZONE)
    row: dict[str, Any] = {"id": str(uuid4()), "day": day, "kind": "swap_station", "reason": "Sore"}
    row |= {"station": out, "replaced_by": into, "by_id": "u", "by_name": "Ho Wing Yan", "made_ms": NOW_MS}
    put(studio, tables.preset, row | changes)


def close(studio: Studio, *names: str) -> None:
    with store.writing(studio.engine) as connection:
        flags = {"back_pain": True, "excluded": dict.fromkeys(names, UNTIL_CLEARED)}
        connection.execute(tables.patient.update().values(flags=flags))


def sign_in(studio: Studio, kind: str) -> Plan:
    machine = ScriptedMachine({"lumbar_extension": "lumbar-1", "trunk_rotation": "rotation-1"}[kind], kind)
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    studio.hear(machine.sign_out())
    return plan


def train(studio: Studio, kind: str) -> None:
    """Sign in, do the first set, and go."""
    machine = ScriptedMachine({"lumbar_extension": "lumbar-2", "trunk_rotation": "rotation-2"}[kind], kind)
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    studio.hear(machine.weigh(), *machine.train(plan.settings[0]), machine.sign_out())


def following(studio: Studio, kind: str) -> str | None:
    found = sign_in(studio, kind).next
    return found.name if found is not None else None


def test_a_mat_follows_a_machine_and_says_that_it_has_no_motor(circuits: Studio) -> None:
    lay_out(circuits, *WITH_MATS)
    mat = NextStation(name="lying_rotation", kind="lying_rotation", minutes=4, guided=1)
    assert sign_in(circuits, "lumbar_extension").next == mat
    assert following(circuits, "trunk_rotation") == "pelvic_tilt"


def test_what_was_ticked_off_is_skipped(circuits: Studio) -> None:
    lay_out(circuits, *WITH_MATS)
    for item, source, days in (("lying_rotation", "station", -1), ("lying_rotation", "home", 0)):
        day = studio_day(NOW_MS + days * DAY_MS, ZONE)
        tick = {"day": day, "source": source, "item": item, "at_ms": NOW_MS, "by_id": "u"}
        put(circuits, tables.tick, tick)
    assert following(circuits, "lumbar_extension") == "lying_rotation"  # not of today's visit
    put(circuits, tables.tick, tick | {"source": "station"})
    machine = NextStation(name="trunk_rotation", kind="trunk_rotation", minutes=7, guided=0)
    assert sign_in(circuits, "lumbar_extension").next == machine


def test_a_machine_that_was_trained_on_today_is_skipped_and_not_tomorrow(circuits: Studio) -> None:
    lay_out(circuits, "lumbar_extension", "trunk_rotation", "pelvic_tilt")
    sign_in(circuits, "trunk_rotation")
    assert following(circuits, "lumbar_extension") == "trunk_rotation", "who only signs in has done nothing"
    train(circuits, "trunk_rotation")
    assert following(circuits, "lumbar_extension") == "pelvic_tilt"
    machine = ScriptedMachine()
    machine.rest(1)
    found = circuits.plan(machine, circuits.hear(machine.sign_in())).next
    assert found is not None
    assert found.name == "trunk_rotation"


def test_nothing_follows_the_last_station(circuits: Studio) -> None:
    lay_out(circuits, "walk", "lumbar_extension", "trunk_rotation")
    train(circuits, "lumbar_extension")
    assert following(circuits, "trunk_rotation") is None


def test_a_machine_that_was_passed_over_comes_after_the_last_station(circuits: Studio) -> None:
    lay_out(circuits, "walk", "lumbar_extension", "trunk_rotation")
    assert following(circuits, "trunk_rotation") == "lumbar_extension"


@pytest.mark.parametrize(
    ("closed", "expected"),
    [("lying_rotation", "trunk_rotation"), ("trunk_rotation", "lying_rotation"), ("*", "lying_rotation")],
)
def test_what_is_closed_is_skipped(circuits: Studio, closed: str, expected: str) -> None:
    lay_out(circuits, *WITH_MATS)
    close(circuits, closed)
    assert following(circuits, "lumbar_extension") == expected


def test_without_a_lay_out_of_today_the_usual_machines_follow_but_for_closed_ones(circuits: Studio) -> None:
    lay_out(circuits, *WITH_MATS, state="cancelled")
    lay_out(circuits, *WITH_MATS, days=1)
    assert following(circuits, "lumbar_extension") == "trunk_rotation"
    close(circuits, "trunk_rotation")
    assert following(circuits, "lumbar_extension") == "row"


def test_a_station_that_was_swapped_out_opens_nothing_and_names_the_other(circuits: Studio) -> None:
    lay_out(circuits, "walk", "pelvic_tilt", "trunk_rotation")
    swap(circuits, "lumbar_extension", "pelvic_tilt")
    plan = sign_in(circuits, "lumbar_extension")
    assert (plan.settings, plan.envelope.max_load_g, plan.questions) == ((), 0, ())
    assert plan.greeting
    assert plan.next == NextStation(name="pelvic_tilt", kind="pelvic_tilt", minutes=4, guided=1)
    assert sign_in(circuits, "trunk_rotation").settings


def test_a_station_that_was_taken_out_names_the_next_one_to_do(circuits: Studio) -> None:
    lay_out(circuits, "trunk_rotation", "pelvic_tilt")
    swap(circuits, "lumbar_extension", None)
    plan = sign_in(circuits, "lumbar_extension")
    assert plan.settings == ()
    assert plan.next is not None
    assert plan.next.name == "trunk_rotation"


@pytest.mark.parametrize(
    "changes",
    [{"day": studio_day(NOW_MS - DAY_MS, ZONE)}, {"ended_ms": NOW_MS, "ended_by": "u"}, {"station": "row"}],
    ids=["yesterday", "taken back", "of another station"],
)
def test_a_swap_that_does_not_hold_here_opens_everything(circuits: Studio, changes: dict[str, Any]) -> None:
    lay_out(circuits, "walk", "pelvic_tilt", "trunk_rotation")
    swap(circuits, "lumbar_extension", "pelvic_tilt", **changes)
    assert sign_in(circuits, "lumbar_extension").settings


def test_a_station_that_came_back_opens_again(circuits: Studio) -> None:
    lay_out(circuits, "lumbar_extension", "trunk_rotation")
    swap(circuits, "lumbar_extension", "pelvic_tilt")
    assert sign_in(circuits, "lumbar_extension").settings


def test_a_plan_without_limits_sends_nobody_on(circuits: Studio) -> None:
    with store.writing(circuits.engine) as connection:
        connection.execute(tables.limits.delete())
    lay_out(circuits, *WITH_MATS)
    plan = sign_in(circuits, "lumbar_extension")
    assert (plan.settings, plan.next) == ((), None)


@pytest.mark.parametrize(
    ("value", "ticked"),
    [("lying_rotation", True), (1, False), ("lumbar_extension", False)],
    ids=["a station", "a bare yes", "a machine"],
)
def test_a_station_that_is_ticked_off_at_a_machine_is_done(
    circuits: Studio, value: int | str, *, ticked: bool
) -> None:
    lay_out(circuits, *WITH_MATS)
    machine = ScriptedMachine("rotation-1", "trunk_rotation")
    circuits.hear(machine.sign_in())
    circuits.hear(machine.answer("tick", value), machine.answer("tick", value), machine.sign_out())
    found = [
        (row["item"], row["source"], row["day"], row["by_id"], row["patient_id"])
        for row in circuits.rows(tables.tick)
    ]
    one = (value, "station", studio_day(NOW_MS, ZONE), "rotation-1", whose(circuits)["patient_id"])
    assert found == [one] * ticked
    assert (following(circuits, "lumbar_extension") == "lying_rotation") is not ticked
