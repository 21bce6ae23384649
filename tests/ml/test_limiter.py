"""The law: whatever the limiter lets out breaks no limit, for any wish, envelope, standing and flags."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.envelope import Standing, limits, violations
from contract.machines import catalogue
from contract.messages import Basis, Envelope, History, Plan, Setting, SideRange, Stop
from machine_agent.facts import Evidence, Facts, SideState, Visit
from machine_agent.guard import Accepted, decide
from ml.limiter import bounds, limit
from ml.request import Answers, Dose

UUID = "00000000-0000-4000-8000-000000000001"
LOADS = st.integers(-5_000, 250_000)
ANGLES = st.integers(-12_000, 18_000)
FLAGS = st.lists(st.sampled_from(["calibrating", "returning", "no_increase"]), unique=True).map(tuple)


@st.composite
def cases(draw: Any) -> tuple[Dose, Envelope, str, Standing, tuple[Any, ...], int]:
    kind = draw(st.sampled_from(sorted(catalogue())))
    low, high = sorted((draw(ANGLES), draw(ANGLES)))
    first = sorted((draw(ANGLES), draw(ANGLES)))
    envelope = Envelope(
        version=1,
        subject="0" * 32,
        machine_kind=kind,
        max_load_g=draw(st.integers(0, 200_000)),
        max_torque_nm=0,
        sides=draw(
            st.sampled_from(
                [{}, {"both": SideRange(lowest_cdeg=low, highest_cdeg=high, start_highest_cdeg=high)}]
            )
        ),
        max_speed_cdeg_s=4_500,
        phase="build",
        phase_cap_g=draw(st.integers(0, 200_000)),
        pain_green_nrs=3,
        pain_amber_nrs=5,
        valid_until_ms=1,
        key_id="k",
    )
    history = History(
        day_start_g=0,
        median3_g=draw(st.integers(0, 100_000)),
        peak_cdeg=draw(st.integers(0, 12_000)),
        last_regular_g=draw(st.integers(0, 100_000)),
    )
    standing = Standing(
        history=history,
        accepted_g=draw(st.none() | st.integers(0, 100_000)),
        day_start_g=draw(st.integers(0, 100_000)),
        range_cdeg=draw(st.none() | st.just((first[0], first[1]))),
        peaks_cdeg=tuple(draw(st.lists(ANGLES, max_size=4))),
    )
    wish = Dose(
        set=1,
        side="both",
        mode=draw(st.sampled_from(["train", "warm_up", "mobility"])),
        load_g=draw(LOADS),
        start_cdeg=draw(ANGLES),
        end_cdeg=draw(ANGLES),
        reps=draw(st.integers(-3, 60)),
        work_ms=0,
        tempo_ms=(2_000, 0, 3_000),
        rest_ms=60_000,
    )
    return wish, envelope, kind, standing, draw(FLAGS), draw(st.integers(0, 100_000))


@settings(max_examples=1_000, deadline=None)
@given(cases())
def test_whatever_is_let_out_has_no_violations(case: Any) -> None:
    wish, envelope, kind, standing, flags, ceiling_g = case
    inside = limits(envelope, catalogue()[kind], "both", standing, flags, ceiling_g)
    out = limit(wish, inside)
    if out.dose is not None:
        assert violations(out.dose, inside) == ()
        assert out.dose.load_g <= max(wish.load_g, 0)
    else:
        assert out.bound != ()


@settings(max_examples=1_000, deadline=None)
@given(cases())
def test_the_guard_accepts_whatever_is_let_out(case: Any) -> None:
    wish, envelope, kind, standing, flags, ceiling_g = case
    out = limit(wish, limits(envelope, catalogue()[kind], "both", standing, flags, ceiling_g))
    if out.dose is not None:
        setting = _setting(out.dose, envelope)
        facts = _facts(setting, envelope, kind, standing, (flags, ceiling_g))
        assert decide(setting, facts, verified=True, retained=False) == Accepted(setting=setting)


@settings(max_examples=300, deadline=None)
@given(cases())
def test_a_wish_inside_the_limits_passes_unchanged(case: Any) -> None:
    wish, envelope, kind, standing, flags, ceiling_g = case
    inside = limits(envelope, catalogue()[kind], "both", standing, flags, ceiling_g)
    if violations(wish, inside) == ():
        assert limit(wish, inside).dose == wish
        assert limit(wish, inside).bound == ()


def test_each_limit_leaves_its_name(build: Any) -> None:
    request = build.request()
    inside = bounds(request, catalogue()["lumbar_extension"])
    assert inside.load_g == 11_000  # a tenth over the accepted 10 kg
    assert limit(build.dose(load_g=12_000), inside).bound == ("STEP",)
    assert limit(build.dose(load_g=12_000), inside).dose == build.dose(load_g=11_000)
    wide = build.dose(start_cdeg=500, end_cdeg=5_000)
    assert limit(wide, inside).bound == ("RANGE_STEP",)
    assert limit(wide, inside).dose == build.dose(start_cdeg=500, end_cdeg=4_500)
    assert limit(build.dose(end_cdeg=5_600), inside).bound[0] == "RANGE"
    low = replace(inside, max_load_g=7_950)
    assert limit(build.dose(), low).dose == build.dose(load_g=7_900)  # rounded inward to the machine's step


def test_nothing_at_a_short_range_keeps_its_start_where_the_end_may_stay(build: Any) -> None:
    inside = bounds(build.request(), catalogue()["lumbar_extension"])
    nothing = build.dose(load_g=0, start_cdeg=2_000, end_cdeg=2_900)  # a tenth was taken from 10 degrees
    found = limit(nothing, inside).dose
    assert found is not None
    assert (found.start_cdeg, found.end_cdeg) == (2_000, 3_000)
    light = limit(replace(nothing, load_g=100), inside).dose
    assert light is not None
    assert (light.start_cdeg, light.end_cdeg) == (1_900, 2_900)  # what is lifted stays off the far end
    near = limit(nothing, replace(inside, highest_cdeg=2_900)).dose
    assert near is not None
    assert (near.start_cdeg, near.end_cdeg) == (1_900, 2_900)


@pytest.mark.parametrize("load_g", [0, 99, 100, 10_050])
def test_loads_round_down_to_the_machine_step(build: Any, load_g: int) -> None:
    inside = bounds(build.request(), catalogue()["lumbar_extension"])
    found = limit(build.dose(load_g=load_g), inside).dose
    assert found is not None
    assert found.load_g == load_g // 100 * 100


@pytest.mark.parametrize(
    ("today", "load_g", "end_cdeg"),
    [
        ({"pain_before": 6}, 11_000, 6_000),
        ({"pain_before": 7}, 5_000, 4_000),
        ({"pain_set": 7}, 5_000, 4_000),
        ({"spasm": True}, 0, 4_000),
    ],
)
def test_a_red_day_is_bounded_as_the_machine_bounds_it(
    build: Any, today: dict[str, Any], load_g: int, end_cdeg: int
) -> None:
    standing = build.request().standing
    past = replace(standing.history, last_regular_g=10_000, peak_regular_cdeg=5_000, peak_cdeg=9_000)
    request = build.request(today=Answers(**today), standing=replace(standing, history=past))
    inside = bounds(request, catalogue()["lumbar_extension"])
    assert (inside.load_g, inside.highest_cdeg) == (load_g, end_cdeg)


def test_without_any_signed_side_no_dose_is_safe(build: Any) -> None:
    inside = bounds(build.request(envelope=build.envelope(sides={})), catalogue()["lumbar_extension"])
    assert limit(build.dose(), inside).dose is None


def _setting(dose: Dose, envelope: Envelope) -> Setting:
    return Setting(
        id=UUID,
        session=UUID,
        nonce="0" * 32,
        seq=1,
        set=dose.set,
        side=dose.side,
        mode=dose.mode,
        load_g=dose.load_g,
        start_cdeg=dose.start_cdeg,
        end_cdeg=dose.end_cdeg,
        reps=dose.reps,
        work_ms=dose.work_ms,
        tempo_ms=dose.tempo_ms,
        rest_ms=dose.rest_ms,
        stop=Stop(),
        basis=Basis(stream=UUID, seq=1),
        ttl_ms=30_000,
        envelope_version=envelope.version,
        why=(),
        policy="steady",
        model="rule-1",
        key_id="command",
    )


def _facts(
    setting: Setting, envelope: Envelope, kind: str, standing: Standing, signed: tuple[tuple[Any, ...], int]
) -> Facts:
    """Everything in order: the link, the reps, the sensors; only the amounts are left to judge."""
    plan = Plan(
        session=UUID,
        nonce="0" * 32,
        patient=UUID,
        greeting="",
        language="en",
        clock="sim",
        profile="rehab",
        envelope=envelope,
        settings=(setting,),
        history={"both": standing.history},
        flags=signed[0],
        ceiling_g=signed[1],
        questions=(),
        set_up={},
        key_id="command",
    )
    return Facts(
        visit=Visit(kind=catalogue()[kind], subject=envelope.subject, session=UUID, nonce="0" * 32),
        plan=plan,
        stream=UUID,
        rows={1: 0},
        last_rep_seq=0,
        seen={},
        hold_seq=0,
        upcoming={setting.set: (setting.side, setting.mode)},
        side=SideState(standing=standing),
        evidence=Evidence(
            link_age_ms=0,
            last_rep_clean=True,
            untroubled=True,
            healthy=True,
            gravity_measured=True,
            assist_locked=False,
        ),
        wall_ms=0,
        mono_ms=0,
    )
