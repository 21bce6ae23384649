"""Every row of the decision table gives exactly the decision on file, also in another process."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from ml.clinical.table import TABLE
from ml.runner import decide

FOLDER = Path(__file__).parent / "clinical"
NAMES = sorted(path.name.removesuffix(".request.json") for path in FOLDER.glob("*.request.json"))
# Rows of the table on the clinical page, in its order, and the scenarios that show them.
ROWS = {
    "first session": (
        "first_session", "mrs_chan_first_visit", "range_is_measured_first", "starting_gently",
    ),
    "all good": ("all_good_range_first", "all_good_then_time", "all_good_then_load"),
    "too easy": ("too_easy", "too_easy_third"),
    "too hard": ("too_hard", "too_hard_again", "too_hard_second_visit", "tempo_breaks"),
    "amber pain": ("amber_pain", "amber_twice"),
    "4-5 with B 4-5": ("settled_pain", "settled_pain_signed"),
    "red pain": ("red_pain", "red_last_visit"),
    "worse next morning": (
        "morning_worse_gone_in_24_h", "morning_worse_for_30_h", "morning_worse_twice",
        "morning_worse_for_30_h_twice",
    ),
    "morning unanswered": ("morning_unanswered",),
    "range lost": ("range_lost", "range_lost_twice"),
    "poor technique": ("poor_technique", "poor_technique_in_set_2"),
    "asymmetric": ("weak_side", "weak_side_without_room", "strong_side_as_it_is", "weak_side_is_sore"),
    "away": ("away_15_days", "away_29_days", "away_57_days", "away_80_days_measured_again"),
    "plateau": ("plateau", "plateau_is_over"),
    "spasm": (
        "spasm", "after_spasm_50_percent", "after_spasm_70_percent", "after_spasm_85_percent",
        "after_spasm_100_percent", "spasm_twice_in_90_days", "spasm_light_set_for_staff",
        "spasm_light_set_after_its_trial", "spasm_light_set_after_red_pain",
    ),
    ">= 75 or osteoporosis risk": (
        "careful_may_rise", "careful_rises_once_a_week", "osteoporosis_is_never_bent_far",
        "careful_without_blood_pressure",
    ),
    "hypermobile": ("hypermobile_first_session", "hypermobile_range_never_rises"),
    "dizzy, numb, limb pain": ("dizzy_chest", "numb_weak", "limb", "unwell_in_the_set"),
    "a step beyond its allowance": ("a_step_too_coarse_fills_reps", "a_step_too_coarse_is_taken"),
}  # fmt: skip
# name: load (g), start and end (cdeg), reps, rest (s) of the last row, alerts; from 10 kg (9.6 kg at a door),
# 10-45 deg, 16 reps, 60 s.
FIGURES: dict[str, tuple[int, int, int, int, int, list[str]]] = {
    "mrs_chan_first_visit": (2_400, 2_300, 4_700, 10, 90, ["hands_on"]),
    "too_easy": (5_200, 0, 6_000, 16, 60, []),
    "too_hard": (9_000, 1_000, 4_500, 14, 90, []),
    "too_hard_second_visit": (8_500, 1_000, 4_500, 14, 90, ["amber"]),
    "amber_pain": (10_000, 1_000, 4_500, 16, 60, []),
    "amber_twice": (9_000, 1_000, 4_500, 16, 60, ["amber"]),
    "settled_pain": (10_000, 1_000, 5_000, 16, 60, ["countersign"]),
    "settled_pain_signed": (10_000, 1_000, 5_000, 16, 60, []),
    "red_last_visit": (8_000, 1_000, 4_150, 10, 90, []),
    "morning_worse_gone_in_24_h": (9_600, 1_000, 4_500, 16, 90, ["amber"]),
    "morning_worse_for_30_h": (8_100, 1_000, 4_000, 12, 90, ["amber"]),
    "morning_worse_for_30_h_twice": (8_500, 1_000, 4_000, 12, 90, ["red"]),
    "range_lost": (9_000, 1_000, 3_800, 16, 90, []),
    "range_lost_twice": (9_000, 1_000, 3_800, 16, 90, ["amber"]),
    "poor_technique": (10_000, 1_000, 4_500, 16, 60, []),
    "poor_technique_in_set_2": (9_000, 1_000, 4_000, 16, 60, ["amber"]),
    "weak_side": (10_000, 1_000, 4_500, 15, 90, ["weak_side"]),
    "weak_side_without_room": (10_500, 1_000, 4_500, 15, 90, ["weak_side"]),
    "away_14_days": (10_000, 1_000, 4_500, 16, 60, []),
    "away_15_days": (8_500, 1_000, 4_150, 12, 90, ["away"]),
    "away_28_days": (8_500, 1_000, 4_150, 12, 90, ["away"]),
    "away_29_days": (7_000, 1_000, 3_800, 12, 90, ["away"]),
    "away_56_days": (7_000, 1_000, 3_800, 12, 90, ["away"]),
    "away_57_days": (5_000, 1_000, 3_450, 12, 90, ["screen_again"]),
    "away_80_days_measured_again": (5_000, 1_000, 3_000, 12, 90, ["screen_again"]),
    "plateau": (8_000, 1_000, 4_500, 16, 90, ["amber"]),
    "plateau_is_over": (10_000, 1_000, 4_500, 16, 60, []),
    "after_spasm_50_percent": (5_000, 1_000, 2_750, 16, 60, []),
    "after_spasm_70_percent": (7_000, 1_000, 3_450, 16, 60, []),
    "after_spasm_85_percent": (8_500, 1_000, 3_975, 16, 60, []),
    "no_rung_with_amber_pain": (5_000, 1_000, 4_500, 16, 60, []),
    "no_rung_with_a_morning_unanswered": (5_000, 1_000, 4_500, 16, 60, []),
    "plateau_is_over_but_rows_are_missing": (8_000, 1_000, 4_500, 16, 60, []),
    "no_rung_after_a_worse_morning": (5_000, 1_000, 3_450, 16, 90, ["amber"]),
    "spasm_twice_in_90_days": (0, 1_000, 4_500, 10, 90, ["red", "review"]),
    "spasm_other_region_is_calm": (6_600, 1_000, 4_500, 10, 90, ["amber"]),
    "osteoporosis_is_never_bent_far": (9_600, 3_600, 4_600, 12, 90, []),
    "blood_pressure_stops": (0, 1_000, 4_500, 16, 60, ["red"]),
    "a_step_too_coarse_fills_reps": (1_500, 0, 6_000, 18, 60, ["too_easy"]),
    "a_step_too_coarse_is_taken": (1_600, 0, 6_000, 20, 60, ["too_easy"]),
}


@pytest.mark.parametrize("name", NAMES)
def test_the_decision_on_file_is_given_byte_for_byte(name: str) -> None:
    asked = (FOLDER / f"{name}.request.json").read_bytes()
    assert decide(asked) + b"\n" == (FOLDER / f"{name}.decision.json").read_bytes()


def test_no_code_of_the_table_is_without_a_scenario() -> None:
    seen = {code for name in NAMES for code in _decision(name)["situations"]}
    assert set(TABLE) - seen == set()


def test_every_row_of_the_clinical_page_is_shown() -> None:
    assert len(ROWS) == 18 + 1  # the rows of the page, and the rule in its heading
    assert {name for names in ROWS.values() for name in names} - set(NAMES) == set()


@pytest.mark.parametrize("name", FIGURES)
def test_doses_are_those_of_the_page(name: str) -> None:
    """The figures of page 8 themselves, so that a new recording cannot quietly change them."""
    decision = _decision(name)
    last = decision["rows"][-1]
    figures = (last["load_g"], last["start_cdeg"], last["end_cdeg"], last["reps"], last["rest_ms"] // 1_000)
    assert (*figures, decision["alerts"]) == FIGURES[name]


@pytest.mark.parametrize(
    ("name", "modes"),
    [
        ("first_session", ["warm_up", "train"]),
        ("range_is_measured_first", ["mobility", "warm_up", "train"]),
        ("strength_test_practice", ["isometric", "train", "train"]),
        ("strength_test", ["isometric", "isometric", "isometric", "train"]),
        ("studio_first_session", ["warm_up", "warm_up", "train", "train"]),
        ("spasm_light_set_for_staff", ["mobility", "train"]),
        ("weak_side", ["train"] * 3),
        ("weak_side_without_room", ["train"]),
        ("weak_side_is_sore", ["train"] * 2),
        ("strong_side_as_it_is", ["train"] * 2),
    ],
)
def test_rows_of_a_session(name: str, modes: list[str]) -> None:
    assert [row["mode"] for row in _decision(name)["rows"]] == modes


@pytest.mark.parametrize(
    ("name", "tempo_ms"),
    [
        ("first_session", [3_000, 0, 4_000]),
        ("all_good_range_first", [2_000, 0, 3_000]),
        ("poor_technique", [3_000, 0, 4_000]),
        ("osteoporosis_is_never_bent_far", [3_000, 0, 4_000]),
    ],
)
def test_tempo_of_a_row(name: str, tempo_ms: list[int]) -> None:
    assert _decision(name)["rows"][-1]["tempo_ms"] == tempo_ms


@pytest.mark.parametrize(
    "name",
    ["red_pain", "spasm", "spasm_yesterday", "dizzy_chest", "limb", "numb_weak", "bladder_saddle",
     "fall_fever", "unwell_in_the_set", "symptoms_not_cleared", "not_cleared", "osteoporosis_no_flexion"],
)  # fmt: skip
def test_nothing_is_loaded(name: str) -> None:
    assert {row["load_g"] for row in _decision(name)["rows"]} == {0}


@pytest.mark.parametrize("name", [name for name in NAMES if "all_good" not in name])
def test_at_most_one_thing_rises(name: str) -> None:
    request = msgspec.json.decode((FOLDER / f"{name}.request.json").read_bytes())
    before, decision = request["current"], _decision(name)
    if before is None or before["mode"] != "train" or not decision["rows"]:
        return
    after = decision["rows"][0]
    span = after["end_cdeg"] - after["start_cdeg"] > before["end_cdeg"] - before["start_cdeg"]
    assert (after["load_g"] > before["load_g"]) + span + (after["reps"] > before["reps"]) <= 1


def test_the_files_are_what_the_scenarios_say() -> None:
    scenarios = _recorder().scenarios()
    assert sorted(scenarios) == NAMES
    for name, request in scenarios.items():
        encoded = msgspec.json.encode(request, order="deterministic") + b"\n"
        assert encoded == (FOLDER / f"{name}.request.json").read_bytes()


def test_a_fresh_process_gives_the_same_bytes() -> None:
    code = (
        "import sys; from ml.runner import decide; sys.stdout.buffer.write(decide(sys.stdin.buffer.read()))"
    )
    asked = (FOLDER / "all_good_then_load.request.json").read_bytes()
    done = subprocess.run([sys.executable, "-c", code], input=asked, capture_output=True, check=True)
    assert done.stdout + b"\n" == (FOLDER / "all_good_then_load.decision.json").read_bytes()


def _decision(name: str) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode((FOLDER / f"{name}.decision.json").read_bytes())
    return found


def _recorder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("golden_record", FOLDER.parent / "record.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
