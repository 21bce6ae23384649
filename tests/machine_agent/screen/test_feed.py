"""The stream shows what is new, beats while the agent lives, and is silent when the agent is."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from screen_states import EMPTY, STATES, WALL_MS, WORKING, FakeAgent

from contract.messages import SetEnd
from machine_agent.agent.view import View
from machine_agent.screen import feed as feed_module
from machine_agent.screen.feed import Feed

SILENT_S = 0.2
END = SetEnd(set=2, side="both", setting="s", reps=9, partial_reps=0, ended_by="patient", duration_s=60.0)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_module, "LEAST_S", 0.001)
    monkeypatch.setattr(feed_module, "BEAT_S", 0.02)


async def event(events: AsyncIterator[bytes]) -> Any:
    async with asyncio.timeout(10):
        raw = await anext(events)
    assert raw.startswith(b"data: ")
    assert raw.endswith(b"\n\n")
    assert raw.count(b"\n") == 2
    return json.loads(raw.removeprefix(b"data: "))


async def is_silent(events: AsyncIterator[bytes]) -> bool:
    waiting = asyncio.ensure_future(anext(events))
    done, _ = await asyncio.wait({waiting}, timeout=SILENT_S)
    if done:
        return False
    waiting.cancel()
    await asyncio.wait({waiting})
    return True


async def test_a_change_is_shown_with_its_time() -> None:
    agent = FakeAgent()
    agent.show(EMPTY)
    events = agent.screen.feed.events()
    assert (await event(events))["wall_ms"] == WALL_MS + 20
    agent.show(WORKING)
    found = await event(events)
    assert (found["wall_ms"], found["view"]["awaits"], found["cue"]) == (WALL_MS + 40, "set", "go")


async def test_the_idle_stream_says_nothing_of_who_left_in_mid_set() -> None:
    agent = FakeAgent()
    agent.show(WORKING)
    agent.screen.feed.keep(END)
    events = agent.screen.feed.events()
    assert (await event(events))["last_set"]["reps"] == 9
    agent.show(EMPTY)
    agent.screen.feed.keep(END)
    agent.show(EMPTY)
    assert (await event(events))["last_set"] is None


async def test_a_live_agent_beats_without_a_change() -> None:
    agent = FakeAgent()
    agent.show(EMPTY)
    events = agent.screen.feed.events()
    await event(events)
    agent.show(EMPTY)
    assert (await event(events))["wall_ms"] == WALL_MS + 40


async def test_a_silent_agent_does_not_beat() -> None:
    agent = FakeAgent()
    agent.show(EMPTY)
    events = agent.screen.feed.events()
    await event(events)
    assert await is_silent(events)


async def test_before_the_first_view_nothing_is_said() -> None:
    assert await is_silent(Feed().events())


async def test_a_slow_page_gets_the_newest_view_only() -> None:
    agent = FakeAgent()
    agent.show(EMPTY)
    events = agent.screen.feed.events()
    await event(events)
    for reps in range(1, 6):
        agent.show(replace(WORKING, reps_stored=reps))
    assert (await event(events))["view"]["reps_stored"] == 5


async def test_closing_ends_every_stream() -> None:
    agent = FakeAgent()
    agent.show(EMPTY)
    events = agent.screen.feed.events()
    await event(events)
    agent.screen.close()
    async with asyncio.timeout(10):
        assert [one async for one in events] == []


@pytest.mark.parametrize("state", STATES)
async def test_every_state_can_be_written(state: str) -> None:
    agent = FakeAgent()
    agent.show(STATES[state])
    view = (await event(agent.screen.feed.events()))["view"]
    assert set(view) == set(View.__slots__)
    assert view["awaits"] == STATES[state].awaits


def test_what_nobody_can_see_is_no_change() -> None:
    agent = FakeAgent()
    seen = replace(WORKING, deg=20.01, sample_age_ms=10, leaves_in_ms=60_300)
    agent.show(seen)
    before = agent.screen.feed._changes
    agent.show(replace(seen, deg=20.04, torque_nm=0.03, sample_age_ms=40, leaves_in_ms=60_100))
    assert agent.screen.feed._changes == before
    agent.show(replace(seen, deg=20.4))
    assert agent.screen.feed._changes == before + 1
