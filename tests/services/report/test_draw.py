from dataclasses import replace
from datetime import timedelta

import pytest
from report_rows import LAST_MS, ZONE, book, drawn, facts
from studio_rows import StudioRows

from services.report.draw import MOVEMENTS_MOST, sheet
from services.report.facts import Facts
from services.report.words import MINUS, Words

ENGLISH = Words(language="en", unit="kg", zone=ZONE)


def test_head_says_who_and_when(course: StudioRows) -> None:
    shown = drawn(course)
    assert (shown.name, shown.studio, shown.number) == (
        "Chan Mei Ling",
        "Studio",
        "No. P-Ling, as of 10 Dec 2026",
    )
    assert shown.ribbon == "DEMO: people and machines are made up"
    assert shown.next_when == "Not booked yet. Please ask at the desk."


def test_real_people_have_no_ribbon(studio: StudioRows) -> None:
    studio.origin = "real"
    studio.patient()
    studio.origin = "sim"
    found = facts(studio, origin="real")
    assert sheet(found, ENGLISH).ribbon == ""


def test_tiles_tell_nothing_inside_the_error(course: StudioRows) -> None:
    visits, pain, stronger, work = drawn(course).tiles
    assert (visits.value, visits.tone) == ("8 of 8", "plain")
    assert (pain.value, pain.tone) == ("3 of 10", "good")
    assert pain.note == f"{MINUS}3.0 points since the start: a change that counts"
    assert (stronger.value, stronger.tone) == ("2 of 2", "good")
    assert (work.value, work.note) == ("160", "in 8 sessions")


def test_somebody_new_is_told_what_to_expect(studio: StudioRows) -> None:
    studio.patient()
    shown = drawn(studio)
    assert (shown.strength_rows, shown.balance_rows, shown.change_rows) == ((), (), ())
    assert shown.strength.empty == "It appears after the first session. First changes may take weeks."
    assert [tile.tone for tile in shown.tiles] == ["plain", "grey", "grey", "plain"]
    assert shown.tiles[1].value == "not asked yet"


def series_of_other_kinds(found: Facts, count: int) -> Facts:
    one = found.progress.series[0]
    later = [
        replace(
            one,
            kind=f"kind_{number}",
            points=tuple(replace(point, at=point.at + timedelta(days=number)) for point in one.points),
        )
        for number in range(count)
    ]
    return replace(found, progress=replace(found.progress, series=tuple(later)))


def test_of_many_movements_the_newest_are_shown(course: StudioRows) -> None:
    shown = sheet(series_of_other_kinds(facts(course), MOVEMENTS_MOST + 3), ENGLISH)
    assert [row.name for row in shown.strength_rows] == [
        f"Kind {n}, left" for n in range(3, MOVEMENTS_MOST + 3)
    ]
    assert shown.strength_more == "and 3 more on the screen"


@pytest.mark.parametrize(
    ("verdict", "tone", "said"),
    [
        ("inside_error", "grey", "No difference to be seen; up to 19 % is measurement error"),
        ("watch", "watch", "Left side weaker by 21 %, seen once: a second test decides"),
        ("confirmed", "watch", "Left side weaker by 21 % on two tests: it gets a little more work"),
        ("not_enough_data", "grey", "Not enough sessions on both sides yet"),
    ],
)
def test_balance_is_grey_inside_its_error(course: StudioRows, verdict: str, tone: str, said: str) -> None:
    found = facts(course)
    pair = replace(
        found.balance.pairs[0], verdict=verdict, difference_pct=21.4, mdc_pct=19.2, weak_side="left"
    )
    [row] = sheet(replace(found, balance=replace(found.balance, pairs=(pair,))), ENGLISH).balance_rows
    assert (row.tone, row.said, row.difference, row.detectable) == (tone, said, 21.4, 19.2)


def test_next_visit_says_when_and_where_we_start(course: StudioRows) -> None:
    book(course)
    assert drawn(course).next_when == "15 Dec 2026, 19:06"
    assert drawn(course, "zh-HK").next_when == "2026年12月15日 19:06"
    assert [(row.head, row.body) for row in drawn(course).next_rows] == [
        ("Trunk rotation, left", "12.5 kg, 10 repetitions")
    ]
    assert LAST_MS > 0
