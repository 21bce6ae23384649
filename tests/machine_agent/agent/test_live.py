"""The memory that every handler shares: rows, codes, states, the status."""

import uuid
from collections import deque
from dataclasses import replace

import pytest
from agent_room import SITE_KEY, STREAM, setting_of

from contract.machines import catalogue
from contract.messages import Clock, Event, Receipt, SetEnd, SignOut
from machine_agent.agent import Happening, Keep, Record, Say, State, Station
from machine_agent.agent.latches import DAY_MS, HOLD_MS, stamped
from machine_agent.agent.live import CODES_KEPT, Live
from machine_agent.agent.session import Queued, Session
from machine_agent.agent.sets import RunningSet
from machine_agent.agent.view import CODES
from machine_agent.agent.watch import Watch
from machine_agent.agent.writer import Writer
from machine_agent.clock import Now
from machine_agent.drivers import Sample
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
    for code in CODES[: CODES_KEPT + 1]:
        live.note(code)
    assert live.codes == deque(CODES[1 : CODES_KEPT + 1])


def test_a_latch_is_kept_for_the_person_and_the_day(live: Live) -> None:
    live.keep("pain", NOW)
    text = stamped("pain", NOW.wall_ms)
    assert live.take_effects() == [Keep(subject="ab", day=3, latch=text)]
    assert live.latches == [("ab", 3, text)]
    assert live.session is not None
    assert live.latches_of(live.session, NOW) == ["pain"]
    later = replace(NOW, wall_ms=NOW.wall_ms + HOLD_MS, mono_ms=NOW.mono_ms + HOLD_MS)
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
    row = next(effect for effect in live.take_effects() if isinstance(effect, Record))
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


@pytest.mark.parametrize(
    ("clock", "after_ms", "held"),
    [("wall", HOLD_MS - 1, True), ("wall", HOLD_MS, False), ("sim", HOLD_MS - 1, False)],
)
def test_a_wall_clock_that_jumps_ends_no_latch_of_this_boot(
    clock: Clock, after_ms: int, held: bool, live: Live
) -> None:
    live.station = replace(live.station, clock=clock)
    live.keep("pain", NOW)
    assert live.session is not None
    jumped = replace(NOW, wall_ms=NOW.wall_ms + 365 * DAY_MS, mono_ms=NOW.mono_ms + after_ms)
    assert live.latches_of(live.session, jumped) == (["pain"] if held else [])
    live.latches, live.fresh_ms = list(live.latches), {}  # the next boot knows the wall clock only
    assert live.latches_of(live.session, jumped) == []


@pytest.mark.parametrize(
    ("happening", "reason"),
    [(Happening.STOPPED, "STATE"), (Happening.FAULTED, "STATE"), (None, "SESSION_CLOSED")],
)
def test_what_waits_when_the_session_cannot_go_on_gets_its_receipt(
    happening: Happening | None, reason: str, live: Live
) -> None:
    session = live.session
    assert session is not None
    live.running, live.state = None, State.REST
    session.settled = Queued(setting=setting_of(seq=4), accepted_body_ms=0)
    session.queue["left"] = Queued(setting=setting_of(seq=5, side="left"), accepted_body_ms=0)
    live.stop(happening, "pain", NOW) if happening else live.leave(Happening.LEFT, NOW)
    rows = [one.message.body for one in live.take_effects() if isinstance(one, Record)]
    found = [(one.setting, one.result, one.reason) for one in rows if isinstance(one, Receipt)]
    assert found == [(setting_of(seq=seq).id, "expired", reason) for seq in (4, 5)]
    assert session.take_queue() == []


def test_a_pause_lets_what_waits_go_on_waiting(live: Live) -> None:
    assert live.session is not None
    live.session.queue["both"] = Queued(setting=setting_of(seq=4), accepted_body_ms=0)
    live.stop(Happening.PAUSED, "patient", NOW)
    assert len(live.session.queue) == 1


def test_codes_are_about_the_present_session_only(live: Live) -> None:
    live.running, live.state = None, State.REST
    live.note("pain_red")
    live.leave(Happening.LEFT, NOW, "timed_out")
    assert list(live.codes) == ["timed_out"]


def test_nothing_is_left_only_when_the_drive_says_so(live: Live) -> None:
    assert live.is_unloaded
    free = Sample(body_ms=0, deg=0.0, deg_s=0.0, torque_nm=0.0, load_g=0)
    for load_g, is_nothing in ((0, True), (700, True), (900, False)):  # 3 Nm are about .77 kg on this lever
        live.sample = replace(free, load_g=load_g)
        assert live.is_unloaded is is_nothing
    live.sample = free
    live.ramp.step(1_000, 1_000)
    assert not live.is_unloaded
    live.ramp.step(0, 1_000)
    live.sample, live.station = replace(free, load_g=9_000), replace(live.station, open_loop=True)
    assert live.is_unloaded, "a recording has no drive"
