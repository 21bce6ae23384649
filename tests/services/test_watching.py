"""The rim of monitoring: it waits its turn, opens the challenger once, and outlives what fails."""

import asyncio
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine

import services.watching
from ml.artifact import Refused
from ml.effort.model import RuleEffort
from services.chosen import Chosen
from services.store.engine import open_engine
from services.watching import Watch

PATIENCE_S = 30.0
FIRST = Chosen(policy="steady", effort=RuleEffort())
OTHER = Chosen(policy="linear", effort=RuleEffort())


class Looks:
    """Stands in for looking: notes with whom, fails as often as it is told, and says when that is enough."""

    def __init__(self, failures: int = 0, enough: int = 1) -> None:
        self.seen: list[Chosen | None] = []
        self.failures, self.most, self.enough = failures, enough, threading.Event()

    def __call__(self, _engine: Engine, challenger: Chosen | None) -> int:
        self.seen.append(challenger)
        if len(self.seen) >= self.most:
            self.enough.set()
        if len(self.seen) <= self.failures:
            raise LookupError("nobody expected this")
        return 1


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_engine(f"sqlite:///{tmp_path / 'openspine.sqlite'}")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.watching, "LOOK_AGAIN_S", 0.001)
    monkeypatch.setattr(services.watching, "LOOK_ON_S", 0.001)


def watched(watch: Watch, looks: Looks) -> None:
    """Let it look until that is enough."""

    async def run() -> None:
        task = asyncio.create_task(watch.run())
        assert await asyncio.to_thread(looks.enough.wait, PATIENCE_S)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(run())


def test_a_failure_is_outlived_and_the_challenger_is_opened_once(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, opened = Looks(failures=3, enough=6), list[Chosen]()

    def open_challenger(first: Chosen) -> Chosen:
        opened.append(first)
        return OTHER

    monkeypatch.setattr(services.watching, "look", looks)
    watch = Watch(
        engine=engine, champion=lambda: FIRST, open_challenger=open_challenger, is_idle=lambda: True
    )
    watched(watch, looks)
    assert set(map(id, looks.seen)) == {id(OTHER)}
    assert opened == [FIRST]


def test_a_refused_challenger_is_kept_as_a_reason_and_sets_are_seen_all_the_same(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, reason = Looks(enough=2), Refused(reason="there is no policy liner")
    monkeypatch.setattr(services.watching, "look", looks)
    watch = Watch(
        engine=engine, champion=lambda: FIRST, open_challenger=lambda _: reason, is_idle=lambda: True
    )
    watched(watch, looks)
    assert watch.challenger == reason
    assert set(looks.seen) == {None}


def test_a_challenger_that_cannot_be_opened_hides_nothing_of_the_champion(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, tried = Looks(enough=2), list[Chosen]()

    def open_challenger(first: Chosen) -> Chosen:
        tried.append(first)
        if len(tried) > 5:
            looks.enough.set()
        raise OSError("no such file")

    monkeypatch.setattr(services.watching, "look", looks)
    watch = Watch(
        engine=engine, champion=lambda: FIRST, open_challenger=open_challenger, is_idle=lambda: True
    )
    watched(watch, looks)
    assert (tried, set(looks.seen)) == ([FIRST], {None})
    assert watch.challenger == Refused(reason="it cannot be opened: OSError")


def test_nobody_looks_before_the_champion_is_there_or_while_messages_wait(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, asked = Looks(), list[str]()
    monkeypatch.setattr(services.watching, "look", looks)

    def champion() -> Chosen | None:
        asked.append("champion")
        return None if len(asked) < 5 else FIRST

    def is_idle() -> bool:
        asked.append("idle")
        return len(asked) > 20

    watch = Watch(engine=engine, champion=champion, open_challenger=lambda _: None, is_idle=is_idle)
    watched(watch, looks)
    assert len(asked) > 20
    assert looks.seen[0] is None
