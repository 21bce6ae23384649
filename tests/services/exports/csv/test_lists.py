import csv
import io
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from studio_rows import NOW_MS, StudioRows, named

from services.access import Scope
from services.exports.csv import lists
from services.exports.csv.lists import Filters, Whose
from services.insights.inbox import ANNOUNCED_MOST
from services.store.reading import patients, sessions
from services.store.reading.adjustments import EVERY, Narrowed
from services.store.reading.inbox import Wanted

CHAN = named("Chan Mei Ling")
UTC = ZoneInfo("UTC")
ALL = Filters()
HERE = Whose(origin="sim", now_ms=NOW_MS, zone=UTC)


def read(written: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"), newline="")))


def test_people_of_one_light(studio: StudioRows) -> None:
    studio.patient()
    studio.limits()
    studio.patient("Lee Tai Man", code="=cmd")
    with studio.engine.connect() as connection:
        everybody = read(lists.people(connection, HERE, ALL))
        fine = read(lists.people(connection, HERE, Filters(light="fine")))
        found = read(lists.people(connection, HERE, Filters(search="lee")))
        real = read(lists.people(connection, replace(HERE, origin="real"), ALL))
        other = read(lists.people(connection, replace(HERE, scope=Scope(sites=frozenset(("x",)))), ALL))
    assert [row["name"] for row in everybody] == ["Chan Mei Ling", "Lee Tai Man"]
    assert [row["name"] for row in fine] == ["Chan Mei Ling"]
    assert [(row["code"], row["attention_code"]) for row in found] == [("'=cmd", "limits_missing")]
    assert (real, other) == ([], [])


def test_every_page_is_written(course: StudioRows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "PAGE", 2)
    with course.engine.connect() as connection:
        written = read(lists.of_sessions(connection, CHAN, UTC))
        decided = read(lists.of_adjustments(connection, CHAN, EVERY, UTC))
    assert [row["session"] for row in written] == [named(f"session-{number}") for number in range(5, -1, -1)]
    assert [row["id"] for row in decided] == [named(f"decision-{number}") for number in range(5, -1, -1)]


def test_progress_keeps_kind_and_side(course: StudioRows) -> None:
    with course.engine.connect() as connection:
        person = patients.one(connection, CHAN, "sim")
        assert person is not None
        left = read(lists.of_progress(connection, person, Filters(side="left"), UTC))
        both = read(lists.of_progress(connection, person, ALL, UTC))
        none = read(lists.of_progress(connection, person, Filters(kind="row"), UTC))
    assert [row["load_kg [kg]"] for row in left] == ["12.0", "12.5", "13.0", "13.5", "14.0", "14.5"]
    assert ({row["side"] for row in left}, len(both), none) == ({"left"}, 12, [])


def test_pain_has_every_question(course: StudioRows) -> None:
    with course.engine.connect() as connection:
        person = patients.one(connection, CHAN, "sim")
        assert person is not None
        told = read(lists.of_pain(connection, person, ALL, UTC))
    assert {row["question"] for row in told} == {"pain_before", "pain_set", "pain_next_morning"}
    assert [row["nrs [0-10]"] for row in told if row["question"] == "pain_before"] == list("554433")


def test_only_settings_that_became_this(course: StudioRows) -> None:
    course.decision("refused", "session-0", now_ms=NOW_MS + 5)
    course.setting("refused", "session-0", "refused", state="refused", reason="STEP")
    with course.engine.connect() as connection:
        written = read(lists.of_adjustments(connection, CHAN, Narrowed(state="refused"), UTC))
        pounds = read(lists.of_adjustments(connection, CHAN, Narrowed(state="refused"), UTC, "lb"))
    assert [(row["id"], row["refusal"]) for row in written] == [(named("refused"), "STEP")]
    assert (written[0]["from_load_kg [kg]"], written[0]["to_load_kg [kg]"]) == ("12.0", "12.5")
    assert ("lb" in pounds[0]["why_text_en"], "lb" in written[0]["why_text_en"]) == (True, False)
    assert written[0]["split_code"] == "all_good 0.7 kg; limit_session_cap -0.2 kg"


def test_reps_are_in_order_with_set_and_side(course: StudioRows) -> None:
    course.rep("session-0", 1, set_number=2, side="right", wall_ms=NOW_MS + 90_000, quality=["partial"])
    with course.engine.connect() as connection:
        session = sessions.one(connection, named("session-0"), "sim")
        assert session is not None
        written = read(lists.of_reps(connection, session, UTC))
    assert [(row["set"], row["side"], row["rep"]) for row in written] == [
        ("1", "left", "1"),
        ("2", "right", "1"),
    ]
    assert (written[1]["quality"], written[1]["peak_torque_nm [Nm]"]) == ("partial", "61.0")


def test_balance_is_one_line_a_pair(course: StudioRows) -> None:
    with course.engine.connect() as connection:
        written = read(lists.of_balance(connection, CHAN, UTC))
    assert [(row["kind"], row["verdict"]) for row in written] == [("trunk_rotation", "inside_error")]


def test_alerts_are_those_of_the_inbox(course: StudioRows) -> None:
    course.alert("pain", "red", patient_id=CHAN)
    course.alert("plateau", "amber", patient_id=CHAN, raised_ms=NOW_MS - 1, session_id=named("session-0"))
    with course.engine.connect() as connection:
        written = read(lists.of_alerts(connection, HERE, Wanted()))
        red = read(lists.of_alerts(connection, HERE, Wanted(severity="red")))
    assert {(row["code"], row["severity"], row["patient_name"]) for row in written} == {
        ("pain", "red", "Chan Mei Ling"),
        ("plateau", "amber", "Chan Mei Ling"),
    }
    assert [row["code"] for row in red] == ["pain"]
    assert written[0]["raised_at [UTC]"].startswith("2026-11-18T")


def test_alerts_that_are_held_back_are_written_too(course: StudioRows) -> None:
    codes = sorted(f"trouble_{number}" for number in range(ANNOUNCED_MOST + 2))
    for number, code in enumerate(codes):
        course.alert(code, "amber", patient_id=CHAN, raised_ms=NOW_MS - 100 + number)
    with course.engine.connect() as connection:
        written = read(lists.of_alerts(connection, HERE, Wanted(severity="amber")))
    assert sorted(row["code"] for row in written) == codes


def test_adjustments_keep_the_station_that_the_screen_shows(course: StudioRows) -> None:
    with course.engine.connect() as connection:
        left = read(lists.of_adjustments(connection, CHAN, Narrowed(side="left"), UTC))
        none = read(lists.of_adjustments(connection, CHAN, Narrowed(kind="row"), UTC))
    assert {row["side"] for row in left} == {"left"}
    assert none == []
