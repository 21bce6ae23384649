from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.api.functional import FunctionalTests, Standing, list_functional_tests
from dashboard.client import Client
from dashboard.format import MINUS, Formatter
from dashboard.language import traditional_chinese
from dashboard.views.functional import due_lines
from dashboard.views.patient.functional import badges, change_words, figure, name_of, published_words


@pytest.fixture
def found(client: Client) -> FunctionalTests:
    answer = list_functional_tests(client, "p-1")
    assert isinstance(answer, FunctionalTests)
    return answer


@pytest.fixture
def chair(found: FunctionalTests) -> Standing:
    return found.standings[-1]


def test_figures_have_their_unit_and_say_where_the_clock_ended(
    found: FunctionalTests, show: Formatter
) -> None:
    left, right, chair = found.standings
    assert name_of(left.test, left.side, show) == "Standing on one leg, left"
    assert (figure(left, show), figure(right, show)) == ("6.2 s", "45.0 s (end of the clock)")
    assert (name_of(chair.test, chair.side, show), figure(chair, show)) == (
        "Rising from a chair",
        "12 stands in 30 s",
    )


def test_a_change_stands_beside_what_it_takes(
    found: FunctionalTests, chair: Standing, show: Formatter
) -> None:
    assert change_words(chair, show) == "+4 since 29 Aug 2026; less than 2.5 may be chance"
    fewer = replace(found.standings[0], change=-3.2, needed=24.1, first_at=chair.first_at)
    assert change_words(fewer, show) == f"{MINUS}3.2 since 29 Aug 2026; less than 24.1 may be chance"
    assert change_words(found.standings[0], show) == "It takes two measurements to tell a change."


def test_a_published_figure_names_age_sex_and_source(
    found: FunctionalTests, chair: Standing, show: Formatter
) -> None:
    women = "Women of 70 to 74 years: fewer than 10 is below average (CDC STEADI 2017)"
    assert published_words(chair.published, "female", show) == women
    assert published_words(chair.published, "male", show) == women.replace("Women", "Men")
    mean = "People of 70 to 79 years: 17.2 s on average (Bohannon 2006)"
    assert published_words(found.standings[0].published, "female", show) == mean
    assert published_words(None, "female", show) == "No published figure is known for this age."


def test_a_loss_below_the_error_is_not_called_unchanged_and_a_short_stand_is_marked(
    found: FunctionalTests, chair: Standing
) -> None:
    lost = replace(found.standings[0], verdict="inside_error", value=2.0, change=-18.0, needed=24.1)
    short = ("orange", "Shorter than 5 s: a sign of falls with injury (Vellas 1997)")
    assert badges(lost) == [("gray", "The figures are smaller than the error"), short]
    assert {words for _, words in badges(lost)} <= traditional_chinese().keys()
    assert badges(replace(lost, value=5.0))[1:] == []
    assert badges(replace(lost, published=None))[1:] == []  # below 60 years
    assert badges(replace(lost, value=30.0, change=-5.0)) == [("gray", "Inside the error")]
    assert badges(replace(chair, value=4.0))[1:] == []  # stands, not seconds


def test_what_is_due_names_its_week(found: FunctionalTests, show: Formatter) -> None:
    assert due_lines(found, show) == ["Due: Standing on one leg, of week 12, since 14 Nov 2026"]


def test_the_tile_stands_apart_and_grey_where_nothing_is_known(
    open_page: Callable[..., AppTest], texts: Callable[[AppTest], str]
) -> None:
    said = texts(open_page("patient", patient="p-1", tab="balance"))
    assert said.index("Standing and rising") > said.index("Left and right")
    assert "Apart from the balance of muscles" in said
    assert "Goldberg 2011" in said
