from collections.abc import Callable

import pytest
from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio
from sqlalchemy import Connection
from studio_door import Door

from contract.messages import Event
from services.access import Scope
from services.insights.units import at
from services.store import rows, staff, tables
from services.store.engine import writing

MINUTE_MS = 60_000


@pytest.fixture
def alert(studio: Studio, machine: ScriptedMachine, door: Door) -> str:
    """Somebody has pressed Pain."""
    studio.plan(machine, studio.hear(machine.sign_in()))
    studio.hear(machine.say(Event(what="pain")))
    door.now_ms = machine.wall_ms
    ((found,),) = [group["alerts"] for group in door.get("/alerts", severity="red")["groups"]]
    assert found["code"] == "pain"
    return str(found["id"])


def hire(connection: Connection, name: str, role: str, site: str) -> str:
    made = staff.add(connection, login=name.lower(), name=name, language="en", now_ms=NOW_MS)
    staff.give_role(connection, made, role, [site])
    return made


def shown(door: Door, alert: str) -> dict[str, object]:
    groups = door.get("/alerts", state="any")["groups"]
    return next(one for group in groups for one in group["alerts"] if one["id"] == alert)


def test_a_red_alert_sounds_until_it_is_acknowledged(door: Door, alert: str) -> None:
    door.now_ms += MINUTE_MS + 1
    assert door.get("/alerts")["sounds"] is True
    door.post(f"/alerts/{alert}/acknowledge", status=204)
    assert door.get("/alerts")["sounds"] is False
    assert (shown(door, alert)["state"], shown(door, alert)["handled_by"]) == (
        "acknowledged",
        {"id": "therapist", "name": "therapist"},
    )
    door.post(f"/alerts/{alert}/acknowledge", status=409)


def test_it_is_handed_on_only_to_somebody_who_works_here(door: Door, alert: str) -> None:
    door.post(f"/alerts/{alert}/assign", {"staff": "nobody"}, status=422)
    door.post(f"/alerts/{alert}/assign", {"staff": "therapist"}, status=204)
    assert shown(door, alert)["assigned_to"] == {"id": "therapist", "name": "therapist"}
    assert len(door.get("/alerts", code="pain", assigned_to="therapist")["groups"]) == 1
    assert door.get("/alerts", code="pain", assigned_to="somebody-else")["groups"] == []


def test_a_red_one_is_not_muted_before_somebody_is_on_it(door: Door, alert: str) -> None:
    until = {"until": at(door.now_ms + MINUTE_MS).isoformat()}
    door.post(f"/alerts/{alert}/mute", until, status=409)
    door.post(f"/alerts/{alert}/acknowledge", status=204)
    door.post(f"/alerts/{alert}/mute", until, status=204)
    assert door.get("/alerts", code="pain")["groups"] == []
    assert len(door.get("/alerts", code="pain", muted=True)["groups"]) == 1
    door.now_ms += MINUTE_MS
    assert len(door.get("/alerts", code="pain")["groups"]) == 1


@pytest.mark.parametrize("ahead_ms", [-1, 0, 8 * 86_400_000])
def test_it_is_muted_for_a_week_at_most(door: Door, alert: str, ahead_ms: int) -> None:
    door.post(f"/alerts/{alert}/acknowledge", status=204)
    until = {"until": at(door.now_ms + ahead_ms).isoformat()}
    door.post(f"/alerts/{alert}/mute", until, status=422)


def test_every_screen_can_ask_how_many_nobody_has_seen(door: Door, alert: str) -> None:
    assert door.get("/alerts/waiting") == {"red": 1, "amber": 0, "sounds": False}
    door.now_ms += MINUTE_MS + 1
    assert door.get("/alerts/waiting")["sounds"] is True
    door.as_role("therapist", scope=Scope(sites=frozenset({"elsewhere"})))
    assert door.get("/alerts/waiting")["red"] == 0
    door.as_role("therapist")
    door.post(f"/alerts/{alert}/acknowledge", status=204)
    assert door.get("/alerts/waiting") == {"red": 0, "amber": 0, "sounds": False}


def test_it_is_handed_to_those_who_care_here_by_name(studio: Studio, door: Door, alert: str) -> None:
    (site,) = studio.rows(tables.site)
    people = (("Mui", "therapist", "studio"), ("Ng", "clinician", "elsewhere"), ("Adam", "admin", "studio"))
    with writing(studio.engine) as connection:
        rows.insert_rows(connection, tables.site, [{**site, "id": "elsewhere", "name": "Elsewhere"}])
        ids = {name: hire(connection, name, role, at_site) for name, role, at_site in people}
    scope = Scope(sites=frozenset({"studio"}))
    door.as_role("therapist", scope=scope)
    assert door.get("/alerts/colleagues")["items"] == [{"id": ids["Mui"], "name": "Mui"}]
    door.post(f"/alerts/{alert}/assign", {"staff": ids["Mui"]}, status=204)
    assert shown(door, alert)["assigned_to"] == {"id": ids["Mui"], "name": "Mui"}
    door.as_role("therapist")
    assert [one["name"] for one in door.get("/alerts/colleagues")["items"]] == ["Mui", "Ng"]
    for who in ("Ng", "Adam"):  # neither could ever see it
        door.post(f"/alerts/{alert}/assign", {"staff": ids[who]}, status=422)
    assert shown(door, alert)["assigned_to"] == {"id": ids["Mui"], "name": "Mui"}


def test_it_is_resolved_in_a_word(door: Door, alert: str) -> None:
    door.post(f"/alerts/{alert}/resolve", {"why": "whatever"}, status=422)
    door.post(f"/alerts/{alert}/resolve", {"why": "called"}, status=204)
    assert shown(door, alert)["resolved_why"] == "called"
    door.post(f"/alerts/{alert}/undo", status=204)
    assert shown(door, alert)["resolved_why"] is None


def test_what_was_muted_is_found_among_the_resolved(door: Door, alert: str) -> None:
    door.post(f"/alerts/{alert}/acknowledge", status=204)
    door.now_ms += 1
    door.post(f"/alerts/{alert}/mute", {"until": at(door.now_ms + MINUTE_MS).isoformat()}, status=204)
    door.now_ms += 1
    door.post(f"/alerts/{alert}/resolve", status=204)
    assert len(door.get("/alerts", code="pain", state="resolved")["groups"]) == 1
    door.post(f"/alerts/{alert}/undo", status=204)
    assert len(door.get("/alerts", code="pain", muted=True)["groups"]) == 1


def test_what_is_resolved_can_only_be_undone(door: Door, alert: str) -> None:
    door.post(f"/alerts/{alert}/resolve", status=204)
    assert door.get("/alerts", code="pain")["groups"] == []
    refused: list[Callable[[], object]] = [
        lambda: door.post(f"/alerts/{alert}/resolve", status=409),
        lambda: door.post(f"/alerts/{alert}/acknowledge", status=409),
        lambda: door.post(f"/alerts/{alert}/assign", {"staff": "therapist"}, status=409),
    ]
    for act in refused:
        act()
    door.post(f"/alerts/{alert}/undo", status=204)
    assert shown(door, alert)["state"] == "open"


def test_only_ones_own_act_is_undone_and_not_for_ever(door: Door, alert: str) -> None:
    door.post(f"/alerts/{alert}/undo", status=409)
    door.post(f"/alerts/{alert}/acknowledge", status=204)
    door.as_role("clinician")
    door.post(f"/alerts/{alert}/undo", status=409)
    door.as_role("therapist")
    door.now_ms += 10 * MINUTE_MS + 1
    door.post(f"/alerts/{alert}/undo", status=409)
    door.now_ms -= 1
    door.post(f"/alerts/{alert}/undo", status=204)
    door.post(f"/alerts/{alert}/undo", status=409)


def test_what_the_next_visit_has_overtaken_is_not_undone(
    studio: Studio, machine: ScriptedMachine, door: Door, alert: str
) -> None:
    door.post(f"/alerts/{alert}/acknowledge", status=204)
    studio.hear(machine.sign_out())
    machine.rest(3 / 86_400)
    machine.rest(2)
    studio.hear(machine.sign_in())
    door.post(f"/alerts/{alert}/undo", status=409)


def test_another_site_sees_nothing_and_finds_nothing(door: Door, alert: str) -> None:
    door.as_role("therapist", scope=Scope(sites=frozenset({"elsewhere"})))
    assert door.get("/alerts", code="pain")["groups"] == []
    door.post(f"/alerts/{alert}/acknowledge", status=404)
    door.as_role("admin")
    door.get("/alerts", status=403)


def test_filters_show_what_they_say(door: Door, alert: str, studio: Studio) -> None:
    (patient,) = {row["patient_id"] for row in studio.rows(tables.alert) if row["id"] == alert}
    for query, expected in (
        ({"code": "pain"}, 1),
        ({"code": "unwell"}, 0),
        ({"patient": patient}, 1),
        ({"machine": "lumbar-1", "severity": "red"}, 1),
        ({"state": "acknowledged"}, 0),
    ):
        found = [one for group in door.get("/alerts", **query)["groups"] for one in group["alerts"]]
        assert (sum(one["id"] == alert for one in found), bool(query)) == (expected, True), query
    door.get("/alerts", status=422, state="odd")
    assert door.now_ms > NOW_MS


def waits(studio: Studio) -> str:
    """Somebody has taken an invitation up: neither a person who trains nor a machine."""
    made = "00000000-0000-5000-8000-0000000000a"
    row = {
        "id": f"{made}1", "code": "staff_waits", "severity": "amber",
        "origin": "sim", "machine": None, "patient_id": None, "session_id": None, "detail": "",
        "raised_ms": NOW_MS, "state": "open",
    }  # fmt: skip
    with writing(studio.engine) as connection:
        rows.insert_rows(connection, tables.alert, [row, {**row, "id": f"{made}2", "code": "drift"}])
    return f"{made}1"


def test_what_is_muted_is_not_counted_until_the_moment_comes(studio: Studio, door: Door) -> None:
    alert = waits(studio)
    assert door.get("/alerts/waiting")["amber"] == 2
    door.post(f"/alerts/{alert}/mute", {"until": at(NOW_MS + MINUTE_MS).isoformat()}, status=204)
    assert door.get("/alerts/waiting")["amber"] == 1
    door.now_ms += MINUTE_MS
    assert door.get("/alerts/waiting")["amber"] == 2


def test_an_account_that_waits_is_told_at_every_site(studio: Studio, door: Door) -> None:
    alert = waits(studio)
    door.as_role("clinician", scope=Scope(sites=frozenset({"studio"})))
    assert door.get("/alerts/waiting")["amber"] == 1  # what the model does is for who sees everybody
    assert [group["code"] for group in door.get("/alerts")["groups"]] == ["staff_waits"]
    door.post(f"/alerts/{alert}/acknowledge", status=204)
    assert door.get("/alerts/waiting")["amber"] == 0
