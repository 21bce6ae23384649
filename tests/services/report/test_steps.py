from dataclasses import replace

from report_rows import ZONE, facts, prescribe
from studio_rows import NOW_MS, StudioRows, named

from services.office.exercises import catalogue
from services.report.steps import change, dose, home
from services.report.words import Words

WORDS = Words(language="en", unit="kg", zone=ZONE)
COMMA = "\N{FULLWIDTH COMMA}"
CHINESE = Words(language="zh-HK", unit="kg", zone=ZONE)


def test_change_says_what_and_why(course: StudioRows) -> None:
    one = facts(course).changes[0]
    line = change(one, WORDS)
    assert (line.head, line.body) == ("9 Dec, Trunk rotation, left", "12.0 to 12.5 kg")
    assert line.why == one.why[0].text_en
    assert change(one, CHINESE).why == one.why[0].text_zh
    assert change(replace(one, why=()), WORDS).why == ""
    assert change(replace(one, before=None), WORDS).body == ""


def test_everything_that_changed_is_said(course: StudioRows) -> None:
    one = facts(course).changes[0]
    assert one.before is not None
    other = replace(one.before, load_kg=13.0, end_deg=20.0, reps=12)
    assert (
        change(replace(one, after=other), WORDS).body
        == "12.0 to 13.0 kg, movement 30° to 35°, 10 to 12 repetitions"
    )
    timed = replace(one, before=replace(one.before, work_s=70.0), after=replace(one.before, work_s=85.0))
    assert change(timed, WORDS).body == "70 to 85 s"


def test_dose_goes_by_time_or_repetitions(course: StudioRows) -> None:
    one = facts(course).changes[0].after
    assert dose(one, WORDS) == "12.5 kg, 10 repetitions"
    assert dose(replace(one, work_s=90.0), CHINESE) == f"12.5 kg{COMMA}90 秒"


def test_home_says_how_much_and_how_often(course: StudioRows) -> None:
    prescribe(course)
    prescribe(course, id=named("walk"), exercise="walk", hold_ms=0, times_a_week=3, made_ms=NOW_MS + 1)
    tilt, walk = facts(course).home
    line = home(tilt, WORDS)
    assert (line.body, line.why) == ("5 times a week", "2 x 10, hold 5 s")
    assert home(tilt, CHINESE).why == COMMA.join(("2 組", "每組 10 次", "維持 5 秒"))
    assert home(walk, WORDS).why == f"{catalogue()['walk'].minutes} minutes"
    assert home(walk, CHINESE).head == catalogue()["walk"].text_zh
