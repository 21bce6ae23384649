from collections.abc import Callable
from dataclasses import replace

import pytest
from agent_facts import STANDING, facts_of

from contract.envelope import Cap
from contract.messages import Setting
from machine_agent.agent.choice import IN_TIME_MS, LEASE_MS, choose, fallback
from machine_agent.agent.session import Queued
from machine_agent.facts import Current, Facts, SideState

SIDE = SideState(
    standing=replace(STANDING, accepted_g=18_000),
    current=Current(load_g=18_000, start_cdeg=1_500, end_cdeg=4_500),
)
KNOWN = replace(facts_of(), side=SIDE)


def row_of(planned: Setting, known: Facts = KNOWN) -> Setting:
    row = fallback(planned, known)
    assert row is not None
    return row


def queued(setting: Setting, at_ms: int) -> Queued:
    return Queued(setting=setting, accepted_body_ms=at_ms)


@pytest.mark.parametrize(("at_ms", "taken"), [(10_000 - IN_TIME_MS, True), (10_001 - IN_TIME_MS, False)])
def test_only_what_was_accepted_in_time_is_taken(
    at_ms: int, taken: bool, make_setting: Callable[..., Setting]
) -> None:
    planned, wanted = make_setting(set=2), make_setting(set=2, seq=9, load_g=19_000)
    choice = choose(planned, queued(wanted, at_ms), KNOWN, 10_000, 10_000 - IN_TIME_MS)
    assert choice.taken is taken
    assert choice.row is not None
    assert choice.row.load_g == (19_000 if taken else 18_000)
    assert choice.dropped is None


@pytest.mark.parametrize(("age_ms", "dropped"), [(LEASE_MS, None), (LEASE_MS + 1, "LEASE")])
def test_an_accepted_setting_lives_ten_minutes(
    age_ms: int, dropped: str | None, make_setting: Callable[..., Setting]
) -> None:
    planned, wanted = make_setting(set=2), make_setting(set=2, seq=9, load_g=18_000)
    assert choose(planned, queued(wanted, 0), KNOWN, age_ms, age_ms).dropped == dropped


def test_a_setting_that_waited_over_a_set_takes_the_number_of_the_next(
    make_setting: Callable[..., Setting],
) -> None:
    planned, late = make_setting(set=3), make_setting(set=2, seq=9, load_g=18_000)
    assert choose(planned, queued(late, 0), KNOWN, 1_000, 1_000).row == replace(late, set=3)


def test_a_late_setting_of_a_ramp_set_is_none_for_a_work_set(make_setting: Callable[..., Setting]) -> None:
    planned, late = make_setting(set=2), make_setting(set=1, seq=9, mode="warm_up", load_g=8_000)
    choice = choose(planned, queued(late, 0), KNOWN, 1_000, 1_000)
    assert (choice.row, choice.taken, choice.dropped) == (row_of(planned), False, "STATE")


def test_the_fallback_never_gives_more_than_the_side_has(make_setting: Callable[..., Setting]) -> None:
    row = row_of(make_setting(load_g=20_000, start_cdeg=1_000, end_cdeg=5_000))
    assert (row.load_g, row.start_cdeg, row.end_cdeg) == (18_000, 1_500, 4_500)
    lower = row_of(make_setting(load_g=9_000, start_cdeg=2_000, end_cdeg=4_000))
    assert (lower.load_g, lower.start_cdeg, lower.end_cdeg) == (9_000, 2_000, 4_000)


def test_the_fallback_keeps_the_range_of_the_side_when_too_little_is_common(
    make_setting: Callable[..., Setting],
) -> None:
    row = row_of(make_setting(start_cdeg=3_600, end_cdeg=6_000))
    assert (row.start_cdeg, row.end_cdeg) == (1_500, 4_500)


def test_a_local_cap_binds_the_fallback_and_rounds_inwards(make_setting: Callable[..., Setting]) -> None:
    capped = replace(KNOWN, side=replace(SIDE, cap=Cap(load_g=12_345, end_cdeg=4_000)))
    row = row_of(make_setting(), capped)
    assert (row.load_g, row.end_cdeg) == (12_300, 4_000)


def test_before_the_first_set_the_fallback_is_the_plan(make_setting: Callable[..., Setting]) -> None:
    planned = make_setting()
    first = replace(KNOWN, side=SideState(standing=replace(STANDING, accepted_g=None)))
    assert fallback(planned, first) == planned


def test_the_fallback_stays_under_the_cap_of_the_day(make_setting: Callable[..., Setting]) -> None:
    planned = make_setting(load_g=30_000)
    first = SideState(
        standing=replace(STANDING, accepted_g=None),
        current=Current(load_g=30_000, start_cdeg=1_000, end_cdeg=5_000),
    )
    assert row_of(planned, replace(KNOWN, side=first)).load_g == 23_000


def test_there_is_no_row_when_a_cap_leaves_too_little_range(make_setting: Callable[..., Setting]) -> None:
    capped = replace(KNOWN, side=replace(SIDE, cap=Cap(end_cdeg=2_000)))
    assert fallback(make_setting(), capped) is None


def test_a_queued_setting_is_judged_whenever_it_is_chosen(make_setting: Callable[..., Setting]) -> None:
    planned, wanted = make_setting(set=2), make_setting(set=2, seq=9, start_cdeg=1_500, end_cdeg=4_500)
    capped = replace(KNOWN, side=replace(SIDE, cap=Cap(load_g=10_000)))
    choice = choose(planned, queued(wanted, 0), capped, 1_000, 1_000)
    assert (choice.row, choice.taken, choice.dropped) == (row_of(planned, capped), False, "LOAD")
    assert row_of(planned, capped).load_g == 10_000
