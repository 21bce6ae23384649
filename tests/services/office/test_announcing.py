"""Which alerts are announced, held back and found, with rows of a real store."""

from typing import Any

import pytest
from scripted_machine import NOW_MS
from scripted_studio import Studio
from studio_door import Door

from contract.names import made_id
from services.insights.units import at
from services.office import alerting
from services.office.refusal import Act
from services.store import alerts, rows, tables
from services.store.engine import writing
from services.store.reading import inbox

MINUTE_MS = 60_000
PAGES_MOST = 10


def raised(studio: Studio, code: str, at_ms: int, severity: str = "amber", **changes: object) -> str:
    """Raise an alert about the machine; each code is a trouble of its own."""
    row = {
        "id": made_id("test", code, at_ms), "code": code, "severity": severity, "origin": "sim",
        "machine": "lumbar-1", "patient_id": None, "session_id": None, "detail": "", "raised_ms": at_ms,
        "state": "open",
    }  # fmt: skip
    with writing(studio.engine) as connection:
        rows.insert_rows(connection, tables.alert, [row | changes])
    return str(row["id"])


@pytest.fixture
def eight(studio: Studio, door: Door) -> list[str]:
    """Eight troubles of one machine within eight minutes; two more than an hour announces."""
    door.now_ms = NOW_MS + 8 * MINUTE_MS
    codes = (
        "stop", "spool", "identity", "assist_locked", "calibration_due", "machine_offline", "clock_skew",
        "limits_wait",
    )  # fmt: skip
    return [raised(studio, code, NOW_MS + number * MINUTE_MS) for number, code in enumerate(codes)]


def told(door: Door, **query: Any) -> tuple[list[str], int]:
    found = door.get("/alerts", **query)
    return [one["id"] for group in found["groups"] for one in group["alerts"]], found["held_back"]


def test_neither_a_filter_nor_what_staff_do_makes_room_for_what_is_held_back(
    studio: Studio, door: Door, eight: list[str]
) -> None:
    first, held = eight[:6], eight[6:]
    assert told(door) == (first[::-1], 2)
    assert told(door, code="clock_skew") == ([], 1)
    assert told(door, severity="amber", state="open") == (first[::-1], 2)
    for number, one in enumerate(first):
        if number % 2:
            until = at(door.now_ms + MINUTE_MS).isoformat()
            door.post(f"/alerts/{one}/mute", {"until": until}, status=204)
        else:
            door.post(f"/alerts/{one}/resolve", status=204)
    assert told(door) == ([], 2)

    red = raised(studio, "fault", door.now_ms, "red")
    assert told(door) == ([red], 2)
    assert told(door, severity="red") == ([red], 0)

    door.now_ms = (
        NOW_MS + 60 * MINUTE_MS + MINUTE_MS
    )  # the second of six is an hour old: the red one took a place
    assert set(told(door)[0]) == {red, *held, *eight[1:6:2]}
    assert told(door, code="clock_skew") == ([eight[6]], 0)


def test_who_names_a_machine_or_an_alert_is_shown_what_is_held_back(
    studio: Studio, door: Door, eight: list[str]
) -> None:
    elsewhere = raised(studio, "limits_wait", door.now_ms, machine="rotation-1")
    assert told(door) == (eight[:6][::-1], 3)
    assert told(door, machine="rotation-1") == ([elsewhere], 0)
    assert told(door, alert=eight[7]) == ([eight[7]], 0)
    assert told(door, alert=eight[7], severity="red") == ([], 0)
    assert told(door) == (eight[:6][::-1], 3), "looking announces nothing"


def test_who_names_a_person_is_shown_what_is_held_back(studio: Studio, door: Door) -> None:
    door.now_ms = NOW_MS + 7
    people = [studio.enrol(f"04C{number}", code=f"C-{number}") for number in range(7)]
    told_of = [
        raised(studio, "plateau", NOW_MS + number, machine=None, patient_id=person)
        for number, person in enumerate(people)
    ]
    assert told(door) == (told_of[:6][::-1], 1)
    assert told(door, patient=people[6]) == (told_of[6:], 0)


def test_an_alert_that_is_named_comes_with_those_of_the_same_trouble(
    studio: Studio, door: Door, eight: list[str]
) -> None:
    again = raised(studio, "stop", door.now_ms)
    assert told(door, alert=eight[0]) == ([again, eight[0]], 0)
    assert told(door, alert=made_id("test", "nothing")) == ([], 0)


def test_more_than_a_page_is_said_and_pages_miss_nothing(
    studio: Studio, door: Door, eight: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    as_old = raised(studio, "unwell", NOW_MS, "red")
    wanted = inbox.Wanted()
    with studio.engine.connect() as connection:
        whole = inbox.listing(connection, "sim", None, wanted, door.now_ms)
    assert door.get("/alerts")["next"] is None
    monkeypatch.setattr(inbox, "ALERTS_MOST", 2)
    assert turned(door) == [{row.id for row in whole[at : at + 2]} for at in (0, 2, 4, 6, 8)]
    door.get("/alerts", status=422, cursor="nowhere")
    with studio.engine.connect() as connection:
        paged = inbox.everything(connection, "sim", None, wanted, door.now_ms)
    assert [row.id for row in paged] == [row.id for row in whole]
    assert {row.id for row in whole} == {*eight, as_old}


def turned(door: Door) -> list[set[str]]:
    """Turn the pages of a machine that is named: of it nothing is held back."""
    pages: list[set[str]] = []
    place: dict[str, Any] = {}
    while len(pages) < PAGES_MOST:
        page = door.get("/alerts", machine="lumbar-1", **place)
        pages.append({one["id"] for group in page["groups"] for one in group["alerts"]})
        if page["next"] is None:
            break
        place["cursor"] = page["next"]
    return pages


def test_pain_is_found_however_it_was_told(studio: Studio, door: Door) -> None:
    door.now_ms = NOW_MS
    pains = {raised(studio, code, NOW_MS, "red") for code in ("pain", "red_pain", "pain_button")}
    plateau = raised(studio, "plateau", NOW_MS)
    assert set(told(door, code="pain")[0]) == pains
    assert told(door, code="plateau") == ([plateau], 0)


def test_what_a_model_in_use_has_overtaken_is_not_undone(studio: Studio, door: Door) -> None:
    refused = raised(studio, "model_refused", NOW_MS, machine=None)
    door.now_ms = NOW_MS + MINUTE_MS
    act = Act(by="therapist", name="Ho Wing Yan", at_ms=door.now_ms)
    with writing(studio.engine) as connection:
        assert alerting.acknowledge(connection, refused, act) is None
        alerts.resolve_of_studio(connection, "sim", "model_refused", door.now_ms)
    door.post(f"/alerts/{refused}/undo", status=409)
    assert [row["state"] for row in studio.rows(tables.alert)] == ["resolved"]
