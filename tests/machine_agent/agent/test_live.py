"""The memory that every handler shares: rows, codes, states, the status."""

import uuid
from dataclasses import replace

import pytest
from agent_room import SITE_KEY, STREAM, setting_of

from contract.machines import catalogue
from contract.messages import Event, SetEnd, SignOut
from machine_agent.agent import Happening, Keep, Record, Say, State, Station
from machine_agent.agent.latches import DAY_MS, HOLD_MS, stamped
from machine_agent.agent.live import CODES_KEPT, Live
from machine_agent.agent.session import Session
from machine_agent.agent.sets import RunningSet
from machine_agent.agent.watch import Watch
from machine_agent.agent.writer import Writer
from machine_agent.clock import Now
from machine_agent.facts import Visit

NOW = Now(body_ms=5_000, mono_ms=7_000, wall_ms=3 * DAY_MS + 1)
SESSION = "00000000-0000-4000-8000-000000000001"


@pytest.fixture
def live() -> Live:
    kind = catalogue()["lumbar_extension"]
    station = Station(
        machine="le-1", kind=kind, boot=str(uuid.UUID(int=99)), firmware="test", site_key=SITE_KEY
    )
    made = Live(
        station=station,
        writer=Writer(station, STREAM, 1),
        randomness=bytes,
        watch=Watch(kind),
        latches=[],
        state=State.WORKING,
    )
    made.session = Session(visit=Visit(kind=kind, subject="ab", session=SESSION, nonce="0" * 32))
    made.writer.open_session(SESSION)
    made.running = RunningSet(setting_of(), None, open_loop=False)
    return made


def test_effects_are_handed_over_once(live: Live) -> None:
    live.record(SignOut(), NOW)
    [row] = live.take_effects()
    assert isinstance(row, Record)
    assert live.take_effects() == []


def test_a_row_tells_which_set_the_next_life_would_have_to_close(live: Live) -> None:
    live.record(SignOut(), NOW)
    live.running = None
    live.record(SignOut(), NOW)
    open_sets = [effect.open_set for effect in live.take_effects() if isinstance(effect, Record)]
    assert [one.set if one else None for one in open_sets] == [1, None]


def test_rows_on_their_way_to_the_disk_count_as_waiting(live: Live) -> None:
    for _ in range(3):
        live.record(SignOut(), NOW)
    live.rows_waiting, live.stored_seq = 4, 1
    assert live.rows_open == 4 + 2


def test_what_means_nothing_in_a_state_is_counted_and_changes_nothing(live: Live) -> None:
    assert not live.move(Happening.STAFF_CLEARED, NOW)
    assert (live.state, live.ignored) == (State.WORKING, 1)
    assert live.move(Happening.PAUSED, NOW)
    assert (live.state, live.since) == (State.PAUSED, NOW)


def test_an_event_is_recorded_shortened_and_shown_and_only_the_newest_codes_stay(live: Live) -> None:
    live.event("sensor", "x" * 300, NOW)
    [row] = live.take_effects()
    assert isinstance(row, Record)
    assert isinstance(row.message.body, Event)
    assert row.message.body.detail == "x" * 200
    for number in range(CODES_KEPT):
        live.note(str(number))
    assert list(live.codes) == [str(number) for number in range(CODES_KEPT)]


def test_a_latch_is_kept_for_the_person_and_the_day(live: Live) -> None:
    live.keep("pain", NOW)
    text = stamped("pain", NOW.wall_ms)
    assert live.take_effects() == [Keep(subject="ab", day=3, latch=text)]
    assert live.latches == [("ab", 3, text)]
    assert live.session is not None
    assert live.latches_of(live.session, NOW) == ["pain"]
    later = replace(NOW, wall_ms=NOW.wall_ms + HOLD_MS)
    assert live.latches_of(live.session, later) == []
    live.keep("red", later)
    assert live.latches == [("ab", 3, stamped("red", later.wall_ms))]
    live.take_effects()
    live.session = None
    live.keep("pain", NOW)
    assert live.take_effects() == []


def test_a_stop_closes_the_set_and_takes_the_load_away(live: Live) -> None:
    live.ramp.step(20_000, 2_000)
    assert live.applied().load_g == 20_000
    live.stop(Happening.STOPPED, "pain", NOW)
    [row] = live.take_effects()
    assert isinstance(row, Record)
    assert isinstance(row.message.body, SetEnd)
    assert row.message.body.ended_by == "pain"
    assert live.state is State.STOPPED
    assert live.applied().load_g == live.ramp.load_g > 0  # on its way down
    assert live.ramp.step(20_000, 1_000) == 0
    assert live.applied().load_g == 0


def test_nobody_leaves_in_the_middle_of_a_set_and_who_leaves_is_forgotten(live: Live) -> None:
    live.leave(Happening.LEFT, NOW)
    assert live.writer.session == SESSION
    live.end_set("patient", NOW)
    live.move(Happening.SET_OVER, NOW)
    live.take_effects()
    live.leave(Happening.LEFT, NOW)
    [row] = live.take_effects()
    assert isinstance(row, Record)
    assert row.message.head.session == SESSION
    assert live.session is None
    assert live.writer.session is None
    assert live.state is State.IDLE


def test_the_status_says_state_session_and_setting(live: Live) -> None:
    live.say(NOW)
    [said] = live.take_effects()
    assert isinstance(said, Say)
    status = said.status
    assert (status.state, status.session, status.setting) == ("working", SESSION, setting_of().id)
    assert live.headline == live.said
    live.running = None
    assert live.headline != live.said
