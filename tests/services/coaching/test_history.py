from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from contract.machines import catalogue
from ml.request import Person
from services.coaching import history
from services.store.visits import Trouble

NOW_MS = 1_790_000_000_000
DAY_MS = 86_400_000
WHO = Person(age_years=41, sex="male", mass_kg=72.0, baseline_nrs=2)


@dataclass
class Row:
    """A summary as the store gives it."""

    wall_ms: int
    load_g: int
    visit_id: str = "past"
    first_load_g: int = 0
    peak_cdeg: int = 5_000
    regular: bool = True
    total: int = 1
    visit: int = 1
    start_cdeg: int = 0
    end_cdeg: int = 5_000
    reps: int = 10
    work_ms: int = 0
    effort_cr10: float | None = None
    pain_before: int | None = 2
    pain_set: int | None = None
    morning_nrs: int | None = None
    flagged_reps: int = 0
    raised: str | None = None
    ended_by: str = "target"
    skewed: bool = False


@dataclass
class Patient:
    birth_year: int = 1985
    sex: str = "male"
    mass_kg: float = 72.0
    baseline_nrs: int = 4
    flags: dict[str, Any] = field(default_factory=dict)


@dataclass
class Visit:
    pain_before: int | None
    pain_after: int | None = None
    spasm: bool = False
    started_ms: int = NOW_MS
    id: str = "visit"


def _rows(*loads_g: int, days_ago: float = 3) -> list[Row]:
    first_ms = NOW_MS - round((days_ago + 3 * (len(loads_g) - 1)) * DAY_MS)
    return [
        Row(wall_ms=first_ms + 3 * place * DAY_MS, load_g=load_g, total=len(loads_g))
        for place, load_g in enumerate(loads_g)
    ]


def test_a_first_session_brings_nothing() -> None:
    frame = history.side_frame([], "today", NOW_MS)

    assert (frame.session_number, frame.days_away, frame.past) == (1, None, ())
    assert frame.history.median3_g == 0
    assert history.flags([frame], [], "today", ()) == ("calibrating",)


def test_caps_are_measured_from_the_last_three_sessions_and_the_last_regular_one() -> None:
    rows = _rows(9_000, 30_000, 10_000, 20_000)
    rows[-1] = replace(rows[-1], regular=False, peak_cdeg=4_000)
    frame = history.side_frame(rows, "today", NOW_MS)

    assert frame.history.median3_g == 20_000
    assert (frame.history.last_regular_g, frame.history.peak_regular_cdeg) == (10_000, 5_000)
    assert frame.history.peak_cdeg == 4_000
    assert frame.session_number == 5
    assert history.flags([frame], rows, "today", ()) == ("returning",)


def test_the_first_load_of_the_day_is_the_reference_after_signing_in_again() -> None:
    rows = [
        *_rows(10_000),
        Row(wall_ms=NOW_MS, load_g=12_000, first_load_g=11_000, visit_id="today", total=2),
    ]
    frame = history.side_frame(rows, "today", NOW_MS)

    assert frame.history.day_start_g == 11_000
    assert frame.history.median3_g == 10_000


def test_sessions_under_a_wrong_clock_count_for_no_week() -> None:
    rows = _rows(10_000, 11_000, 12_000)
    astray = replace(rows[-1], load_g=30_000, wall_ms=NOW_MS + 300 * DAY_MS, skewed=True)
    frame = history.side_frame([*rows, astray], "today", NOW_MS)
    right = history.side_frame(rows, "today", NOW_MS)

    assert (frame.history.median3_g, frame.history.last_regular_g) == (11_000, 12_000)
    assert frame.days_away == right.days_away
    assert len(frame.past) == 4
    alone = history.side_frame([astray], "today", NOW_MS)
    assert alone.history.median3_g == 30_000  # a cap is better than none


@pytest.mark.parametrize(("days", "is_away"), [(14.9, False), (15.0, True)])
def test_an_absence_stops_every_increase(days: float, is_away: bool) -> None:
    rows = _rows(10_000, 10_000, 10_000, 10_000, 10_000, days_ago=days)
    frame = history.side_frame(rows, "today", NOW_MS)

    assert history.flags([frame], rows, "today", ()) == (("no_increase", "returning") if is_away else ())


def test_an_absence_holds_for_the_whole_day_of_the_return() -> None:
    rows = [*_rows(*(10_000,) * 5, days_ago=20), Row(wall_ms=NOW_MS, load_g=10_000, visit_id="today")]
    frame = history.side_frame(rows, "today", NOW_MS)

    assert frame.days_away == pytest.approx(20)
    assert "no_increase" in history.flags([frame], rows, "today", ())


def test_a_visit_of_tests_alone_is_a_visit() -> None:
    rows = _rows(*(10_000,) * 5, days_ago=20)
    frame = replace(history.side_frame(rows, "today", NOW_MS), tested_ms=(NOW_MS - 6 * DAY_MS + 60_000,))
    tested = Visit(2, started_ms=NOW_MS - 6 * DAY_MS)
    untested = Visit(2, started_ms=NOW_MS - 9 * DAY_MS)

    assert history.with_tests(frame, [tested, untested], {}, NOW_MS).days_away == pytest.approx(14)
    assert history.with_tests(frame, [untested], {}, NOW_MS).days_away == pytest.approx(20)
    earlier = replace(frame, tested_ms=(NOW_MS - 30 * DAY_MS,))
    assert history.with_tests(earlier, [tested], {}, NOW_MS).days_away == pytest.approx(20)


def test_tests_after_a_long_absence_undo_nothing_of_it() -> None:
    rows = _rows(*(10_000,) * 5, days_ago=100)
    frame = replace(history.side_frame(rows, "today", NOW_MS), tested_ms=(NOW_MS - 6 * DAY_MS,))
    tested = Visit(2, started_ms=NOW_MS - 6 * DAY_MS)
    found = history.with_tests(frame, [tested], {}, NOW_MS)

    assert found.days_away == pytest.approx(94)
    assert history.flags([found], rows, "today", ()) == ("no_increase", "returning")


def test_nobody_returns_on_a_day_that_went_wrong() -> None:
    rows = [*_rows(*(10_000,) * 5)]
    rows[-1] = replace(rows[-1], regular=False)
    cut_short = Row(wall_ms=NOW_MS, load_g=5_000, visit_id="today", regular=False)
    frame = history.side_frame(rows, "today", NOW_MS)

    assert history.flags([frame], rows, "today", ()) == ("returning",)
    assert history.flags([frame], [*rows, replace(cut_short, regular=True)], "today", ()) == ("returning",)
    assert history.flags([frame], [*rows, cut_short], "today", ()) == ()
    assert history.flags([frame], rows, "today", ("no_increase", "spasm")) == ("no_increase", "spasm")


@pytest.mark.parametrize(
    ("visit", "trouble", "expected"),
    [
        (Visit(5), Trouble(worst_nrs=5), ()),
        (Visit(6), Trouble(), ("no_increase", "pain_today")),
        (Visit(0, pain_after=6), Trouble(), ("no_increase", "pain_today")),
        (Visit(None), Trouble(worst_nrs=6), ("no_increase", "pain_today")),
        (Visit(0), Trouble(was_reported=True), ("no_increase", "pain_today")),
        (Visit(0, spasm=True), Trouble(), ("no_increase", "spasm")),
        (Visit(9, spasm=True), Trouble(), ("no_increase", "pain_today", "spasm")),
    ],
)
def test_what_went_wrong_today_holds_for_the_day(
    visit: Visit, trouble: Trouble, expected: tuple[str, ...]
) -> None:
    assert history.of_today(visit, trouble, amber_nrs=5) == expected


def test_the_baseline_is_the_median_of_three_visits_and_at_most_six() -> None:
    visits = [Visit(9), Visit(None), Visit(8), Visit(2), Visit(0)]

    assert history.person(Patient(), "row", visits, NOW_MS).baseline_nrs == 6
    assert history.person(Patient(), "row", visits[3:], NOW_MS).baseline_nrs == 1
    assert history.person(Patient(), "row", [], NOW_MS).baseline_nrs == 4


def test_the_weak_side_goes_first() -> None:
    flags = {"weak_side": {"trunk_rotation": "right"}}

    who = history.person(Patient(flags=flags), "trunk_rotation", [], NOW_MS)
    assert history.weak_first(("left", "right"), who.weak_side) == ("right", "left")
    assert history.weak_first(("left", "right"), None) == ("left", "right")


def test_the_ceiling_of_calibration_follows_the_profile_and_the_last_load() -> None:
    kind = catalogue()["lumbar_extension"]
    first = [history.side_frame([], "today", NOW_MS)]
    strong = [history.side_frame(_rows(40_000), "today", NOW_MS)]

    careful = history.ceiling_g(WHO, kind, "rehab", first)
    assert 0 < careful < history.ceiling_g(WHO, kind, "studio", first) < kind.max_load_g
    assert history.ceiling_g(WHO, kind, "rehab", strong) == 46_000


def test_a_day_is_the_day_of_the_studio() -> None:
    late_utc_ms = 1_789_948_800_000  # 2026-09-21 00:00 UTC

    assert history.studio_day(late_utc_ms - 1, "UTC") == "2026-09-20"
    assert history.studio_day(late_utc_ms - 1, "Asia/Hong_Kong") == "2026-09-21"
