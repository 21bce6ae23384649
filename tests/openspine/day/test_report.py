from dataclasses import replace

import pytest

from emulator.day.booking import Booked
from emulator.day.hall import Seat
from emulator.day.record import Diary, Stay
from emulator.day.staff import Call, Errand
from openspine.day.picture import alert_rows, chart, door_rows, session_rows, staff_rows
from openspine.day.report import as_json, lines
from openspine.day.run import Day
from openspine.day.studio import Asked, Opened

HOUR_MS = 3_600_000
MINUTE_MS = 60_000


@pytest.fixture
def day() -> Day:
    """Two visits and a no-show on one machine, one alert."""
    seat = Seat(badge="a", machine="row-1", kind="row", since_ms=0, taken_ms=0, begins_ms=MINUTE_MS)
    short = replace(seat, badge="b", taken_ms=HOUR_MS, begins_ms=HOUR_MS)
    stays = (
        Stay(seat=seat, ends_ms=11 * MINUTE_MS, sets=2, reps=20, load_kg=12.5),
        Stay(seat=short, ends_ms=HOUR_MS + MINUTE_MS, sets=0, reps=0, load_kg=0.0),
    )
    call = Call(raised_ms=5 * MINUTE_MS, severity="red", code="pain", machine="row-1", badge="a")
    errand = Errand(
        therapist=2,
        call=call,
        leaves_ms=5 * MINUTE_MS,
        arrives_ms=5 * MINUTE_MS + 9_000,
        done_ms=7 * MINUTE_MS,
        goes_home=False,
    )
    booked = (
        Booked(badge="a", due_ms=0, comes_ms=0, stations=("row",)),
        Booked(badge="b", due_ms=0, comes_ms=HOUR_MS, stations=("row",)),
        Booked(badge="c", due_ms=2 * HOUR_MS, comes_ms=None, stations=("row",)),
    )
    return Day(
        asked=Asked(patients=3, machines=1),
        opened=Opened(opens_ms=0, day_ms=8 * HOUR_MS, machines={"row-1": "row"}, people={}, booked=booked),
        stays=stays,
        errands=(errand,),
        noted=(),
        diary=Diary(reps=20, sets=2),
        balance={"reps_counted": 20, "reps_stored": 20, "lost": 0, "doubled": 0},
        settings={"sent applied": 2},
        unserved=0,
        given_up=0,
        ended_ms=2 * HOUR_MS,
        is_over=True,
        seconds=100.0,
        processor_s=40.0,
    )


def test_a_day_is_one_object(day: Day) -> None:
    found = as_json(day)
    assert found["ok"]
    assert found["visits"]["late"] == found["visits"]["no_show"] == 1
    assert found["rate_reached"] == 72.0
    assert found["utilisation"]["row-1"] == {"percent": 2.3, "sessions": 2, "reps": 20}
    assert set(found["digest"]) == {"floor", "rows", "decisions"}


@pytest.mark.parametrize(
    "broken",
    [{"balance": {"reps_counted": 20, "reps_stored": 19, "lost": 1, "doubled": 0}}, {"is_over": False},
     {"balance": {"reps_counted": 20, "reps_stored": 21, "lost": 0, "doubled": 1}}],
    ids=["lost", "inside", "doubled"],
)  # fmt: skip
def test_a_day_that_did_not_hold_is_not_ok(day: Day, broken: dict[str, object]) -> None:
    assert not as_json(replace(day, **broken))["ok"]  # type: ignore[arg-type]  # fields by name


def test_people_read_it_in_lines(day: Day) -> None:
    text = "\n".join(lines(as_json(day)))
    assert "3 booked, 2 came (1 late), 1 did not; 2 of 2 stations" in text
    assert "20 counted = 20 stored, 0 lost, 0 doubled" in text
    assert "1 red pain" in text
    assert "1 calls, there after 9 s, at most 9 s; 0 sent home" in text
    calm = "\n".join(lines(as_json(replace(day, errands=()))))
    assert "alerts    none" in calm
    assert "staff" not in calm


def test_the_picture_shows_sessions_change_overs_alerts_and_the_door(day: Day) -> None:
    bars = session_rows(day)
    assert [(bar["hour"], bar["label"]) for bar in bars] == [
        (8.0, ""),
        (8 + 1 / 60, "1"),
        (9.0, ""),
        (9.0, ""),
    ]
    assert bars[0]["colour"] != bars[1]["colour"]
    assert [(mark["row"], mark["severity"]) for mark in alert_rows(day)] == [("row-1", "red")]
    assert [one["row"] for one in staff_rows(day)] == ["therapist 2"]
    assert [one["how"] for one in door_rows(day)] == ["on time", "late", "did not come"]


def test_the_picture_is_a_chart_with_a_row_for_each_machine_and_therapist(day: Day) -> None:
    drawn = chart(day).to_dict()
    assert "2 of 3 people on 1 machines" in drawn["title"]["text"]
    assert len(drawn["vconcat"]) == 3
    domain = drawn["vconcat"][2]["encoding"]["y"]["scale"]["domain"]
    assert domain == ["therapist 1", "therapist 2"]
