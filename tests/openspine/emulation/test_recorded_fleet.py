import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from emulator.recordings.contents import Contents, contents
from emulator.recordings.mcap_file import read_machines, read_records
from emulator.studio.fleet import FleetSettings, Progress, run
from openspine.broker.embedded import Broker, best_kind
from openspine.emulation.recorded_fleet import recorded
from openspine.outcome import ExitCode, Failure

PATIENCE_S = 90.0
MACHINES = {"extension-1": "lumbar_extension", "rotation-1": "trunk_rotation"}


@pytest.fixture
def best_broker(tmp_path: Path) -> Iterator[Broker]:
    with Broker(best_kind(), tmp_path / "broker") as running:
        yield running


def _settings(port: int, tmp_path: Path) -> FleetSettings:
    (tmp_path / "keys.json").write_text("{}")
    return FleetSettings(
        host="127.0.0.1",
        port=port,
        machines=MACHINES,
        members=(),
        keys_file=tmp_path / "keys.json",
        site_key=b"trial",
        folder=tmp_path / "spools",
        rate=10.0,
        wall_start_ms=1_790_000_000_000,
    )


@pytest.mark.broker
async def test_what_a_fleet_measures_stands_beside_what_it_says(best_broker: Broker, tmp_path: Path) -> None:
    out, stop = tmp_path / "day.mcap", asyncio.Event()
    seen: list[Progress] = []

    def look(progress: Progress) -> None:
        seen.append(progress)
        stop.set()

    async with asyncio.timeout(PATIENCE_S):
        async with recorded(_settings(best_broker.port, tmp_path), out) as heard:
            await run(heard, stop, look)
    assert seen
    assert read_machines(out) == MACHINES
    found = contents(out)
    assert isinstance(found, Contents)
    assert found.is_whole
    for machine in MACHINES:
        samples = [
            json.loads(one.payload)
            for one in read_records(out)
            if one.topic.endswith(f"{machine}/local/sample")
        ]
        times = [one["mono_ms"] for one in samples]
        assert len(times) > 100
        assert times == sorted(times)
        assert found.topics[f"openspine-sim/v1/{machine}/up/status"] >= 1


async def test_without_a_broker_nobody_trains_unheard(free_port: int, tmp_path: Path) -> None:
    with pytest.raises(Failure) as caught:
        async with recorded(_settings(free_port, tmp_path), tmp_path / "day.mcap"):
            pytest.fail("nobody listens")
    assert caught.value.code == ExitCode.UNREACHABLE
