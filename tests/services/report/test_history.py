from dataclasses import replace

import pytest
from report_rows import ZONE, facts
from studio_rows import StudioRows

from services.insights.progress import PainChange, Progress, Series
from services.report.history import pain, strength_row
from services.report.words import MINUS, Words

WORDS = Words(language="en", unit="kg", zone=ZONE)


@pytest.fixture
def progress(course: StudioRows) -> Progress:
    return facts(course).progress


@pytest.fixture
def left(progress: Progress) -> Series:
    return progress.series[0]


def test_strength_says_load_movement_and_how_sure_it_is(left: Series) -> None:
    row = strength_row(left, WORDS)
    assert row.name == "Trunk rotation, left"
    assert row.figures == "Weight 12.0 to 15.5 kg, movement 30° to 37°"
    assert row.estimate == "about 37.0 kg (36.0 to 38.2)"
    assert [(spot.value, spot.low, spot.high) for spot in row.spots][-1] == (37.0, 36.0, 38.25)
    assert [round(spot.day, 6) for spot in row.spots] == [0, 3, 6, 9, 12, 15, 18, 21]


@pytest.mark.parametrize(
    ("verdict", "tone", "said"),
    [
        ("rising", "good", "stronger: +22 %"),
        ("steady", "grey", "no clear change yet"),
        ("falling", "watch", "less than before; your therapist looks at it"),
        ("not_enough_data", "grey", "too early to say"),
    ],
)
def test_trend_is_told_beyond_its_error_only(left: Series, verdict: str, tone: str, said: str) -> None:
    one = replace(left, trend=replace(left.trend, verdict=verdict, total_pct=22.0))
    assert (strength_row(one, WORDS).tone, strength_row(one, WORDS).said) == (tone, said)


def test_a_drop_is_told_before_a_trend(left: Series) -> None:
    fallen = replace(left, drop=replace(left.drop, verdict="drop"))
    assert strength_row(fallen, WORDS).tone == "watch"


def test_strength_without_its_band_or_not_known(left: Series) -> None:
    last = left.points[-1]
    bare = replace(left, points=(*left.points[:-1], replace(last, capacity_low_kg=None)))
    assert strength_row(bare, WORDS).estimate == "about 37.0 kg"
    none = replace(left, points=tuple(replace(point, capacity_kg=None) for point in left.points))
    assert (strength_row(none, WORDS).estimate, strength_row(none, WORDS).spots) == ("", ())


@pytest.mark.parametrize(
    ("verdict", "tone", "said"),
    [
        ("improved", "good", f"{MINUS}2.5 points since the start: a change that counts"),
        ("worse", "watch", f"{MINUS}2.5 points since the start: please tell your therapist"),
        ("inside_error", "grey", f"{MINUS}2.5 points since the start; it takes 2 to count"),
        ("not_enough_data", "grey", "too early to say: 4 of 6 visits"),
    ],
)
def test_pain_is_told_beyond_an_important_change_only(
    progress: Progress, verdict: str, tone: str, said: str
) -> None:
    change = PainChange(instrument="nrs", verdict=verdict, change=-2.5, needed=2.0, visits=4, needed_visits=6)
    told = pain(replace(progress, pain_change=change), WORDS)
    assert (told.tone, told.said) == (tone, said)


def test_pain_shows_before_training_and_the_mornings(progress: Progress) -> None:
    told = pain(progress, WORDS)
    assert [spot.nrs for spot in told.spots if not spot.is_morning] == [6, 6, 5, 5, 4, 4, 3, 3]
    assert len([spot for spot in told.spots if spot.is_morning]) == 8
    assert (told.first_day, told.last_day) == ("18 Nov", "10 Dec")
    assert pain(replace(progress, pain=()), WORDS).spots == ()
