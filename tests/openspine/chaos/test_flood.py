"""What others feel of a flood, and when that is too much."""

import asyncio
import math
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from openspine.broker.embedded import Broker, best_kind
from openspine.chaos.flood import Felt, Flooder, Rounds, felt
from openspine.chaos.machine import Machine

QUIET_S = [0.05] * 98 + [0.1] * 2


@pytest.mark.parametrize(
    ("qos1_s", "qos0_s", "is_fair"), [(0.2, 0.1, True), (0.21, 0.1, False), (0.1, 0.21, False)]
)
def test_nobody_waits_more_than_twice_as_long(qos1_s: float, qos0_s: float, *, is_fair: bool) -> None:
    found = Felt(quiet_s=QUIET_S, flooded_s={1: [qos1_s] * 100, 0: [qos0_s] * 100})
    assert found.is_fair == is_fair
    assert found.told()["p99_ratio"] == pytest.approx(qos1_s / 0.1)
    assert found.told()["p99_ratio_qos0"] == pytest.approx(qos0_s / 0.1)


def test_a_flood_in_which_nothing_was_taken_is_not_fair() -> None:
    found = Felt(quiet_s=QUIET_S, flooded_s={1: [], 0: [0.1]})
    assert not found.is_fair
    assert found.ratio(1) == math.inf


def test_a_row_counts_to_when_it_was_said_however_late_it_is_taken() -> None:
    rows = [(1.0, 1.1), (11.0, 19.0), (19.9, 32.0), (21.0, 21.2), (29.0, 29.5), (41.0, 41.1)]
    machine = cast("Machine", SimpleNamespace(waits_s=rows))
    rounds = Rounds(quiet=[(0.0, 10.0), (40.0, 50.0)], flooded={1: [(10.0, 20.0)], 0: [(25.0, 30.0)]})
    found = felt([machine], rounds)
    assert found.quiet_s == pytest.approx([0.1, 0.1])
    assert found.flooded_s[1] == pytest.approx([8.0, 12.1])
    assert found.flooded_s[0] == pytest.approx([0.5])


@pytest.mark.parametrize("number", [1, 2])  # QoS 1 and 0
async def test_rows_that_no_broker_has_are_no_flood(number: int, tmp_path: Path) -> None:
    with Broker(best_kind(), tmp_path / "broker") as broker:
        async with Flooder(broker.port, "1234", number) as flooder:
            await asyncio.sleep(0.3)
            broker.stop()
            await asyncio.sleep(0.7)
    assert 0 < flooder.sent < 400  # of 500 that were handed over
