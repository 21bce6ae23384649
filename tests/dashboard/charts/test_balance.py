from dataclasses import replace
from typing import Any

import pytest

from dashboard.api.balance import Balance, Pair, read_balance
from dashboard.charts.balance import COLOUR, balance_chart, difference_words, ratio_chart
from dashboard.charts.palette import FIRM, QUIET, WATCH
from dashboard.client import Client
from dashboard.format import Formatter


@pytest.fixture
def balance(client: Client) -> Balance:
    answer = read_balance(client, "p-1")
    assert isinstance(answer, Balance)
    return answer


def rows(chart: Any) -> list[dict[str, Any]]:
    """Gather the values of every layer of a chart."""
    return [row for data in chart.to_dict()["datasets"].values() for row in data]


def test_each_pair_is_one_row_with_its_error_bar_and_its_grey_field(
    balance: Balance, show: Formatter
) -> None:
    drawn = [row for row in rows(balance_chart(balance.pairs, show)) if "mdc_low" in row]
    assert [row["pair"] for row in drawn] == ["Trunk rotation", "Lateral flexion", "Hip abduction"]
    first = drawn[0]
    assert (first["low"], first["difference"], first["high"]) == pytest.approx((-15.4, -7.4, 0.6))
    assert (first["mdc_low"], first["mdc_high"]) == (-33.0, 33.0)


def test_a_difference_inside_the_error_is_grey(balance: Balance, show: Formatter) -> None:
    drawn = [row["colour"] for row in rows(balance_chart(balance.pairs, show)) if "mdc_low" in row]
    assert drawn == [QUIET, WATCH, FIRM]
    assert COLOUR["inside_error"] == QUIET


def test_earlier_figures_stand_beside_the_newest(balance: Balance, show: Formatter) -> None:
    past = [row for row in rows(balance_chart(balance.pairs, show)) if set(row) == {"pair", "difference"}]
    assert len(past) == 3 * 8


def test_the_axis_holds_every_error_bar_and_is_even(balance: Balance, show: Formatter) -> None:
    early = replace(balance.pairs[0].own_past[0], difference_pct=70.0)
    wide = replace(balance.pairs[0], low_pct=-60.0, own_past=(early,))
    spec = balance_chart([wide], show).to_dict()
    low, high = spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert low == -high
    assert high >= 70


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (0, "Right has 93 % of left: inside the measurement error of 33 %, not a finding."),
        (1, "Left has 79 % of right, seen once: a second test decides."),
        (2, "Right has 68 % of left on two tests in a row: it may get a little more work."),
        (3, "Not enough sessions on both sides yet."),
    ],
)
def test_words_say_first_whether_a_difference_means_anything(
    place: int, words: str, balance: Balance, show: Formatter
) -> None:
    pair: Pair = balance.pairs[place]
    assert difference_words(pair, show) == words


def test_a_difference_that_rounds_to_nothing_has_no_side(balance: Balance, show: Formatter) -> None:
    even = replace(balance.pairs[0], difference_pct=-0.3)
    said = "No difference to be seen; the measurement error is 33 %."
    assert difference_words(even, show) == said


def test_a_ratio_stands_among_the_persons_own_past(balance: Balance, show: Formatter) -> None:
    drawn = rows(ratio_chart(balance.ratios, show))
    assert [row for row in drawn if "low" in row] == [
        {"name": "Lumbar flexion / lumbar extension", "value": 0.68, "low": 0.61, "high": 0.76}
    ]
    assert len(drawn) == 17
