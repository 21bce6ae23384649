from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from contract.envelope import NO_CAP, Cap
from contract.messages import Setting
from machine_agent.agent.session import DAY_MOST_MS, SESSION_MOST_MS, Queued, Session, stricter
from machine_agent.facts import Current


@pytest.fixture
def session(room: Any) -> Session:
    room.sign_in()
    found: Session = room.agent._live.session
    return found


def test_ramp_sets_count_as_sets_and_are_no_reference(
    session: Session, make_setting: Callable[..., Setting]
) -> None:
    session.put_in_force(make_setting(mode="warm_up", load_g=12_000))
    assert session.sides["both"].standing.accepted_g is None
    session.put_in_force(make_setting(load_g=20_000, start_cdeg=1_200))
    session.put_in_force(make_setting(load_g=19_000, start_cdeg=1_000))
    standing = session.sides["both"].standing
    assert (standing.accepted_g, standing.day_start_g, standing.range_cdeg) == (
        19_000,
        20_000,
        (1_200, 5_000),
    )
    assert session.sides["both"].current == Current(load_g=19_000, start_cdeg=1_000, end_cdeg=5_000)
    assert session.sets_done == {"both": 3}


def test_before_its_first_set_a_side_has_its_planned_row(
    session: Session, make_setting: Callable[..., Setting]
) -> None:
    assert session.side(make_setting(set=2)).current == Current(
        load_g=20_000, start_cdeg=1_000, end_cdeg=5_000
    )
    assert session.side(make_setting(set=9)).current is None


@pytest.mark.parametrize(("sets", "full"), [(3, False), (4, True)])
def test_four_sets_a_side_at_most(sets: int, full: bool, session: Session) -> None:
    session.sets_done = {"both": sets}
    assert session.is_full("both", 0) is full


def test_six_sets_and_fifteen_minutes_at_most(session: Session) -> None:
    session.sets_done = {"left": 3, "right": 3}
    assert session.is_full("left", 0)
    session.sets_done = {}
    session.started_ms = 1_000
    assert not session.is_full("left", 1_000 + SESSION_MOST_MS)
    assert session.is_full("left", 1_001 + SESSION_MOST_MS)


def test_only_the_last_three_peaks_are_kept(session: Session) -> None:
    for end_deg in (40.0, 45.0, 50.0, 51.239):
        session.note_peak("both", end_deg)
    assert session.sides["both"].standing.peaks_cdeg == (4_500, 5_000, 5_123)


@pytest.mark.parametrize(
    ("flag", "troubled"), [("spasm", True), ("no_increase", True), ("calibrating", False)]
)
def test_flags_of_the_plan_that_forbid_a_rise(
    flag: Any, troubled: bool, make_room: Callable[..., Any]
) -> None:
    room = make_room()
    room.sign_in(flags=(flag,), ceiling_g=50_000)
    assert room.agent._live.session.troubled is troubled


def test_questions_of_an_earlier_set_do_not_pile_up(
    session: Session, make_setting: Callable[..., Setting]
) -> None:
    session.questions = []
    session.ask_after_set(make_setting(set=1))
    session.ask_after_set(make_setting(set=2))
    assert [(one.question, one.set) for one in session.questions] == [("rir", 2), ("pain_set", 2)]
    session.ask_after_set(make_setting(set=3, mode="warm_up"))
    assert {one.set for one in session.questions} == {2}


def test_a_plan_without_questions_about_sets_is_asked_anyway(
    session: Session, make_setting: Callable[..., Setting]
) -> None:
    assert session.plan is not None
    session.plan = replace(session.plan, questions=())
    session.questions = []
    session.ask_after_set(make_setting())
    assert [one.question for one in session.questions] == ["rir", "pain_set"]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (NO_CAP, Cap(load_g=5), Cap(load_g=5)),
        (Cap(load_g=5), NO_CAP, Cap(load_g=5)),
        (Cap(load_g=5), Cap(load_g=4, end_cdeg=9), Cap(load_g=4, end_cdeg=9)),
        (Cap(end_cdeg=8), Cap(load_g=0, end_cdeg=9), Cap(load_g=0, end_cdeg=8)),
    ],
)
def test_the_stricter_of_two_caps(first: Cap, second: Cap, expected: Cap) -> None:
    assert stricter(first, second) == expected


@pytest.mark.parametrize(
    ("elsewhere_ms", "here_ms", "over"),
    [
        (0, SESSION_MOST_MS, False),
        (0, SESSION_MOST_MS + 1, True),
        (DAY_MOST_MS - 60_000, 60_000, False),
        (DAY_MOST_MS - 60_000, 60_001, True),
        (DAY_MOST_MS, 0, False),
        (DAY_MOST_MS + 1, 0, True),
    ],
)
def test_forty_five_minutes_a_day_on_all_machines(
    elsewhere_ms: int, here_ms: int, over: bool, session: Session
) -> None:
    assert session.plan is not None
    session.plan = replace(session.plan, spent_ms=elsewhere_ms)
    session.started_ms = 500
    assert session.is_time_over(500 + here_ms) is over
    assert session.is_full("both", 500 + here_ms) is over


def test_a_longer_rest_chooses_anew_and_the_newer_one_wins(
    session: Session, make_setting: Callable[..., Setting]
) -> None:
    older, newer = (Queued(setting=make_setting(seq=seq), accepted_body_ms=seq) for seq in (8, 9))
    assert session.unsettle() is None
    session.settled = older
    assert session.unsettle() is None
    assert session.settled is None
    assert session.queue == {"both": older}
    session.settled, session.queue["both"] = older, newer
    assert session.unsettle() == older
    assert session.queue == {"both": newer}
    session.settled, session.index = older, 99
    assert session.unsettle() == older


def test_everything_that_waits_is_taken_out(session: Session, make_setting: Callable[..., Setting]) -> None:
    waiting = [Queued(setting=make_setting(seq=seq), accepted_body_ms=seq) for seq in (7, 8, 9)]
    session.settled, session.queue = waiting[0], {"left": waiting[1], "right": waiting[2]}
    assert session.take_queue() == waiting
    assert session.take_queue() == []
