from dataclasses import replace
from typing import Any

import pytest
from builders import a_setting, an_envelope
from hypothesis import given
from hypothesis import strategies as st

from contract import envelope
from contract.envelope import NO_CAP, Cap, Limits, Standing
from contract.machines import catalogue
from contract.messages import Flag, History, Setting, Side, SideRange

KIND = catalogue()["lumbar_extension"]
A_HISTORY = History(
    day_start_g=20_000, median3_g=20_000, peak_cdeg=5_000, last_regular_g=20_000, peak_regular_cdeg=5_000
)
A_STANDING = Standing(history=A_HISTORY, accepted_g=20_000, day_start_g=20_000, range_cdeg=(0, 5_000))
WIDE = Limits(
    max_load_g=40_000,
    set_load_g=40_000,
    session_load_g=40_000,
    week_load_g=40_000,
    lowest_cdeg=-100,
    highest_cdeg=6_000,
    range_step_cdeg=500,
    max_torque_nm=1,
    range_cdeg=(0, 5_000),
)


def some_limits(*flags: Flag, standing: Standing = A_STANDING, ceiling_g: int = 0, **changes: Any) -> Limits:
    return envelope.limits(an_envelope(**changes), KIND, "both", standing, flags, ceiling_g)


def test_a_regular_session_is_capped_by_set_session_and_week() -> None:
    caps = some_limits()
    assert (caps.max_load_g, caps.set_load_g, caps.session_load_g, caps.week_load_g) == (
        40_000,
        22_000,
        23_000,
        24_000,
    )
    assert caps.load_g == 22_000


def test_the_set_step_is_at_most_two_and_a_half_kilograms() -> None:
    assert some_limits(standing=Standing(history=A_HISTORY, accepted_g=38_000)).set_load_g == 40_500


def test_one_machine_step_is_always_allowed_inside_the_absolute_caps() -> None:
    frail = Standing(history=History(median3_g=500), accepted_g=500, day_start_g=500)
    caps = some_limits(standing=frail)
    assert (caps.set_load_g, caps.session_load_g, caps.week_load_g) == (600, 600, 600)


@pytest.mark.parametrize(
    ("change", "most"),
    [({}, 40_000), ({"phase_cap_g": 9_000}, 9_000), ({"max_load_g": 7_000}, 7_000), ({"phase_cap_g": 0}, 0)],
)
def test_the_smallest_absolute_cap_wins_and_unset_is_nothing(change: dict[str, Any], most: int) -> None:
    assert some_limits(**change).max_load_g == most


def test_calibrating_steps_are_larger_under_a_ceiling() -> None:
    caps = some_limits("calibrating", ceiling_g=30_000)
    assert (caps.max_load_g, caps.set_load_g, caps.session_load_g) == (30_000, 25_000, 28_000)
    assert caps.week_load_g == 30_000
    assert some_limits("calibrating").load_g == 0, "calibrating without a ceiling allows nothing"


def test_without_history_and_not_calibrating_only_one_step_is_allowed() -> None:
    assert some_limits(standing=Standing(history=History())).load_g == 100


def test_coming_back_reaches_the_last_regular_load_and_no_more() -> None:
    away = Standing(
        history=History(median3_g=10_000, last_regular_g=18_000, peak_cdeg=5_000),
        accepted_g=9_000,
        day_start_g=9_000,
    )
    assert some_limits(standing=away).load_g == 9_900
    assert some_limits("returning", standing=away).load_g == 18_000


@pytest.mark.parametrize(
    ("peaks", "history_peak", "highest"),
    [
        ((), 0, 5_400),
        ((), 3_000, 3_550),
        ((3_000, 4_000, 3_500), 0, 4_050),
        ((1, 2, 3_000, 4_000, 3_500), 0, 4_050),
    ],
)
def test_the_end_follows_what_was_reached(peaks: tuple[int, ...], history_peak: int, highest: int) -> None:
    standing = Standing(history=History(peak_cdeg=history_peak), peaks_cdeg=peaks)
    assert some_limits(standing=standing).highest_cdeg == highest


def test_a_side_without_a_signed_range_allows_nothing() -> None:
    caps = some_limits(sides={"left": SideRange(lowest_cdeg=0, highest_cdeg=6_000, start_highest_cdeg=5_400)})
    assert "RANGE" in envelope.violations(a_setting(load_g=0), caps)


@pytest.mark.parametrize(
    ("history", "spasm", "cap"),
    [
        (A_HISTORY, False, Cap(load_g=10_000, end_cdeg=4_000)),
        (A_HISTORY, True, Cap(load_g=0, end_cdeg=4_000)),
        (History(), False, Cap(load_g=0)),
    ],
)
def test_red_pain_halves_and_a_spasm_takes_everything(history: History, spasm: bool, cap: Cap) -> None:
    assert envelope.pain_cap(history, spasm=spasm) == cap


@pytest.mark.parametrize(
    ("history", "sides", "cap"),
    [
        # A quarter of 20 kg; 60 percent of the way from -10 to 50 degrees, and at most 80 percent of 50.
        (A_HISTORY, {"both": (-1_000, 6_000, 5_400)}, Cap(load_g=5_000, end_cdeg=2_600)),
        (A_HISTORY, {"both": (3_500, 6_000, 5_400)}, Cap(load_g=5_000, end_cdeg=4_000)),
        (A_HISTORY, {"both": (0, 1_000, 500)}, Cap(load_g=5_000, end_cdeg=600)),
        # Nothing measured yet: the signed angle of a start, and no load.
        (History(), {"both": (0, 6_000, 5_000)}, Cap(load_g=0, end_cdeg=3_000)),
        (A_HISTORY, {"left": (-1_000, 6_000, 5_400)}, Cap(load_g=5_000, end_cdeg=0)),
        (History(), {}, Cap(load_g=0, end_cdeg=0)),
    ],
)
def test_what_staff_may_open_is_light_short_and_inside_the_signed_angles(
    history: History, sides: dict[Side, tuple[int, int, int]], cap: Cap
) -> None:
    signed = {
        side: SideRange(lowest_cdeg=lowest, highest_cdeg=highest, start_highest_cdeg=start)
        for side, (lowest, highest, start) in sides.items()
    }
    assert envelope.staff_cap(an_envelope(sides=signed), "both", history) == cap


def test_on_a_spasm_day_only_machines_of_hip_leg_and_arm_lift() -> None:
    lifting = {name for name, kind in catalogue().items() if kind.region not in envelope.SPASM_REGIONS}
    assert lifting == {"hip_extension", "hip_abduction", "leg_press", "row"}


def test_a_cap_only_narrows() -> None:
    assert envelope.under(WIDE, NO_CAP) == WIDE
    low = envelope.under(WIDE, Cap(load_g=5_000, end_cdeg=3_000))
    assert (low.max_load_g, low.highest_cdeg) == (5_000, 3_000)
    assert envelope.under(WIDE, Cap(load_g=90_000, end_cdeg=9_000)) == WIDE


@pytest.mark.parametrize(
    ("changes", "broken"),
    [
        ({}, ()),
        ({"load_g": 40_000}, ()),
        ({"load_g": 40_100}, ("LOAD", "STEP", "SESSION_CAP", "WEEK_CAP")),
        ({"load_g": 20_050}, ("UNIT",)),
        ({"reps": 0}, ("UNIT",)),
        ({"reps": 30}, ()),
        ({"reps": 31}, ("UNIT",)),
        ({"start_cdeg": -100}, ()),
        ({"start_cdeg": -101}, ("RANGE",)),
        ({"end_cdeg": 5_500}, ()),
        ({"end_cdeg": 5_501}, ("STEP",)),
        ({"end_cdeg": 6_001}, ("RANGE", "STEP")),
        ({"start_cdeg": -1, "end_cdeg": 5_500}, ("STEP",)),
        ({"start_cdeg": 4_000}, ()),
        ({"start_cdeg": 4_001}, ("RANGE",)),
        ({"start_cdeg": 5_000, "mode": "isometric", "load_g": 0, "reps": 3}, ()),
        ({"start_cdeg": 5_000, "mode": "isometric", "load_g": 0, "reps": 1}, ()),
        ({"start_cdeg": 5_000, "mode": "isometric", "load_g": 0, "reps": 0}, ("UNIT",)),
        ({"start_cdeg": 5_000, "mode": "isometric", "load_g": 0, "reps": 4}, ("UNIT",)),
        ({"start_cdeg": 5_000, "mode": "isometric", "load_g": 100, "reps": 3}, ("RANGE",)),
        ({"start_cdeg": 4_999, "mode": "isometric", "load_g": 0, "reps": 3}, ("RANGE",)),
        ({"start_cdeg": 5_001, "mode": "isometric", "load_g": 0, "reps": 3}, ("RANGE",)),
        ({"mode": "mobility"}, ("RANGE",)),
        ({"mode": "mobility", "load_g": 0}, ()),
    ],
)
def test_the_boundary_table(changes: dict[str, Any], broken: tuple[str, ...]) -> None:
    assert envelope.violations(a_setting(**changes), WIDE) == broken


def test_a_test_of_strength_needs_a_signed_torque() -> None:
    at_rest = a_setting(mode="isometric", load_g=0, start_cdeg=5_000, reps=3)
    assert envelope.violations(at_rest, replace(WIDE, max_torque_nm=0)) == ("LOAD",)
    assert envelope.violations(replace(at_rest, mode="mobility"), replace(WIDE, max_torque_nm=0)) == ()
    assert some_limits(max_torque_nm=120).max_torque_nm == 120
    narrower = replace(WIDE, max_torque_nm=0)
    assert envelope.narrow(WIDE, narrower) == envelope.narrow(narrower, WIDE) == narrower


loads = st.integers(0, 60_000)
angles = st.integers(-9_000, 9_000)
some_bounds = st.builds(
    Limits,
    max_load_g=loads,
    set_load_g=loads,
    session_load_g=loads,
    week_load_g=loads,
    lowest_cdeg=angles,
    highest_cdeg=angles,
    range_step_cdeg=st.integers(0, 500),
    max_torque_nm=st.integers(0, 3),
    range_cdeg=st.none() | st.tuples(angles, angles),
)
some_settings = st.builds(
    lambda load, start, end, mode: a_setting(load_g=load, start_cdeg=start, end_cdeg=end, mode=mode),
    loads,
    angles,
    angles,
    st.sampled_from(["train", "warm_up", "mobility", "isometric"]),
)


@given(some_bounds, some_bounds, some_settings)
def test_narrowing_never_allows_more(first: Limits, second: Limits, setting: Setting) -> None:
    second = replace(second, range_cdeg=first.range_cdeg)
    broken = {*envelope.violations(setting, first), *envelope.violations(setting, second)}
    assert broken <= set(envelope.violations(setting, envelope.narrow(first, second)))


@given(some_bounds, some_settings)
def test_a_lower_load_is_never_worse(bounds: Limits, setting: Setting) -> None:
    lighter = a_setting(
        load_g=setting.load_g // 2 // 100 * 100,
        start_cdeg=setting.start_cdeg,
        end_cdeg=setting.end_cdeg,
        mode=setting.mode,
    )
    assert set(envelope.violations(lighter, bounds)) <= set(envelope.violations(setting, bounds))
