"""h22: the machine's disk is full. No new session; the running one ends; nothing that was stored is lost."""

import asyncio
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from agent_room import BADGE
from agent_stage import Person, Service, Stage, staged
from spool_writer import record_of

from contract.messages import Rep, SignIn, SignOut
from machine_agent.agent import View
from machine_agent.clock import Now
from machine_agent.inputs import Identify
from machine_agent.spool import Spool
from machine_agent.spool_file import SpoolFile
from openspine.broker.embedded import Broker, best_kind

DISK_BYTES = 1_048_576
SMALL_BYTES = 52_000  # a bound that a session fills
REFUSED_PERCENT = 95  # protocol page, "Delivery"
SESSION_ROWS = 100  # far more than one session says


@dataclass
class Looker:
    """Looks at every view before the person does."""

    person: Person
    view: View | None = None

    def on_view(self, view: View, now: Now) -> None:
        self.view = view
        Person.on_view(self.person, view, now)

    @property
    def awaits(self) -> str:
        return self.view.awaits if self.view else ""

    @property
    def reps_waiting(self) -> int:
        return self.view.reps_waiting if self.view else 0

    @property
    def codes(self) -> tuple[str, ...]:
        return self.view.codes if self.view else ()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with Broker(best_kind(), tmp_path / "broker") as running:
        yield running


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(disk)]
    try:
        mounted = subprocess.run(mount, check=False, capture_output=True).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("no small disk can be mounted here (needs root)")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)  # noqa: S607 - as mount: wherever it is


def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("machine_agent.window.RETRY_MS", 500)
    monkeypatch.setattr("machine_agent.window.RETRY_MOST_MS", 1_000)


async def until(condition: Callable[[], bool], most_s: float = 30.0) -> None:
    async with asyncio.timeout(most_s):
        while not condition():  # noqa: ASYNC110 - looks at threads and sockets, no event tells
            await asyncio.sleep(0.01)


def looked_at(running: Stage) -> Looker:
    looker = Looker(running.person)
    running.person.on_view = looker.on_view  # type: ignore[method-assign]
    return looker


def bodies(person: Person, kind: type[Any]) -> list[Any]:
    return [row.body for row in person.stored if isinstance(row.body, kind)]


async def refused(looker: Looker) -> None:
    """Try to sign in: it is refused with its reason."""
    looker.person.inputs.put_nowait(Identify(badge=BADGE))
    await until(lambda: "spool_full" in looker.codes)
    assert looker.awaits == "identify"
    assert len(bodies(looker.person, SignIn)) == 1


async def delivered(service: Service, looker: Looker) -> None:
    """Everything said is stored once, in order, and reaches the service; then a person may sign in."""
    await until(lambda: looker.reps_waiting == len(bodies(looker.person, Rep)) > 0)  # "will be sent: 6 reps"
    service.acks = True
    await until(lambda: looker.view is not None and looker.view.rows_waiting == 0)
    assert looker.reps_waiting == 0
    seqs = [row.head.seq for row in looker.person.stored]
    assert seqs == list(range(1, len(seqs) + 1))
    assert sorted(service.stored) == seqs
    looker.person.inputs.put_nowait(Identify(badge=BADGE))
    await until(lambda: looker.awaits != "identify")


@pytest.mark.broker
async def test_a_disk_that_fills_mid_set_holds_up_only_the_next_session(
    small_disk: Path, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick_retries(monkeypatch)
    monkeypatch.setattr("machine_agent.spool.RETRY_S", 0.05)
    service = Service(broker.port)
    service.acks = False
    async with service.serving(), Spool(small_disk / "spool.sqlite") as spool:
        running = staged(spool, service)
        looker = looked_at(running)
        await until(lambda: len(bodies(running.person, Rep)) >= 2)
        fill(small_disk / "ballast")
        await until(lambda: looker.awaits == "identify")  # the session went on to its end
        assert bodies(running.person, SignOut) == []  # on no disk, told to nobody
        said_reps = len(bodies(running.person, Rep))
        await refused(looker)
        (small_disk / "ballast").unlink()
        await until(lambda: len(bodies(running.person, SignOut)) == 1)
        assert len(bodies(running.person, Rep)) > said_reps
        await delivered(service, looker)
        await running.end()


@pytest.mark.broker
@pytest.mark.parametrize("says_so", [True, False])
async def test_a_spool_at_its_bound_takes_the_running_session_and_no_other(
    tmp_path: Path, broker: Broker, monkeypatch: pytest.MonkeyPatch, *, says_so: bool
) -> None:
    """Also the negative control: a spool that does not say that it is full gets the next session."""
    if not says_so:
        monkeypatch.setattr(SpoolFile, "_fill_percent", lambda _: 0)
    quick_retries(monkeypatch)
    service = Service(broker.port)
    service.acks = False
    async with service.serving(), Spool(tmp_path / "spool.sqlite", SMALL_BYTES) as spool:
        running = staged(spool, service)
        looker = looked_at(running)
        await until(lambda: len(bodies(running.person, SignOut)) == 1)
        if says_so:
            await refused(looker)
            await delivered(service, looker)
        else:
            running.person.inputs.put_nowait(Identify(badge=BADGE))
            await until(lambda: len(bodies(running.person, SignIn)) == 2)
        await running.end()


def test_a_small_disk_is_said_to_be_full_before_it_refuses(small_disk: Path) -> None:
    """What is left then is enough for the session that runs."""
    file = SpoolFile(small_disk / "spool.sqlite")
    seq = 0
    while file.health().fill_percent < REFUSED_PERCENT:
        seq += 1
        file.commit([record_of(file.stream, seq)], [], [])
    for more in range(seq + 1, seq + 1 + SESSION_ROWS):
        file.commit([record_of(file.stream, more)], [], [])
    file.close()
    again = SpoolFile(small_disk / "spool.sqlite")
    assert [row.seq for row in again.waiting()] == list(range(1, seq + 1 + SESSION_ROWS))
    again.close()


def fill(path: Path) -> None:
    """Take the whole disk."""
    with path.open("wb", buffering=0) as ballast:
        for size in (65_536, 4_096, 1):
            try:
                while ballast.write(bytes(size)) == size:
                    pass
            except OSError:
                continue
