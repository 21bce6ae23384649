from dataclasses import replace
from itertools import takewhile

import msgspec
import pytest
from builders import a_rep
from rim_in_memory import FakeRim, running
from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio

from contract.messages import Event, EventWhat
from ml.clinical.table import PLATEAU_VISITS
from services.coaching import Delivery
from services.office import health
from services.office.exclusions import Entry
from services.office.refusal import Act
from services.store import engine as store
from services.store import inbox, tables


def _states(studio: Studio) -> dict[str, tuple[str, str | None]]:
    return {row["code"]: (row["state"], row["resolved_why"]) for row in studio.rows(tables.alert)}


def _press(studio: Studio, machine: ScriptedMachine, what: EventWhat) -> None:
    studio.hear(machine.sign_in())
    studio.hear(machine.say(Event(what=what, detail="")))


def test_an_alert_about_a_person_ends_with_the_next_visit(
    any_studio: Studio, machine: ScriptedMachine
) -> None:
    studio = any_studio
    _press(studio, machine, "pain")
    studio.hear(machine.sign_out())
    assert _states(studio)["pain"] == ("open", None)

    machine.rest(3)
    studio.hear(machine.sign_in())

    resolved = next(row for row in studio.rows(tables.alert) if row["code"] == "pain")
    assert (resolved["state"], resolved["resolved_why"]) == ("resolved", "NEXT_VISIT")
    assert resolved["resolved_ms"] == machine.wall_ms
    assert (resolved["handled_by"], resolved["handled_ms"]) == (None, None)


def test_signing_in_again_on_the_same_day_resolves_nothing(studio: Studio, machine: ScriptedMachine) -> None:
    _press(studio, machine, "pain")
    machine.rest(0.01)
    studio.hear(machine.sign_in())
    other = ScriptedMachine("rotation-1", "trunk_rotation")
    other.wall_ms = machine.wall_ms
    studio.hear(other.sign_in())

    assert _states(studio)["pain"] == ("open", None)


def test_another_person_on_the_machine_resolves_nothing_of_the_first(
    studio: Studio, machine: ScriptedMachine
) -> None:
    studio.enrol("badge-2", "lumbar_extension")
    _press(studio, machine, "unwell")
    machine.rest(3)
    studio.hear(machine.sign_in("badge-2"))

    assert _states(studio)["unwell"] == ("open", None)


def test_what_still_holds_is_raised_anew(studio: Studio, machine: ScriptedMachine) -> None:
    for _ in range(2):
        studio.hear(machine.sign_in())
        studio.hear(machine.answer("pain_before", 9))
        machine.rest(3)

    red = [row for row in studio.rows(tables.alert) if row["code"] == "red_pain"]
    assert sorted((row["state"], row["resolved_why"]) for row in red) == [
        ("open", None),
        ("resolved", "NEXT_VISIT"),
    ]
    assert max(red, key=lambda row: int(row["raised_ms"]))["state"] == "open"


@pytest.mark.parametrize("what", ["fault", "estop", "sensor"])
def test_an_alert_about_a_machine_ends_when_it_is_used_again(
    studio: Studio, machine: ScriptedMachine, what: EventWhat
) -> None:
    studio.enrol("badge-2", "lumbar_extension")
    _press(studio, machine, what)
    elsewhere = ScriptedMachine("lumbar-2")
    elsewhere.wall_ms = machine.wall_ms
    elsewhere.rest(3)
    studio.hear(elsewhere.sign_in())
    assert _states(studio)[what] == ("open", None)

    studio.hear(machine.sign_in("badge-2"))
    assert _states(studio)[what] == ("resolved", "MACHINE_IN_USE")


def test_a_cloned_machine_stays_an_alert_until_staff_handle_it(
    studio: Studio, machine: ScriptedMachine
) -> None:
    studio.hear(machine.sign_in())
    rep = machine.say(a_rep())
    fields = msgspec.json.decode(rep.payload)
    fields["load_g"] += 100
    studio.hear(rep, replace(rep, payload=msgspec.json.encode(fields)))
    studio.hear(machine.say(Event(what="conflict", detail="")))
    machine.rest(3)
    studio.hear(machine.sign_in())

    conflicts = [row["state"] for row in studio.rows(tables.alert) if row["code"] == "conflict"]
    assert conflicts == ["open", "open"]


def test_visits_of_two_days_in_one_batch_leave_only_the_last_one_open(
    studio: Studio, machine: ScriptedMachine
) -> None:
    # Facts of a batch are sorted by machine: the later day comes first here.
    later, earlier = machine, ScriptedMachine("rotation-9", "trunk_rotation")
    batch = [earlier.sign_in(), earlier.say(Event(what="pain", detail=""))]
    later.rest(3)
    batch += [later.sign_in(), later.say(Event(what="unwell", detail=""))]
    studio.hear(*batch)

    states = _states(studio)
    assert states["pain"] == ("resolved", "NEXT_VISIT")
    assert states["unwell"] == ("open", None)


def _trained(studio: Studio, machine: ScriptedMachine) -> None:
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    studio.hear(machine.weigh(), machine.answer("pain_before", 1))
    for row in plan.settings:
        studio.hear(*machine.train(row), machine.answer("pain_set", 1, row.set))
    studio.hear(machine.sign_out())
    machine.rest(3)


def _reds(studio: Studio) -> list[tuple[str, str]]:
    found = sorted(studio.rows(tables.alert), key=lambda row: int(row["raised_ms"]))
    return [(row["code"], row["state"]) for row in found if row["severity"] == "red"]


def _handle(studio: Studio, code: str, state: str) -> None:
    with store.writing(studio.engine) as connection:
        for row in studio.rows(tables.alert):
            if row["code"] == code:
                inbox.change(connection, row["id"], {"state": state})


async def _tell(rim: FakeRim, machine: ScriptedMachine, *rows: Delivery) -> None:
    rim.deliver(*rows)
    await rim.until_acked(machine.seq)


@pytest.mark.parametrize("state", ["acknowledged", "resolved"])
async def test_what_staff_have_seen_swallows_no_new_cause_and_the_same_one_comes_once(
    studio: Studio, machine: ScriptedMachine, state: str
) -> None:
    _trained(studio, machine)
    async with running(studio, []) as (rim, _):
        await _tell(rim, machine, machine.sign_in(), machine.weigh(), machine.answer("spasm", "yes"))
        assert _reds(studio) == [("spasm", "open")]
        _handle(studio, "spasm", state)

        await _tell(rim, machine, machine.answer("pain_before", 9))
        assert _reds(studio) == [("spasm", state), ("red_pain", "open")]
        _handle(studio, "red_pain", state)

        await _tell(rim, machine, machine.answer("pain_before", 10), machine.answer("spasm", "yes"))
        assert _reds(studio) == [("spasm", state), ("red_pain", state)]
        await _tell(rim, machine, machine.answer("new_symptoms", "limb"))
        assert _reds(studio)[2:] == [("symptoms", "open")]


def test_one_amber_cause_hides_no_other(studio: Studio, machine: ScriptedMachine) -> None:
    _trained(studio, machine)
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    studio.hear(machine.weigh(), machine.answer("pain_before", 1), machine.answer("pain_next_morning", 6))
    for row in [row for row in plan.settings if row.mode == "train"][:2]:
        studio.hear(*machine.train(row, quality=("posture",)), machine.answer("pain_set", 1, row.set))
    mine = [row for row in studio.rows(tables.alert) if row["session_id"] == machine.session]
    assert sorted((row["code"], row["severity"]) for row in mine) == [
        ("morning_worse", "amber"),
        ("technique_again", "amber"),
    ]


def test_two_causes_of_one_code_in_one_row_are_two_alerts(
    any_studio: Studio, machine: ScriptedMachine
) -> None:
    studio = any_studio
    patient = studio.enrol("badge-8", "lumbar_extension", birth_year=1940)
    with store.writing(studio.engine) as connection:
        act = Act(by="clinician", name="Dr Wong", at_ms=NOW_MS)
        health.exclude(connection, patient, Entry(condition="pregnancy"), act)
    studio.hear(machine.sign_in("badge-8"))
    told = [row["detail"] for row in studio.rows(tables.alert) if row["code"] == "clear_first"]
    assert sorted(told) == ["careful_first", "not_cleared"]


def _alike(studio: Studio) -> int:
    """Count the newest visits of one load in which nothing rose."""
    newest = sorted(studio.rows(tables.summary), key=lambda row: -int(row["wall_ms"]))
    moved = [(row["load_g"], row["raised"]) for row in newest]
    return sum(1 for _ in takewhile(lambda one: one == (moved[0][0], None), moved))


def _stand_still(studio: Studio, machine: ScriptedMachine, visits: int) -> None:
    while _alike(studio) < visits:
        _trained(studio, machine)


def test_visits_in_which_nothing_moved_raise_the_plateau_once(
    any_studio: Studio, machine: ScriptedMachine
) -> None:
    studio = any_studio
    _stand_still(studio, machine, PLATEAU_VISITS)
    assert "plateau" not in _states(studio)

    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    for row in plan.settings:
        studio.hear(*machine.train(row))
    (raised,) = (row for row in studio.rows(tables.alert) if row["code"] == "plateau")
    assert (raised["severity"], raised["state"], raised["detail"]) == ("amber", "open", "plateau")
    assert raised["session_id"] == machine.session


def test_one_visit_less_is_no_plateau(studio: Studio, machine: ScriptedMachine) -> None:
    _stand_still(studio, machine, PLATEAU_VISITS - 1)
    studio.hear(machine.sign_in())
    assert "plateau" not in _states(studio)
