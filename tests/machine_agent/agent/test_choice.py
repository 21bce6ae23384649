from collections.abc import Callable
from dataclasses import replace

import pytest

from contract.envelope import Cap, Standing
from contract.messages import History, Setting
from machine_agent.agent.choice import IN_TIME_MS, LEASE_MS, choose, fallback
from machine_agent.agent.session import Queued
from machine_agent.facts import Current, SideState

SIDE = SideState(
    standing=Standing(history=History(), accepted_g=18_000),
    current=Current(load_g=18_000, start_cdeg=1_500, end_cdeg=4_500),
)


def queued(setting: Setting, at_ms: int) -> Queued:
    return Queued(setting=setting, accepted_body_ms=at_ms)


@pytest.mark.parametrize(("at_ms", "taken"), [(10_000 - IN_TIME_MS, True), (10_001 - IN_TIME_MS, False)])
def test_only_what_was_accepted_in_time_is_taken(
    at_ms: int, taken: bool, make_setting: Callable[..., Setting]
) -> None:
    planned, wanted = make_setting(set=2), make_setting(set=2, seq=9, load_g=19_000)
    choice = choose(planned, queued(wanted, at_ms), SIDE, 10_000, 10_000 - IN_TIME_MS)
    assert choice.taken is taken
    assert choice.row.load_g == (19_000 if taken else 18_000)
    assert choice.dropped is None


@pytest.mark.parametrize(("age_ms", "dropped"), [(LEASE_MS, None), (LEASE_MS + 1, "LEASE")])
def test_an_accepted_setting_lives_ten_minutes(
    age_ms: int, dropped: str | None, make_setting: Callable[..., Setting]
) -> None:
    planned, wanted = make_setting(set=2), make_setting(set=2, seq=9)
    assert choose(planned, queued(wanted, 0), SIDE, age_ms, age_ms).dropped == dropped


def test_a_setting_that_waited_over_a_set_takes_the_number_of_the_next(
    make_setting: Callable[..., Setting],
) -> None:
    planned, late = make_setting(set=3), make_setting(set=2, seq=9)
    assert choose(planned, queued(late, 0), SIDE, 1_000, 1_000).row == replace(late, set=3)


def test_a_late_setting_of_a_ramp_set_is_none_for_a_work_set(make_setting: Callable[..., Setting]) -> None:
    planned, late = make_setting(set=2), make_setting(set=1, seq=9, mode="warm_up", load_g=8_000)
    choice = choose(planned, queued(late, 0), SIDE, 1_000, 1_000)
    assert (choice.row, choice.taken, choice.dropped) == (fallback(planned, SIDE), False, "STATE")


def test_the_fallback_never_gives_more_than_the_side_has(make_setting: Callable[..., Setting]) -> None:
    row = fallback(make_setting(load_g=20_000, start_cdeg=1_000, end_cdeg=5_000), SIDE)
    assert (row.load_g, row.start_cdeg, row.end_cdeg) == (18_000, 1_500, 4_500)
    lower = fallback(make_setting(load_g=9_000, start_cdeg=2_000, end_cdeg=4_000), SIDE)
    assert (lower.load_g, lower.start_cdeg, lower.end_cdeg) == (9_000, 2_000, 4_000)


def test_the_fallback_keeps_the_range_of_the_side_when_too_little_is_common(
    make_setting: Callable[..., Setting],
) -> None:
    row = fallback(make_setting(start_cdeg=3_600, end_cdeg=6_000), SIDE)
    assert (row.start_cdeg, row.end_cdeg) == (1_500, 4_500)


def test_a_local_cap_binds_the_fallback_and_rounds_inwards(make_setting: Callable[..., Setting]) -> None:
    capped = replace(SIDE, cap=Cap(load_g=12_345, end_cdeg=4_000))
    row = fallback(make_setting(), capped)
    assert (row.load_g, row.end_cdeg) == (12_300, 4_000)


def test_before_the_first_set_the_fallback_is_the_plan(make_setting: Callable[..., Setting]) -> None:
    planned = make_setting()
    assert fallback(planned, SideState()) == planned
