from collections.abc import Callable

import pytest

from contract.messages import Setting
from machine_agent.agent.corridor import target_deg


@pytest.mark.parametrize(
    ("elapsed_ms", "deg"),
    [(0, 10), (1_000, 30), (2_000, 50), (2_900, 50), (3_000, 50), (4_500, 30), (6_000, 10), (7_000, 30)],
)
def test_out_hold_back_and_again(elapsed_ms: int, deg: float, make_setting: Callable[..., Setting]) -> None:
    assert target_deg(make_setting(tempo_ms=(2_000, 1_000, 3_000)), elapsed_ms) == pytest.approx(deg)


def test_without_a_tempo_the_corridor_stays_at_the_start(make_setting: Callable[..., Setting]) -> None:
    assert target_deg(make_setting(tempo_ms=(0, 0, 0)), 1_234) == 10
