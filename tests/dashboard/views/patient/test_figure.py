from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.api.balance import Balance, read_balance
from dashboard.charts.body import muscles
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.language import traditional_chinese
from dashboard.views.patient.figure import (
    COLOURS,
    PERIODS,
    SHOWN,
    kinds_of,
    muscle_rows,
    side_lines,
    untrained_words,
)


@pytest.fixture
def balance(client: Client) -> Balance:
    answer = read_balance(client, "p-1")
    assert isinstance(answer, Balance)
    return answer


def test_trained_muscles_are_listed_with_their_machines_most_sets_first(show: Formatter) -> None:
    rows = muscle_rows({"erectors": 2, "obliques": 9, "scalenes": 0}, show)
    assert [row["Muscle group"] for row in rows] == ["Obliques", "Erectors"]
    assert rows[1] == {
        "Muscle group": "Erectors", "Sets": "2", "Trained on": "Lumbar extension, Lateral flexion",
    }  # fmt: skip


def test_what_was_not_trained_is_named(show: Formatter) -> None:
    assert untrained_words({"erectors": 2, "scalenes": 0}, show) == "Not trained: Scalenes"
    assert untrained_words({"erectors": 0, "scalenes": 0}, show) == "Nothing was trained."
    assert untrained_words({"erectors": 2}, show) == "Every muscle group of the machines was trained."


def test_every_muscle_has_a_machine() -> None:
    assert all(kinds_of(muscle) for muscle in muscles())


def test_no_word_says_that_a_difference_causes_pain(balance: Balance, show: Formatter) -> None:
    told = " ".join([*side_lines(balance, show), COLOURS]).lower()
    assert "not a finding" in told
    assert "pain" not in told
    assert "cause" not in told


def test_figure_and_period_stay_in_the_url(
    open_page: Callable[..., AppTest], texts: Callable[[AppTest], str]
) -> None:
    app = open_page("patient", patient="p-1", figure="sides")
    assert app.segmented_control(key="figure").value == "sides"
    assert "says nothing about where pain comes from" in texts(app)
    app.segmented_control(key="figure").set_value("work").run()
    app.segmented_control(key="period").set_value("month").run()
    assert app.query_params["period"] == "month"
    assert "Not trained: " in texts(app)


def test_choices_are_translated() -> None:
    said = {*SHOWN.values(), *(word for word, _ in PERIODS.values()), COLOURS}
    assert said - traditional_chinese().keys() == set()
