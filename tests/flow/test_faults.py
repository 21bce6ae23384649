"""Faults of link and computer, end to end: true agents, a real broker, the service; reps counted = stored."""

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from fault_run import MACHINES, Ran, plant
from scripted_studio import open_studio

from emulator.faults.registry import FAULTS, FaultName
from emulator.faults.wishes import Wish
from machine_agent.namesake import Namesake
from openspine.broker.embedded import Broker, available_kinds

pytestmark = [pytest.mark.broker, pytest.mark.timeout(300)]  # the first one runs seven faults
# When somebody lifts, for so many real seconds: on four machines at once, one after the other on each.
TOGETHER: dict[FaultName, tuple[str, float]] = {
    "dropout": (MACHINES[0], 2.0),
    "broker_cut": (MACHINES[0], 2.0),
    "duplicate": (MACHINES[1], 2.0),
    "flood": (MACHINES[1], 80.0),
    "reorder": (MACHINES[2], 2.0),
    "power_cut": (MACHINES[2], 0.5),
    "delay": (MACHINES[3], 2.0),
}
# How fast body time runs, and for how long (s): these need another pace, or a machine that is not busy.
ALONE: dict[FaultName, tuple[float, float]] = {
    "cloned_id": (20.0, 80.0),
    "clock_skew": (60.0, 600.0),
    "disk_full": (60.0, 50.0),
}
OUTSIDE = sorted(name for name, kind in FAULTS.items() if kind.layer in ("link", "host"))


@pytest.fixture(scope="module", autouse=True)
def _quick() -> Iterator[None]:
    """Retry after half a second instead of ten, and repeat acks as often: the rules stay the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("machine_agent.window.RETRY_MS", 500)
        patch.setattr("machine_agent.window.RETRY_MOST_MS", 3_000)
        patch.setattr("services.bus.bus.ACK_S", 0.5)
        yield


def ran(folder: Path, wishes: Sequence[Wish], rate: float = 20.0) -> Ran:
    """Run these faults in a studio of their own."""
    if "mosquitto" not in available_kinds():
        pytest.skip("needs mosquitto: iotcore lets no client in again that another one has thrown out")
    with (
        contextlib.contextmanager(open_studio)(f"sqlite:///{folder / 'studio.sqlite'}", folder) as studio,
        Broker("mosquitto", folder / "broker") as broker,
    ):
        return asyncio.run(plant(studio, broker, folder, wishes, rate))


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    wishes = [
        Wish(name=name, machine=machine, at=0, lasts_s=lasts_s)
        for name, (machine, lasts_s) in TOGETHER.items()
    ]
    return ran(tmp_path_factory.mktemp("together"), wishes)


def test_every_fault_of_link_and_computer_is_tried() -> None:
    assert sorted({*TOGETHER, *ALONE}) == OUTSIDE


@pytest.mark.parametrize("name", TOGETHER)
def test_its_reaction_is_seen_with_others_around(name: FaultName, together: Ran) -> None:
    (verdict,) = [one for one in together.verdicts if one.fault == name]
    assert verdict.missing == ()
    assert verdict.seen
    assert together.count.counted > 0
    assert (together.count.lost, together.count.doubled) == (0, 0)


@pytest.mark.parametrize("name", ALONE)
def test_its_reaction_is_seen_alone(name: FaultName, tmp_path: Path) -> None:
    rate, lasts_s = ALONE[name]
    done = ran(tmp_path, [Wish(name=name, machine=MACHINES[0], at=0, lasts_s=lasts_s)], rate)
    assert [one.missing for one in done.verdicts] == [()]
    assert done.count.counted > 0
    assert (done.count.lost, done.count.doubled) == (0, 0)


@pytest.mark.slow
@pytest.mark.parametrize("name", TOGETHER)
def test_its_reaction_is_seen_with_nothing_else_around(name: FaultName, tmp_path: Path) -> None:
    lasts_s = TOGETHER[name][1]
    done = ran(tmp_path, [Wish(name=name, machine=MACHINES[0], at=0, lasts_s=lasts_s)])
    assert [one.missing for one in done.verdicts] == [()]
    assert (done.count.lost, done.count.doubled) == (0, 0)


@pytest.mark.slow
def test_control_a_clone_that_nobody_notices_is_not_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Namesake, "_tell", lambda _: None)
    monkeypatch.setattr("fault_run.PATIENCE_S", 10.0)
    done = ran(tmp_path, [Wish(name="cloned_id", machine=MACHINES[0], at=0, lasts_s=5.0)])
    (verdict,) = done.verdicts
    assert {"event conflict", "state fault"} <= set(verdict.missing)
    assert not verdict.seen
