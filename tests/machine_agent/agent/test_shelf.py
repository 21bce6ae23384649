"""Kept plans: newest only, 42 days at most, nobody else's."""

from dataclasses import replace
from typing import Any

import pytest
from agent_room import BADGE, SITE_KEY, WALL_MS, Room

from machine_agent.agent.kept import KEPT_MS
from machine_agent.agent.shelf import Shelf
from machine_agent.sealing import key_of_badge

KEY = key_of_badge(SITE_KEY, BADGE)


@pytest.fixture
def session(room: Room) -> Any:
    room.sign_in()
    return room.agent._live.session


@pytest.mark.parametrize(
    ("age_ms", "is_found"), [(-1, False), (0, True), (KEPT_MS, True), (KEPT_MS + 1, False)]
)
def test_a_plan_is_found_for_42_days_and_none_comes_from_the_future(
    age_ms: int, is_found: bool, session: Any
) -> None:
    shelf = Shelf()
    kept = shelf.keep(session)
    assert kept is not None
    found = shelf.find(session.visit.subject, KEY, kept.kept_ms + age_ms)
    assert (found is not None) is is_found
    again = Shelf([(kept.subject, kept.kept_ms, kept.sealed)])
    assert (again.find(kept.subject, KEY, kept.kept_ms + age_ms) is not None) is is_found


def test_nothing_is_found_with_another_key_or_for_another_person(session: Any) -> None:
    shelf = Shelf()
    shelf.keep(session)
    assert shelf.find(session.visit.subject, key_of_badge(SITE_KEY, "badge-2"), WALL_MS) is None
    assert shelf.find("00", KEY, WALL_MS) is None


def test_only_a_change_is_written(session: Any) -> None:
    shelf = Shelf()
    assert shelf.keep(session) is not None
    assert shelf.keep(session) is None
    session.put_in_force(session.plan.settings[0])
    assert shelf.keep(session) is None, "what was lifted is what was lifted last"
    session.put_in_force(replace(session.plan.settings[0], load_g=19_000))
    assert shelf.keep(session) is not None
    session.plan = None
    assert shelf.keep(session) is None


def test_a_kept_plan_that_is_in_force_is_kept_as_it_came_with_the_loads_of_now(session: Any) -> None:
    shelf = Shelf()
    kept = shelf.keep(session)
    assert kept is not None
    found = shelf.find(kept.subject, KEY, WALL_MS)
    assert found is not None
    session.kept_ms, session.kept = found
    session.offline = True
    session.put_in_force(replace(session.plan.settings[0], load_g=9_000))
    written = shelf.keep(session)
    assert written is not None
    assert written.kept_ms == kept.kept_ms
    reopened = shelf.find(kept.subject, KEY, WALL_MS)
    assert reopened is not None
    assert reopened[1].plan == found[1].plan
    assert reopened[1].last_g == {"both": 9_000}


def test_a_badge_that_nobody_knows_is_forgotten(session: Any) -> None:
    shelf = Shelf()
    kept = shelf.keep(session)
    assert kept is not None
    assert shelf.forget("00") is None
    gone = shelf.forget(kept.subject)
    assert gone is not None
    assert gone.sealed == b""
    assert shelf.find(kept.subject, KEY, WALL_MS) is None
