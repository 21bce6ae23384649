"""How well a text fits, and what a day is."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.insights.search import (
    BEGINS,
    CONTAINS,
    EXACT,
    WORD_BEGINS,
    Candidates,
    best,
    day_asked,
    fit,
)
from services.store.reading.names import folded

HOUR_MS = 3_600_000


@pytest.mark.parametrize(
    ("asked", "text", "found"),
    [
        ("chan", "Chan", EXACT),
        (" chan ", "Chan Mei", BEGINS),
        ("mei", "Chan Mei", WORD_BEGINS),
        ("1", "rotation-1", WORD_BEGINS),
        ("han", "Chan", CONTAINS),
        ("lee", "Chan", None),
        ("陳", "陳美玲", BEGINS),
    ],
)
def test_a_text_fits_exactly_by_its_beginning_by_a_word_or_somewhere(
    asked: str, text: str, found: int | None
) -> None:
    assert fit(asked, text) == found


@given(
    st.text("cChan -é", min_size=1, max_size=3),
    st.lists(st.tuples(st.text("cChan -é", max_size=6), st.text("P-12", max_size=3)), max_size=8),
)
def test_people_are_found_by_whichever_text_of_theirs_fits_best(
    asked: str, people: list[tuple[str, str]]
) -> None:
    rows: list[Any] = [
        SimpleNamespace(id=f"{number:02}", name=name, code=code, archived_ms=None, folded=folded(code, name))
        for number, (name, code) in enumerate(people)
    ]
    fits = [
        (min((n for n in (fit(asked, row.code), fit(asked, row.name)) if n is not None), default=None), row)
        for row in rows
    ]
    expected = sorted((n, row.name.casefold(), row.id) for n, row in fits if n is not None)
    assert [found.id for found in best(asked, Candidates(people=rows))] == [
        number for _, _, number in expected
    ]


def test_a_day_is_the_studios_and_has_the_hours_that_it_has() -> None:
    hong_kong = day_asked("2026-11-18", "Asia/Hong_Kong")
    assert hong_kong is not None
    assert hong_kong[0] % (24 * HOUR_MS) == 16 * HOUR_MS
    assert hong_kong[1] - hong_kong[0] == 24 * HOUR_MS
    clocks_back = day_asked("2026-10-25", "Europe/London")
    assert clocks_back is not None
    assert clocks_back[1] - clocks_back[0] == 25 * HOUR_MS


@pytest.mark.parametrize("asked", ["", "chan", "2026-13-01", "18/11/2026"])
def test_what_is_no_date_is_no_day(asked: str) -> None:
    assert day_asked(asked, "UTC") is None


def test_the_last_day_of_all_is_no_failure() -> None:
    assert day_asked("9999-12-31", "UTC") is not None
