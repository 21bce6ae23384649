"""How long things are kept: terms in words, what is due, runs."""

from collections.abc import Callable
from dataclasses import replace
from typing import get_args

import pytest
from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest

from dashboard.api.retention import Retention, read_retention
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.language import traditional_chinese
from dashboard.views.operations.retention import (
    MONTHS,
    RULES,
    WHERE,
    due_words,
    run_row,
    state_words,
    term_words,
)
from services.privacy.keeping import What

OpenPage = Callable[..., AppTest]
Texts = Callable[[AppTest], str]


@pytest.fixture
def found(client: Client) -> Retention:
    answer = read_retention(client)
    assert isinstance(answer, Retention)
    return answer


def test_everything_that_is_kept_has_a_name_and_a_reason_in_both_languages() -> None:
    assert set(RULES) == set(get_args(What))
    said = {words for pair in RULES.values() for words in pair} | {MONTHS, WHERE}
    assert said - traditional_chinese().keys() == set()


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, "1 day"),
        (90, "90 days"),
        (0.5, "0.5 days"),
        (2556.6975, "7 years"),
        (365.2425, "1 year"),
        (400, "400 days"),
        (None, "until erased"),
    ],
)
def test_a_term_is_said_in_the_unit_that_it_is_meant_in(
    days: float | None, words: str, show: Formatter
) -> None:
    assert term_words(days, show) == words


def test_what_is_due_and_what_went_is_counted(found: Retention, show: Formatter) -> None:
    due = {kept.what: kept for kept in found.kept}
    assert due_words(due["curves"], show) == "412 are due"
    assert due_words(due["messages"], show) == "10,000 or more are due"
    went = [run_row(run, show)["Taken away"] for run in found.runs]
    assert went[0].startswith("Curves of repetitions: 12,400 · ")
    assert went[1:] == ["nothing was due", "—"]
    assert run_row(found.runs[2], show)["Ended"] == "not ended"
    assert state_words(found, show) == "Last run: 21 Nov 2026 05:30. The next is expected 22 Nov 2026 05:30."
    months = replace(found.runs[0], removed={"months": 2, "later_word": 3})
    assert run_row(months, show)["Taken away"] == "Months of repetitions, dropped whole: 2"


def test_a_job_that_never_ran_is_named_with_the_next_step(
    open_page: OpenPage, fake_api: FakeApi, texts: Texts
) -> None:
    fake_api.mood = "empty"
    app = open_page("retention", role="admin")
    assert "The job has never run here." in str(app.info[0].value)
    assert "These are the usual ones" in texts(app) or "usual ones" in texts(app)
