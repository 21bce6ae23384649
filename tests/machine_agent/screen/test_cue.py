from dataclasses import replace
from typing import Any, get_args

import pytest
from screen_states import ROW

from contract.messages import Rep, RepPhase
from machine_agent.screen.cue import Cue, after_rep, shown

GOOD = Rep(
    set=2,
    rep=1,
    side="both",
    setting=ROW.setting,
    load_g=12_500,
    start_deg=18.0,
    end_deg=53.5,
    concentric_s=2.0,
    hold_s=1.0,
    eccentric_s=3.0,
    peak_torque_nm=60.0,
    mean_torque_nm=40.0,
    work_j=25.0,
    peak_speed_deg_s=25.0,
    mean_speed_deg_s=18.0,
    smoothness=-1.6,
)


@pytest.mark.parametrize(
    ("changes", "cue"),
    [
        ({}, None),
        ({"quality": ("posture",)}, "posture"),
        ({"quality": ("partial",)}, "further"),
        ({"quality": ("paced", "warm_up")}, None),
        ({"end_deg": 51.0}, None),  # 3 degrees short of 54: the detector's tolerance
        ({"end_deg": 50.9}, "further"),
        ({"eccentric_s": 2.1}, None),  # 70 % of its time
        ({"eccentric_s": 2.09}, "slower_back"),
        ({"concentric_s": 1.4}, None),
        ({"concentric_s": 1.39}, "slower_out"),
        ({"hold_s": 0.7}, None),
        ({"hold_s": 0.69}, "hold"),
        ({"quality": ("posture",), "end_deg": 40.0, "eccentric_s": 1.0}, "posture"),
        ({"end_deg": 40.0, "eccentric_s": 1.0}, "further"),
        ({"eccentric_s": 1.0, "concentric_s": 1.0}, "slower_back"),
        ({"concentric_s": 1.0, "hold_s": 0.1}, "slower_out"),
    ],
)
def test_one_correction_the_most_important(changes: dict[str, Any], cue: Cue | None) -> None:
    assert after_rep(replace(GOOD, **changes), ROW) == cue


def test_a_set_without_a_hold_asks_for_none() -> None:
    row = replace(ROW, tempo_ms=(2_000, 400, 3_000))
    assert after_rep(replace(GOOD, hold_s=0.0), row) is None
    assert shown(None, "hold", row) == shown(None, "eccentric", row)


@pytest.mark.parametrize(
    ("phase", "cue"),
    [
        ("idle", "go"),
        ("concentric", "breathe_out"),
        ("hold", "hold"),
        ("eccentric", "breathe_in"),
        ("turn", "good"),
    ],
)
def test_without_a_correction_breathing_is_cued(phase: RepPhase, cue: Cue) -> None:
    assert shown(None, phase, ROW) == cue


@pytest.mark.parametrize("phase", get_args(RepPhase))
def test_a_correction_stays_through_the_next_rep(phase: RepPhase) -> None:
    assert shown("further", phase, ROW) == "further"
