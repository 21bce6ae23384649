from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio
from studio_door import Door

from contract.machines import catalogue as machines
from machine_agent.agent.states import State
from services.access import Scope
from services.insights.units import at
from services.office import health
from services.office.exclusions import Entry
from services.office.refusal import Act
from services.store import engine as store
from services.store import rows, tables

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
TOKYO = {"id": "tokyo", "name": "Shibuya", "time_zone": "Asia/Tokyo"}


@pytest.fixture
def patient(studio: Studio) -> str:
    (row,) = studio.rows(tables.patient)
    return str(row["id"])


def book(
    door: Door, patient: str, starts_ms: int = NOW_MS + DAY_MS, status: int = 201, **changes: Any
) -> str:
    body = {"patient": patient, "starts_at": at(starts_ms).isoformat()} | changes
    return str(door.post("/bookings", body, status).get("id"))


def visit_of(door: Door, starts_ms: int) -> Any:
    (found,) = door.get("/visits", day=hong_kong_day(starts_ms))["items"]
    return found


def hong_kong_day(at_ms: int) -> str:
    return (datetime.fromtimestamp(at_ms / 1_000, tz=UTC) + timedelta(hours=8)).date().isoformat()


def exclude(studio: Studio, patient: str, condition: str) -> None:
    with store.writing(studio.engine) as connection:
        act = Act(by="clinician", name="Dr Wong", at_ms=NOW_MS)
        assert health.exclude(connection, patient, Entry(condition=condition), act) is None


def test_a_booked_visit_shows_the_persons_stations_inside_forty_minutes(door: Door, patient: str) -> None:
    book(door, patient)
    visit = visit_of(door, NOW_MS + DAY_MS)
    names = [one["station"] for one in visit["stations"]]
    assert names[:3] == ["walk", "lumbar_extension", "trunk_rotation"]
    assert (visit["state"], visit["patient"]["name"]) == ("planned", "Mr Lee")
    assert sum(one["minutes"] for one in visit["stations"]) <= 40


def test_a_closed_machine_is_not_in_the_usual_visit_and_cannot_be_laid_out(
    studio: Studio, door: Door, patient: str
) -> None:
    exclude(studio, patient, "unstable_spondylolisthesis")
    made = book(door, patient)
    names = [one["station"] for one in visit_of(door, NOW_MS + DAY_MS)["stations"]]
    assert "lumbar_extension" not in names
    assert "lying_rotation" not in names
    wish = {"version": 1, "stations": [{"station": "lumbar_extension", "guided": False, "minutes": 6}]}
    door.send("PUT", f"/bookings/{made}/stations", wish, 422)


@pytest.mark.parametrize(
    "stations",
    [
        [],
        [{"station": "walk", "guided": True, "minutes": 5}] * 2,
        [{"station": "rowing_boat", "guided": False, "minutes": 5}],
        [{"station": "juggling", "guided": True, "minutes": 5}],
        [{"station": "ball_bridge", "guided": True, "minutes": 5}],
        [{"station": "chest_opener", "guided": True, "minutes": 5}],
        [{"station": kind, "guided": False, "minutes": 5} for kind in list(machines())[:7]],
        [
            {"station": "walk", "guided": True, "minutes": 5},
            {"station": "row", "guided": False, "minutes": 36},
        ],
    ],
)
def test_stations_that_cannot_be_are_refused(door: Door, patient: str, stations: list[Any]) -> None:
    made = book(door, patient)
    door.send("PUT", f"/bookings/{made}/stations", {"version": 1, "stations": stations}, 422)
    assert len(visit_of(door, NOW_MS + DAY_MS)["stations"]) > 2


def test_the_longest_usual_visit_can_be_laid_out(studio: Studio, door: Door, patient: str) -> None:
    with store.writing(studio.engine) as connection:
        connection.execute(tables.patient.update().values(stations=list(machines())))
    made = book(door, patient)
    fields = ("station", "guided", "minutes")
    usual = [{name: one[name] for name in fields} for one in visit_of(door, NOW_MS + DAY_MS)["stations"]]
    assert sum(not one["guided"] for one in usual) == 6
    door.send("PUT", f"/bookings/{made}/stations", {"version": 1, "stations": usual[::-1]}, 204)


def test_a_visit_that_was_longer_before_may_change_its_order_and_grow_no_more(
    studio: Studio, door: Door, patient: str
) -> None:
    made = book(door, patient)
    walk = {"station": "walk", "guided": True, "minutes": 5}
    long = [walk, *({"station": kind, "guided": False, "minutes": 6} for kind in list(machines())[:6])]
    with store.writing(studio.engine) as connection:
        connection.execute(tables.booking.update().values(stations=long))
    longer = [walk | {"minutes": 6}, *long[1:]]
    door.send("PUT", f"/bookings/{made}/stations", {"version": 1, "stations": longer}, 422)
    door.send("PUT", f"/bookings/{made}/stations", {"version": 1, "stations": long[::-1]}, 204)
    door.send("PUT", f"/bookings/{made}/stations", {"version": 2, "stations": long[:-1]}, 204)
    door.send("PUT", f"/bookings/{made}/stations", {"version": 3, "stations": long}, 422)


def test_stations_are_laid_out_moved_and_cancelled_by_version(door: Door, patient: str) -> None:
    made = book(door, patient)
    stations = [{"station": "trunk_rotation", "guided": False, "minutes": 6}]
    door.send("PUT", f"/bookings/{made}/stations", {"version": 1, "stations": stations}, 204)
    door.send("PUT", f"/bookings/{made}/stations", {"version": 1, "stations": stations}, 409)
    later = NOW_MS + 3 * DAY_MS
    move = {"version": 2, "starts_at": at(later).isoformat(), "minutes": 30}
    door.post(f"/bookings/{made}/move", move, 204)
    assert [one["station"] for one in visit_of(door, later)["stations"]] == ["trunk_rotation"]
    door.post(f"/bookings/{made}/cancel", {"version": 2}, 409)
    door.post(f"/bookings/{made}/cancel", {"version": 3}, 204)
    assert visit_of(door, later)["state"] == "cancelled"
    door.post(f"/bookings/{made}/cancel", {"version": 4}, 409)
    door.post(f"/bookings/{made}/move", move | {"version": 4}, 409)


def test_one_visit_a_day_at_a_time_that_can_be(door: Door, patient: str) -> None:
    made = book(door, patient)
    book(door, patient, status=409)
    other = book(door, patient, NOW_MS + 3 * DAY_MS)
    move = {"version": 1, "starts_at": at(NOW_MS + DAY_MS).isoformat(), "minutes": 30}
    door.post(f"/bookings/{other}/move", move, 409)
    door.post(f"/bookings/{made}/move", move, 204)
    book(door, patient, NOW_MS - DAY_MS, status=422)
    book(door, patient, NOW_MS + 400 * DAY_MS, status=422)
    book(door, patient, NOW_MS + 5 * DAY_MS, status=422, minutes=5)
    door.get("/visits", status=422, day="2026-13-40")


def test_who_came_and_who_walked_in_is_seen(
    studio: Studio, machine: ScriptedMachine, door: Door, patient: str
) -> None:
    door.now_ms = NOW_MS
    studio.hear(machine.sign_in())
    walked_in = visit_of(door, NOW_MS)
    assert (walked_in["booking"], walked_in["state"]) == (None, "came")
    assert walked_in["trains_at"] == {"machine": "lumbar-1", "name": "lumbar-1", "kind": "lumbar_extension"}
    studio.hear(machine.sign_out())
    book(door, patient, NOW_MS)
    came = visit_of(door, NOW_MS)
    assert (came["state"], came["trains_at"]) == ("came", None)
    done = {one["station"]: one["done"] for one in came["stations"]}
    assert (done["lumbar_extension"], done["trunk_rotation"]) == (True, False)


def test_a_tick_counts_once_a_day_and_shows(door: Door, patient: str) -> None:
    book(door, patient, NOW_MS)
    for _ in range(2):
        door.post(f"/patients/{patient}/ticks", {"source": "station", "item": "walk"}, 204)
    done = {one["station"]: one["done"] for one in visit_of(door, NOW_MS)["stations"]}
    assert (done["walk"], done["knee_to_chest"], done["lumbar_extension"]) == (True, False, False)
    door.post(f"/patients/{patient}/ticks", {"source": "home", "item": "decompression"}, 422)
    door.post(f"/patients/{patient}/ticks", {"source": "home", "item": "juggling"}, 422)


def test_another_site_books_and_sees_nobody_here(door: Door, patient: str) -> None:
    made = book(door, patient)
    door.as_role("therapist", scope=Scope(sites=frozenset({"elsewhere"})))
    book(door, patient, NOW_MS + 5 * DAY_MS, status=404)
    door.post(f"/bookings/{made}/cancel", {"version": 1}, 404)
    assert door.get("/visits", day=hong_kong_day(NOW_MS + DAY_MS))["items"] == []
    door.as_role("patient", scope=Scope(patient=patient))
    door.get("/visits", status=403)
    door.post(f"/patients/{patient}/ticks", {"source": "home", "item": "walk"}, 204)


def test_who_moves_to_another_site_is_expected_there_on_its_day(
    studio: Studio, door: Door, patient: str
) -> None:
    hong_kong_midnight = (NOW_MS + 8 * HOUR_MS) // DAY_MS * DAY_MS - 8 * HOUR_MS
    starts_ms = hong_kong_midnight + 2 * DAY_MS - HOUR_MS // 2  # half past midnight in Tokyo
    made, over = book(door, patient, starts_ms), book(door, patient, NOW_MS + 5 * DAY_MS)
    door.post(f"/bookings/{over}/cancel", {"version": 1}, 204)
    with store.writing(studio.engine) as connection:
        connection.execute(tables.site.insert().values(**TOKYO))
    body = {"site": "tokyo", "reason": "Moved house."}
    door.send("PUT", f"/patients/{patient}/site", body, 204)

    sites = {row["id"]: row["site_id"] for row in studio.rows(tables.booking)}
    assert sites == {made: "tokyo", over: "studio"}
    door.as_role("therapist", scope=Scope(sites=frozenset({"tokyo"})))
    visit = visit_of(door, starts_ms + HOUR_MS)
    assert (visit["booking"], visit["version"], visit["zone"]) == (made, 2, "Asia/Tokyo")
    assert door.get(f"/patients/{patient}/outlook")["visit"]["site"] == "Shibuya"


def test_the_outlook_names_the_site_of_the_visit(studio: Studio, door: Door, patient: str) -> None:
    book(door, patient)
    (here,) = studio.rows(tables.site)
    with store.writing(studio.engine) as connection:
        connection.execute(tables.site.insert().values(**TOKYO))
        connection.execute(tables.patient.update().values(site_id="tokyo"))
    assert door.get(f"/patients/{patient}/outlook")["visit"]["site"] == here["name"]


@pytest.mark.parametrize("state", [State.IDLE.value, "IDLE"])
def test_the_next_free_machine_is_online_idle_and_without_a_session(
    state: str, studio: Studio, machine: ScriptedMachine, door: Door
) -> None:
    studio.hear(machine.sign_in())
    said = {
        "origin": "sim", "machine": "lumbar-1", "online": True, "boot": machine.boot, "state": state,
        "session_id": None, "setting_id": None, "spool_rows": 0, "firmware": "1", "clock": "sim",
        "wall_ms": NOW_MS, "mono_ms": 1, "received_ms": NOW_MS, "skew_ms": 0,
    }  # fmt: skip
    with store.writing(studio.engine) as connection:
        rows.upsert(connection, tables.status, [said])
    assert door.get("/free-machines")["items"] == []
    studio.hear(machine.sign_out())
    assert [one["machine"] for one in door.get("/free-machines")["items"]] == ["lumbar-1"]
    assert door.get("/free-machines", kind="trunk_rotation")["items"] == []
