from dataclasses import replace

import pytest

from dashboard.api.functional import FunctionalTests, list_functional_tests
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.language import traditional_chinese
from dashboard.views.own.functional import standing_words


@pytest.fixture
def found(client: Client) -> FunctionalTests:
    answer = list_functional_tests(client, "p-1")
    assert isinstance(answer, FunctionalTests)
    return answer


def test_what_one_managed_is_said_in_words(found: FunctionalTests, show: Formatter) -> None:
    left, right, chair = (standing_words(each, show) for each in found.standings)
    assert left == [
        "**On your left leg you stood for 6 seconds.**",
        "That is your start. We measure again after some weeks.",
        "People of your age: about 17 seconds.",
    ]
    assert right[:2] == [
        "**On your right leg you stood for 45 seconds.**",
        "Then the clock ended: it may be more.",
    ]
    assert chair == [
        "**From a chair you stood up 12 times in half a minute.**",
        "That is more than at the start.",
        "For your age that is usual or better.",
    ]


def test_fewer_than_usual_frightens_nobody(found: FunctionalTests, show: Formatter) -> None:
    few = standing_words(replace(found.standings[-1], value=7.0, verdict="worse"), show)
    assert few[1] == "That is less than at the start. That happens; your therapist sees it too."
    assert few[2] == "People of your age usually manage 10 or more. It can be trained."


def test_who_needs_the_arms_did_not_stand_up_no_times(found: FunctionalTests, show: Formatter) -> None:
    said = standing_words(replace(found.standings[-1], value=0.0, verdict="worse"), show)
    assert said[0] == "**Without your arms you could not stand up from a chair yet.**"


def test_without_a_published_figure_nobody_is_compared(found: FunctionalTests, show: Formatter) -> None:
    alone = replace(found.standings[0], published=None, verdict="inside_error")
    assert len(standing_words(alone, show)) == 2


@pytest.mark.parametrize(
    ("value", "change"), [(2.0, -18.0), (3.0, -22.0), (20.0, 12.0)]
)  # s: from 20 to 2, from 25 to 3, from 8 to 20
def test_a_test_that_cannot_tell_a_fall_comforts_nobody(
    value: float, change: float, found: FunctionalTests, show: Formatter
) -> None:
    left = replace(found.standings[0], verdict="inside_error", value=value, change=change, needed=24.1)
    said = standing_words(left, show)[1]
    assert said == "Whether that is more or less than at the start, this test cannot tell."
    assert said in traditional_chinese()
    long = replace(left, value=30.0, change=-5.0)
    assert "about as at the start" in standing_words(long, show)[1]
