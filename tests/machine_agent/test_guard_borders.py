"""Every number of the safety page, one unit below it, on it, and one unit above."""

from dataclasses import replace
from typing import Any, get_args

import pytest
from agent_facts import PAST, STANDING

from contract.envelope import (
    NO_CAP,
    Cap,
    Limits,
    Standing,
    limits,
    narrow,
    pain_cap,
    under,
    widening_cdeg,
)
from contract.messages import Flag, History, Mode, Setting, Side
from machine_agent import guard
from machine_agent.facts import Current, Evidence, Facts

STEP_G = 100
Flags = tuple[Flag, ...]


def reason_of(setting: Setting, facts: Facts) -> str | None:
    verdict = guard.decide(setting, facts, verified=True, retained=False)
    return verdict.reason if isinstance(verdict, guard.Refused) else None


def standing(facts: Facts, flags: Flags = (), **changes: Any) -> Facts:
    """A side that stands here; what it has now is far lighter, so that every load is a rise."""
    made = replace(
        STANDING, history=History(median3_g=90_000, peak_cdeg=5_000), accepted_g=None, day_start_g=0
    )
    light = Current(load_g=0, start_cdeg=1_000, end_cdeg=5_000)
    side = replace(facts.side, standing=replace(made, **changes), current=light)
    return replace(facts, side=side, plan=replace(facts.plan, flags=flags, ceiling_g=45_000))


KNOWN = replace(PAST, median3_g=90_000)  # the last regular load was 20 kg
# reason, flags, where the side stands, the last load that is let through
LOAD_BORDERS: list[tuple[str, Flags, dict[str, Any], int]] = [
    ("LOAD", (), {}, 50_000),  # phase cap
    ("LOAD", ("calibrating",), {}, 45_000),  # ceiling while calibrating
    ("STEP", (), {"accepted_g": 0}, 100),  # one machine step is always allowed
    ("STEP", (), {"accepted_g": 900}, 1_000),
    ("STEP", (), {"accepted_g": 2_000}, 2_200),  # 10 %
    ("STEP", (), {"accepted_g": 24_900}, 27_300),  # 10 % rounded inward
    ("STEP", (), {"accepted_g": 25_000}, 27_500),
    ("STEP", (), {"accepted_g": 40_000}, 42_500),  # 2.5 kg at most
    ("STEP", ("calibrating",), {"accepted_g": 0}, 100),
    ("STEP", ("calibrating",), {"accepted_g": 2_000}, 2_500),  # 25 %
    ("STEP", ("calibrating",), {"accepted_g": 10_000}, 12_500),
    ("STEP", ("calibrating",), {"accepted_g": 20_000}, 25_000),
    ("STEP", ("calibrating",), {"accepted_g": 30_000}, 35_000),  # 5 kg at most
    ("SESSION_CAP", (), {"day_start_g": 100}, 200),
    ("SESSION_CAP", (), {"day_start_g": 20_000}, 23_000),  # 15 %
    ("SESSION_CAP", (), {"day_start_g": 20_100}, 23_100),
    ("SESSION_CAP", ("calibrating",), {"day_start_g": 20_000}, 28_000),  # 40 %
    ("WEEK_CAP", (), {"history": History(peak_cdeg=5_000)}, 100),  # nothing known: one step
    ("WEEK_CAP", (), {"history": History(peak_cdeg=5_000, median3_g=20_000)}, 24_000),  # 20 %
    ("WEEK_CAP", (), {"history": History(peak_cdeg=5_000, median3_g=20_400)}, 24_400),
    # back from a calm day: the ladder up to the last regular load is no increase
    ("STEP", ("returning",), {"accepted_g": 10_000, "history": KNOWN}, 20_000),
    ("STEP", ("returning",), {"accepted_g": 19_500, "history": KNOWN}, 21_400),
    (
        "SESSION_CAP",
        ("returning",),
        {"day_start_g": 10_000, "history": KNOWN},
        20_000,
    ),
    ("WEEK_CAP", ("returning",), {"history": replace(PAST, median3_g=10_000)}, 20_000),
]


@pytest.mark.parametrize(("reason", "flags", "stands", "last_g"), LOAD_BORDERS)
def test_a_load_border(
    reason: str, flags: Flags, stands: dict[str, Any], last_g: int, good: Setting, facts: Facts
) -> None:
    known = standing(facts, flags, **stands)
    assert reason_of(replace(good, load_g=last_g - STEP_G), known) is None
    assert reason_of(replace(good, load_g=last_g), known) is None
    assert reason_of(replace(good, load_g=last_g + STEP_G), known) == reason
    assert reason_of(replace(good, load_g=last_g - 1), known) == "UNIT"
    assert reason_of(replace(good, load_g=last_g + 1), known) == "UNIT"


@pytest.mark.parametrize("flags", [("calibrating",), ("calibrating", "returning")])
def test_while_calibrating_no_week_is_counted(flags: Flags, good: Setting, facts: Facts) -> None:
    known = standing(facts, flags, history=History(peak_cdeg=5_000))
    assert reason_of(replace(good, load_g=45_000), known) is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"link_age_ms": 14_999}, None),
        ({"link_age_ms": 15_000}, None),
        ({"link_age_ms": 15_001}, "EVIDENCE"),
    ],
)
def test_the_link_border(changes: dict[str, Any], reason: str | None, good: Setting, facts: Facts) -> None:
    evidence: Evidence = replace(facts.evidence, **changes)
    assert reason_of(replace(good, load_g=20_100), replace(facts, evidence=evidence)) == reason


@pytest.mark.parametrize(
    ("mode", "changes", "reason"),
    [
        ("train", {"start_cdeg": 4_000, "end_cdeg": 5_000}, None),
        ("train", {"start_cdeg": 4_001, "end_cdeg": 5_000}, "RANGE"),
        ("warm_up", {"start_cdeg": 3_999, "end_cdeg": 5_000}, None),
        ("warm_up", {"start_cdeg": 4_001, "end_cdeg": 5_000}, "RANGE"),
        ("mobility", {"start_cdeg": 4_999, "end_cdeg": 5_000, "load_g": 0}, None),
        ("mobility", {"start_cdeg": 5_000, "end_cdeg": 5_000, "load_g": 0}, None),
        ("mobility", {"start_cdeg": 5_001, "end_cdeg": 5_000, "load_g": 0}, "RANGE"),
        ("mobility", {"start_cdeg": 1_000, "end_cdeg": 5_000, "load_g": 100}, "RANGE"),
        ("isometric", {"start_cdeg": 4_000, "end_cdeg": 4_000, "load_g": 0, "reps": 1}, None),
        ("isometric", {"start_cdeg": 4_000, "end_cdeg": 4_000, "load_g": 0, "reps": 3}, None),
        ("isometric", {"start_cdeg": 4_000, "end_cdeg": 4_000, "load_g": 0, "reps": 4}, "UNIT"),
        ("isometric", {"start_cdeg": 4_000, "end_cdeg": 4_001, "load_g": 0, "reps": 3}, "RANGE"),
        ("isometric", {"start_cdeg": 4_001, "end_cdeg": 4_000, "load_g": 0, "reps": 3}, "RANGE"),
        ("isometric", {"start_cdeg": 4_000, "end_cdeg": 4_000, "load_g": 100, "reps": 3}, "RANGE"),
        ("train", {"reps": 1}, None),
        ("train", {"reps": 0}, "UNIT"),
        ("train", {"reps": 29}, None),
        ("train", {"reps": 30}, None),
        ("train", {"reps": 31}, "UNIT"),
    ],
)
def test_what_each_mode_may_be(
    mode: Mode, changes: dict[str, Any], reason: str | None, good: Setting, facts: Facts
) -> None:
    known = replace(facts, upcoming={2: ("both", mode)})
    assert reason_of(replace(good, mode=mode, **changes), known) == reason


def test_a_test_of_strength_is_always_a_rise(good: Setting, facts: Facts) -> None:
    known = replace(facts, upcoming={2: ("both", "isometric")})
    push = replace(good, mode="isometric", load_g=0, start_cdeg=4_000, end_cdeg=4_000, reps=3)
    troubled = replace(known, evidence=replace(known.evidence, untroubled=False))
    assert reason_of(push, troubled) == "EVIDENCE"
    unsigned = replace(known.plan, envelope=replace(known.plan.envelope, max_torque_nm=0))
    assert reason_of(push, replace(known, plan=unsigned)) == "LOAD"
    least = replace(known.plan, envelope=replace(known.plan.envelope, max_torque_nm=1))
    assert reason_of(push, replace(known, plan=least)) is None


@pytest.mark.parametrize(
    ("start_cdeg", "end_cdeg", "reason"),
    [
        (1_000, 5_500, None),  # one range step further out
        (500, 5_000, None),  # or further in
        (750, 5_250, None),  # or both together
        (499, 5_000, "STEP"),
        (749, 5_250, "STEP"),
        (750, 5_251, "STEP"),
        (499, 4_500, "STEP"),  # less at one end gives nothing at the other
        (1_500, 5_501, "STEP"),
    ],
)
def test_one_range_step_a_session(
    start_cdeg: int, end_cdeg: int, reason: str | None, good: Setting, facts: Facts
) -> None:
    assert reason_of(replace(good, start_cdeg=start_cdeg, end_cdeg=end_cdeg), facts) == reason


@pytest.mark.parametrize("by", [-1, 0, 1])
def test_sequence_hold_basis_and_rep_borders(by: int, good: Setting, facts: Facts) -> None:
    newest = max(facts.seen)
    assert reason_of(replace(good, seq=newest + by), facts) == (None if by > 0 else "SEQ")
    assert reason_of(good, replace(facts, hold_seq=good.seq + by)) == (None if by < 0 else "HELD")
    assert reason_of(good, replace(facts, last_rep_seq=good.basis.seq + by)) == ("BASIS" if by > 0 else None)
    last_ms = facts.plan.envelope.valid_until_ms
    assert reason_of(good, replace(facts, wall_ms=last_ms + by)) == (None if by < 0 else "ENVELOPE_VERSION")
    assert reason_of(replace(good, envelope_version=1 + by), facts) == ("ENVELOPE_VERSION" if by else None)


@pytest.mark.parametrize("spasm", [True, False])
def test_a_bad_day_has_two_caps(*, spasm: bool) -> None:
    past = History(last_regular_g=20_100, peak_regular_cdeg=5_001)
    assert pain_cap(past, spasm=spasm) == Cap(load_g=0 if spasm else 10_050, end_cdeg=4_000)
    assert pain_cap(History(), spasm=spasm) == Cap(load_g=0, end_cdeg=None)


def test_a_cap_and_a_second_limit_only_narrow() -> None:
    wide = Limits(
        max_load_g=9, set_load_g=8, session_load_g=7, week_load_g=6, lowest_cdeg=1, highest_cdeg=5,
        range_step_cdeg=4, max_torque_nm=3,
    )  # fmt: skip
    tight = replace(
        wide,
        max_load_g=1,
        lowest_cdeg=2,
        highest_cdeg=3,
        range_step_cdeg=2,
        range_cdeg=(1, 2),
        max_torque_nm=2,
    )
    assert narrow(wide, tight) == narrow(tight, wide) == tight
    first, second = replace(wide, range_cdeg=(1, 2)), replace(wide, range_cdeg=(3, 4))
    assert narrow(first, second).range_cdeg == (1, 2)
    assert under(wide, NO_CAP) == wide
    assert under(wide, Cap(load_g=10, end_cdeg=6)) == wide
    assert under(wide, Cap(load_g=0, end_cdeg=0)) == replace(wide, max_load_g=0, highest_cdeg=0)
    assert wide.load_g == 6


def test_a_side_that_is_not_signed_may_stand_at_neutral_without_load_and_no_more(
    good: Setting, facts: Facts
) -> None:
    bare = replace(facts.plan, envelope=replace(facts.plan.envelope, sides={}))
    now = Current(load_g=0, start_cdeg=-10, end_cdeg=10)
    for current in (None, now):
        side = replace(facts.side, standing=Standing(history=PAST), current=current)
        known = replace(facts, plan=bare, upcoming={2: ("both", "mobility")}, side=side)
        still = replace(good, mode="mobility", load_g=0, start_cdeg=0, end_cdeg=0)
        assert reason_of(still, known) is None
        assert reason_of(replace(still, end_cdeg=1), known) == "RANGE"
        assert reason_of(replace(still, start_cdeg=-1), known) == "RANGE"


def test_the_first_setting_of_all_has_a_number(good: Setting, facts: Facts) -> None:
    known = replace(facts, seen={})
    assert reason_of(replace(good, seq=1), known) is None
    assert reason_of(replace(good, seq=0), known) == "SEQ"


def test_what_goes_nowhere_widens_nothing(good: Setting) -> None:
    assert widening_cdeg(good, None) == 0


def test_while_calibrating_a_set_rises_by_five_kilograms_at_most(facts: Facts) -> None:
    plan, stands = facts.plan, replace(STANDING, accepted_g=30_000)
    flags: Flags = ("calibrating",)
    found = limits(plan.envelope, facts.visit.kind, "both", stands, flags, 60_000)
    assert found.set_load_g == 35_000


@pytest.mark.parametrize("reason", get_args(guard.Reason))
def test_only_what_an_honest_service_never_sends_is_suspicious(reason: guard.Reason) -> None:
    suspicious = {"SIGNATURE", "SCHEMA", "UNIT", "LOAD", "RANGE", "STEP", "SESSION_CAP", "WEEK_CAP"}
    assert guard.refuse(reason) == guard.Refused(reason=reason, suspicious=reason in suspicious)


@pytest.mark.parametrize(("load_g", "suspicious"), [(22_100, True), (20_100, False)])
def test_a_step_too_large_is_suspicious_and_missing_evidence_is_not(
    load_g: int, *, suspicious: bool, good: Setting, facts: Facts
) -> None:
    blind = replace(facts, evidence=replace(facts.evidence, healthy=suspicious))
    verdict = guard.decide(replace(good, load_g=load_g), blind, verified=True, retained=False)
    assert isinstance(verdict, guard.Refused)
    assert verdict.suspicious == suspicious


def test_a_limit_without_a_torque_allows_no_test() -> None:
    bare = Limits(
        max_load_g=1, set_load_g=1, session_load_g=1, week_load_g=1, lowest_cdeg=0, highest_cdeg=1,
        range_step_cdeg=1,
    )  # fmt: skip
    assert (bare.max_torque_nm, bare.range_cdeg) == (0, None)


def test_a_new_standing_knows_nothing() -> None:
    blank = Standing(history=History())
    assert (blank.accepted_g, blank.day_start_g, blank.range_cdeg, blank.peaks_cdeg) == (None, 0, None, ())


@pytest.mark.parametrize("side", ["both", "left"])
def test_a_side_that_is_not_signed_allows_nothing(side: Side, good: Setting, facts: Facts) -> None:
    known = replace(facts, upcoming={2: (side, "train")})
    bare = replace(known.plan, envelope=replace(known.plan.envelope, sides={}))
    assert reason_of(replace(good, side=side), replace(known, plan=bare)) == "RANGE"
