import pytest

from dashboard.api.balance import Balance, read_balance
from dashboard.client import Client
from dashboard.format import NOTHING, Formatter
from dashboard.views.patient.balance import pair_figures


@pytest.fixture
def balance(client: Client) -> Balance:
    answer = read_balance(client, "p-1")
    assert isinstance(answer, Balance)
    return answer


def test_the_figures_behind_a_pair_keep_their_side(balance: Balance, show: Formatter) -> None:
    assert pair_figures(balance.pairs[0], show) == "left 21.0 kg · right 19.5 kg · sessions: 23"


def test_a_side_that_was_never_trained_has_a_dash(balance: Balance, show: Formatter) -> None:
    assert pair_figures(balance.pairs[3], show) == f"left {NOTHING} · right {NOTHING} · sessions: 1"
