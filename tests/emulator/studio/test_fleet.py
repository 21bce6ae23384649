import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from contract.messages import Rep
from emulator.people.members import Member
from emulator.studio.fleet import FleetReport, FleetSettings, Progress, run
from openspine.broker.embedded import Broker


async def _trained(settings: FleetSettings, service: Any, enough_reps: int) -> FleetReport:
    """Run the fleet until so many reps are counted."""
    stop = asyncio.Event()
    serving = asyncio.create_task(service.serve(settings.port))
    await service.ready.wait()

    def look(progress: Progress) -> None:
        if progress.reps >= enough_reps:
            stop.set()

    try:
        return await asyncio.wait_for(run(settings, stop, look), 90)
    finally:
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving


@pytest.mark.broker
async def test_true_agents_train_emulated_people_and_nothing_is_lost(
    broker: Broker,
    broker_service: Callable[..., Any],
    small_service: Callable[..., Any],
    two_members: tuple[Member, ...],
    tmp_path: Path,
) -> None:
    service = broker_service(small_service(load_g=3_000, step_g=300))
    settings = FleetSettings(
        host=broker.host,
        port=broker.port,
        machines={"extension-1": "lumbar_extension", "rotation-1": "trunk_rotation"},
        members=[replace(one, condition=replace(one.condition, day=84)) for one in two_members],
        keys_file=service.keys_file,
        site_key=b"trial",
        folder=tmp_path / "spools",
        rate=20.0,
        wall_start_ms=1_790_000_000_000,
    )
    report = await _trained(settings, service, 12)
    counted = {(one.machine, *rep) for one in report.machines for rep in one.reps}
    stored = {identity for identity, message in service.stored.items() if isinstance(message.body, Rep)}
    assert counted == stored
    assert report.reps_counted == len(counted) >= 12
    assert report.unacked == 0
    assert {one.machine for one in report.machines} == {"extension-1", "rotation-1"}
    assert report.sessions >= 2
    assert report.receipts["applied"] >= 2
    msgspec.json.encode(asdict(report))
