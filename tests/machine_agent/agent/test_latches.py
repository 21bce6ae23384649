from collections.abc import Callable
from typing import Any

import pytest

from contract.messages import Envelope, History, Setting
from machine_agent.agent import latches
from machine_agent.facts import NO_CAP, Cap

PAST = History(last_regular_g=20_000, peak_regular_cdeg=5_000)


@pytest.mark.parametrize(("nrs", "cap"), [(5, NO_CAP), (6, Cap(load_g=10_000, end_cdeg=4_000))])
def test_red_begins_above_the_signed_amber(
    nrs: int, cap: Cap, make_envelope: Callable[..., Envelope]
) -> None:
    assert latches.red_cap(nrs, make_envelope(), PAST) == cap


def test_without_a_regular_load_red_pain_means_no_load(make_envelope: Callable[..., Envelope]) -> None:
    assert latches.red_cap(9, make_envelope(), History()) == Cap(load_g=0)


def test_spasm_means_no_load() -> None:
    assert latches.spasm_cap(PAST) == Cap(load_g=0, end_cdeg=4_000)


def test_a_pain_stop_is_recalled_for_its_side_and_nothing_rises(
    room: Any, make_setting: Callable[..., Setting]
) -> None:
    room.sign_in()
    session = room.agent._live.session
    latches.recall(session, [latches.pain_latch(make_setting()), latches.first_latch(make_setting())])
    assert session.sides["both"].cap == Cap(load_g=16_000, end_cdeg=4_600)
    assert session.sides["both"].standing.day_start_g == 20_000
    assert session.troubled


def test_the_lower_first_load_of_the_day_counts(room: Any, make_setting: Callable[..., Setting]) -> None:
    room.sign_in()
    session = room.agent._live.session
    for load_g in (20_000, 15_000, 18_000):
        latches.recall(session, [latches.first_latch(make_setting(load_g=load_g))])
    assert session.sides["both"].standing.day_start_g == 15_000


def test_a_latch_of_another_side_changes_nothing_here(
    room: Any, make_setting: Callable[..., Setting]
) -> None:
    room.sign_in()
    session = room.agent._live.session
    latches.recall(session, [latches.pain_latch(make_setting(side="left"))])
    assert session.sides["both"].cap == NO_CAP
