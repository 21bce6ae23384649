from dataclasses import replace

import pytest

from dashboard.answers_history import Balance
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.views.balance import pair_figures


@pytest.fixture
def balance(client: Client) -> Balance:
    answer = client.balance("p-1")
    assert isinstance(answer, Balance)
    return answer


def test_the_figures_behind_a_pair_keep_their_side(balance: Balance, show: Formatter) -> None:
    said = pair_figures(balance.pairs[0], show)
    assert said == "left 21.0 kg · right 19.5 kg · weaker is 93 % of stronger · sessions: 23"


def test_a_pair_without_symmetry_says_nothing_about_it(balance: Balance, show: Formatter) -> None:
    said = pair_figures(replace(balance.pairs[0], lsi_pct=None), show)
    assert "weaker" not in said
