"""The acceptance list: its order, its borders, and the law that what is accepted is safe."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from agent_facts import PAST, SESSION, STREAM, WALL_MS

from contract.envelope import Cap
from contract.machines import catalogue
from contract.messages import Basis, Setting
from machine_agent.facts import Facts
from machine_agent.guard import COMMAND_MOST_MS, Accepted, Refused, check_plan, decide


def reason_of(setting: Setting, facts: Facts, *, verified: bool = True, retained: bool = False) -> str | None:
    verdict = decide(setting, facts, verified=verified, retained=retained)
    return verdict.reason if isinstance(verdict, Refused) else None


def test_a_good_setting_is_accepted(good: Setting, facts: Facts) -> None:
    assert decide(good, facts, verified=True, retained=False) == Accepted(setting=good)


# Each fault by the reason it must give; combined, the first in this order wins.
FAULTS: list[tuple[str, Callable[[Setting, Facts], tuple[Setting, Facts]]]] = [
    ("MACHINE", lambda s, f: (s, replace(f, visit=replace(f.visit, kind=catalogue()["leg_press"])))),
    ("SUBJECT", lambda s, f: (s, replace(f, visit=replace(f.visit, subject="f" * 32)))),
    ("SESSION_NONCE", lambda s, f: (replace(s, nonce="1" * 32), f)),
    ("UNIT", lambda s, f: (replace(s, reps=31), f)),
    ("ENVELOPE_VERSION", lambda s, f: (replace(s, envelope_version=2), f)),
    ("SEQ", lambda s, f: (replace(s, seq=2), f)),
    ("HELD", lambda s, f: (s, replace(f, hold_seq=3))),
    ("BASIS", lambda s, f: (replace(s, basis=replace(s.basis, seq=8)), f)),
    ("EXPIRED", lambda s, f: (s, replace(f, mono_ms=131_001))),
    ("STATE", lambda s, f: (s, replace(f, upcoming={}))),
    ("LOAD", lambda s, f: (replace(s, load_g=50_100), f)),
    ("RANGE", lambda s, f: (replace(s, end_cdeg=5_551), f)),
    ("EVIDENCE", lambda s, f: (replace(s, load_g=max(s.load_g, 20_100)), _blind(f))),
    ("STEP", lambda s, f: (replace(s, load_g=max(s.load_g, 22_100)), f)),
    ("SESSION_CAP", lambda s, f: (replace(s, load_g=max(s.load_g, 21_000)), _day_start(f, 18_000))),
    ("WEEK_CAP", lambda s, f: (replace(s, load_g=max(s.load_g, 21_000)), _median(f, 17_000))),
]
ORDER = [name for name, _ in FAULTS]


def _blind(facts: Facts) -> Facts:
    return replace(facts, evidence=replace(facts.evidence, gravity_measured=False))


def _standing(facts: Facts, **changes: Any) -> Facts:
    return replace(facts, side=replace(facts.side, standing=replace(facts.side.standing, **changes)))


def _day_start(facts: Facts, load_g: int) -> Facts:
    return _standing(facts, day_start_g=load_g)


def _median(facts: Facts, load_g: int) -> Facts:
    return _standing(facts, history=replace(facts.side.standing.history, median3_g=load_g))


@pytest.mark.parametrize(("name", "spoil"), FAULTS, ids=ORDER)
def test_each_fault_gives_its_reason(
    name: str,
    spoil: Callable[[Setting, Facts], tuple[Setting, Facts]],
    good: Setting,
    facts: Facts,
) -> None:
    assert reason_of(*spoil(good, facts)) == name


@pytest.mark.parametrize("first", range(len(FAULTS)))
@pytest.mark.parametrize("second", range(len(FAULTS)))
def test_the_first_fault_of_two_is_the_reason(first: int, second: int, good: Setting, facts: Facts) -> None:
    setting, spoilt = good, facts
    for index in sorted({first, second}, reverse=True):
        setting, spoilt = FAULTS[index][1](setting, spoilt)
    assert reason_of(setting, spoilt) == ORDER[min(first, second)]


@pytest.mark.parametrize("index", range(len(FAULTS)))
def test_retained_and_unsigned_come_before_everything(index: int, good: Setting, facts: Facts) -> None:
    spoilt = FAULTS[index][1](good, facts)
    assert reason_of(*spoilt, verified=False, retained=True) == "RETAINED"
    assert reason_of(*spoilt, verified=False) == "SIGNATURE"


BORDERS: list[tuple[str, dict[str, Any], str | None]] = [
    ("one machine step up", {"load_g": 20_100}, None),
    ("ten per cent up", {"load_g": 22_000}, None),
    ("a step above ten per cent", {"load_g": 22_100}, "STEP"),
    ("not on the grid", {"load_g": 20_001}, "UNIT"),
    ("down to nothing", {"load_g": 0}, None),
    ("below nothing", {"load_g": -100}, "UNIT"),
    ("no reps", {"reps": 0}, "UNIT"),
    ("thirty reps", {"reps": 30}, None),
    ("end at the furthest reach", {"end_cdeg": 5_500}, None),
    ("one range step", {"end_cdeg": 5_500, "start_cdeg": 1_000}, None),
    ("more than one range step", {"end_cdeg": 5_500, "start_cdeg": 999}, "STEP"),
    ("end a hundredth beyond the reach", {"end_cdeg": 5_551}, "RANGE"),
    ("start below the side", {"start_cdeg": -1}, "RANGE"),
    ("ten degrees of span", {"start_cdeg": 4_000}, None),
    ("less than ten degrees of span", {"start_cdeg": 4_001}, "RANGE"),
]


@pytest.mark.parametrize(("what", "changes", "reason"), BORDERS, ids=[one[0] for one in BORDERS])
def test_borders(what: str, changes: dict[str, Any], reason: str | None, good: Setting, facts: Facts) -> None:
    assert reason_of(replace(good, **changes), facts) == reason, what


@pytest.mark.parametrize(
    ("age_ms", "ttl_ms", "reason"),
    [
        (COMMAND_MOST_MS, 60_000, None),
        (COMMAND_MOST_MS + 1, 60_000, "EXPIRED"),
        (5_000, 5_000, None),
        (5_001, 5_000, "EXPIRED"),
    ],
)
def test_freshness_is_the_own_clock(
    age_ms: int, ttl_ms: int, reason: str | None, good: Setting, facts: Facts
) -> None:
    late = replace(facts, mono_ms=facts.rows[10] + age_ms)
    assert reason_of(replace(good, ttl_ms=ttl_ms), late) == reason


@pytest.mark.parametrize(
    "missing",
    [
        {"link_age_ms": 15_001},
        {"last_rep_clean": False},
        {"untroubled": False},
        {"healthy": False},
        {"gravity_measured": False},
        {"assist_locked": True},
    ],
)
def test_an_increase_needs_every_piece_of_evidence_and_a_decrease_none(
    missing: dict[str, Any], good: Setting, facts: Facts
) -> None:
    blind = replace(facts, evidence=replace(facts.evidence, **missing))
    assert reason_of(replace(good, load_g=20_100), blind) == "EVIDENCE"
    assert reason_of(replace(good, end_cdeg=5_100), blind) == "EVIDENCE"
    assert reason_of(good, blind) is None
    assert reason_of(replace(good, load_g=15_000, end_cdeg=4_500), blind) is None


def test_a_rep_after_the_basis_makes_it_old(good: Setting, facts: Facts) -> None:
    assert reason_of(good, replace(facts, last_rep_seq=10)) is None
    assert reason_of(good, replace(facts, last_rep_seq=11)) == "BASIS"
    assert reason_of(replace(good, basis=Basis(stream=SESSION, seq=10)), facts) == "BASIS"


def test_the_very_same_setting_is_accepted_again_and_another_with_its_seq_is_not(
    good: Setting, facts: Facts
) -> None:
    seen = replace(facts, seen={**facts.seen, 3: good}, mono_ms=999_000_000)
    assert decide(good, seen, verified=True, retained=False) == Accepted(setting=good, again=True)
    assert reason_of(replace(good, load_g=19_900), seen) == "SEQ"
    assert reason_of(good, seen, verified=False) == "SIGNATURE"


def test_what_breaks_only_a_local_cap_is_an_honest_race(good: Setting, facts: Facts) -> None:
    capped = replace(facts, side=replace(facts.side, cap=Cap(load_g=18_000, end_cdeg=4_800)))
    verdict = decide(good, capped, verified=True, retained=False)
    assert verdict == Refused(reason="LOAD", suspicious=False)
    lower = replace(good, load_g=18_000)
    assert decide(lower, capped, verified=True, retained=False) == Refused(reason="RANGE", suspicious=False)
    assert reason_of(replace(lower, end_cdeg=4_800), capped) is None
    assert decide(replace(good, load_g=50_100), facts, verified=True, retained=False) == Refused(
        reason="LOAD", suspicious=True
    )


def test_a_decrease_is_bound_by_the_signed_range_but_not_by_what_was_reached_lately(
    good: Setting, facts: Facts
) -> None:
    weak = _standing(facts, peaks_cdeg=(4_000, 4_000, 4_000), history=replace(PAST, peak_cdeg=0))
    assert reason_of(replace(good, load_g=19_000), weak) is None
    assert reason_of(replace(good, load_g=20_100), weak) == "RANGE"


@pytest.mark.parametrize(
    ("peaks", "known_cdeg", "furthest_cdeg"),
    [
        ((), 0, 5_400),  # nothing known: what the envelope says for the start
        ((), 4_500, 5_050),
        ((4_000,), 0, 4_550),
        ((4_000, 5_000), 0, 4_550),  # of two the lower
        ((5_000, 4_000, 4_800), 0, 5_350),
        ((6_000, 4_000, 4_200, 4_100), 0, 4_650),  # only the last three
        ((4_000,), 4_500, 5_050),  # the larger of shown and known
        ((-500,), 0, 50),  # a peak below neutral is known, too
        ((-500,), -800, 50),
        ((), -800, -250),
    ],
)
def test_the_end_stays_near_what_was_reached(
    peaks: tuple[int, ...], known_cdeg: int, furthest_cdeg: int, good: Setting, facts: Facts
) -> None:
    known = _standing(
        facts,
        peaks_cdeg=peaks,
        history=replace(PAST, peak_cdeg=known_cdeg),
        accepted_g=None,
        range_cdeg=None,
    )
    fresh = replace(known, side=replace(known.side, current=None))
    signed = replace(fresh.plan.envelope.sides["both"], lowest_cdeg=-4_500)
    envelope = replace(fresh.plan.envelope, sides={"both": signed}, machine_kind="trunk_rotation")
    wide = replace(
        fresh,
        plan=replace(fresh.plan, envelope=envelope),
        visit=replace(fresh.visit, kind=replace(catalogue()["trunk_rotation"], limit_cdeg=(-4_500, 9_000))),
    )
    row = replace(good, start_cdeg=-2_000)
    assert reason_of(replace(row, end_cdeg=furthest_cdeg), wide) is None
    assert reason_of(replace(row, end_cdeg=furthest_cdeg + 1), wide) == "RANGE"


def test_an_expired_envelope_allows_nothing(good: Setting, facts: Facts) -> None:
    last_ms = facts.plan.envelope.valid_until_ms
    assert reason_of(good, replace(facts, wall_ms=last_ms - 1)) is None
    assert reason_of(good, replace(facts, wall_ms=last_ms)) == "ENVELOPE_VERSION"


def test_a_side_without_signed_angles_gets_nothing(good: Setting, facts: Facts) -> None:
    bare = replace(facts, plan=replace(facts.plan, envelope=replace(facts.plan.envelope, sides={})))
    assert reason_of(good, bare) == "RANGE"


PLAN_FAULTS: list[tuple[str, dict[str, Any]]] = [
    ("MACHINE", {"machine_kind": "row"}),
    ("SUBJECT", {"subject": "f" * 32}),
    ("LOAD", {"max_load_g": 19_900}),
    ("LOAD", {"phase_cap_g": 0}),
    ("RANGE", {"sides": {}}),
    ("ENVELOPE_VERSION", {"valid_until_ms": WALL_MS}),
]


@pytest.mark.parametrize(("reason", "changes"), PLAN_FAULTS)
def test_a_plan_is_judged_whole(reason: str, changes: dict[str, Any], facts: Facts) -> None:
    plan = facts.plan
    assert check_plan(plan, facts.visit, WALL_MS, verified=True, retained=False) is None
    spoilt = replace(plan, envelope=replace(plan.envelope, **changes))
    assert check_plan(spoilt, facts.visit, WALL_MS, verified=True, retained=False) == reason


def test_a_plan_for_somebody_else_or_without_rows_is_refused(facts: Facts) -> None:
    plan, visit = facts.plan, facts.visit
    foreign = replace(plan.settings[1], session=STREAM)
    cases = [
        (replace(plan, nonce="1" * 32), "SESSION_NONCE"),
        (replace(plan, settings=(plan.settings[0], foreign)), "SESSION_NONCE"),
        (replace(plan, settings=()), "SCHEMA"),
        (replace(plan, settings=(plan.settings[0],) * 2), "SCHEMA"),
        (replace(plan, history={}), "WEEK_CAP"),
    ]
    for spoilt, reason in cases:
        assert check_plan(spoilt, visit, WALL_MS, verified=True, retained=False) == reason
    assert check_plan(plan, visit, WALL_MS, verified=False, retained=False) == "SIGNATURE"
    assert check_plan(plan, visit, WALL_MS, verified=True, retained=True) == "RETAINED"


@pytest.mark.parametrize(("load_g", "reason"), [(23_000, None), (23_100, "SESSION_CAP")])
def test_a_plan_stays_under_the_cap_of_a_day_that_has_begun(
    load_g: int, reason: str | None, facts: Facts
) -> None:
    past = replace(PAST, day_start_g=20_000, median3_g=25_000)
    rows = tuple(replace(row, load_g=load_g) for row in facts.plan.settings)
    plan = replace(facts.plan, settings=rows, history={"both": past})
    assert check_plan(plan, facts.visit, WALL_MS, verified=True, retained=False) == reason
