"""Every code that a decision can carry has a sentence in both languages; splits read as sums."""

import tomllib
from dataclasses import replace
from importlib.resources import files
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.envelope import Violation
from contract.machines import LOAD_STEP_G
from contract.messages import Why
from ml import sound
from ml.adjust import adjust
from ml.clinical.table import TABLE
from ml.decision import Confidence, Estimate
from ml.effort.model import RuleEffort
from ml.explain import sentences
from ml.explain.sentences import Language, Unit, is_known, part, say, sentence, split
from ml.request import Answers

LANGUAGES: tuple[Language, ...] = ("en", "zh")
HELD = [code for code, row in TABLE.items() if not row.rises]
CODES = [f"{prefix}_{code}" for code in HELD for prefix in sentences.FRAMES]
LIMITS = [f"limit_{name.lower()}" for name in (*get_args(Violation), "RANGE_STEP")]
OTHER = [
    "raise_load",
    "raise_range",
    "raise_reps",
    "raise_time",
    "plan_first",
    "plan_last",
    "plan_back",
    "climb",
    "hold_steady",
    "hold_chances",
    "hold_done_today",
    "hold_complete",
    "lower_chance_too_hard",
    "lower_to_effort",
    "lower_usual",
    "hold_plateau",
    "lower_plateau",
    *LIMITS,
]
AGAINST = [
    "although_pain",
    "although_pain_rose",
    "although_morning",
    "although_reported",
    "although_speed",
    "although_effort",
    "although_range",
    "although_believed_less",
    "although_believed_more",
    "although_set_aside",
]
FACTS = ["completed", "speed", "reported", "failure", "stop", "range", "pain", "tired"]
PARTS = [
    "mobility",
    "morning",
    "morning_range",
    "isometric",
    "tested",
    "detraining",
    "growth",
    "new_day",
    "elsewhere",
    "known_before",
    "shape",
    "ramp",
    "usual_dose",
    "one_step",
    "chance_too_hard",
    "chance_flare",
    "chance_red",
    "effort_zone",
    "zone",
    "nearest_load",
    "damping",
    "rounding",
    "completed",
    "reported",
    "speed",
    "chances",
    "no_set_yet",
    "done_today",
    "complete",
    *LIMITS,
    *get_args(Violation),
    "RANGE_STEP",
    *HELD,
]
VALUES: dict[str, int | str] = {
    "from_g": 10_000,
    "to_g": 10_200,
    "from_cdeg": 3_500,
    "to_cdeg": 4_000,
    "from_ms": 80_000,
    "to_ms": 90_000,
    "from_reps": 10,
    "to_reps": 12,
    "nrs": 4,
    "baseline": 3,
    "days": 19,
    "effort": 8,
    "reps": 3,
    "cause": "gap",
    "by": 2,
    "left": "1-2",
    "target": "4.5",
    "percent": 88,
    "observation": "pain_set_1",
}


@pytest.mark.parametrize("code", [*CODES, *OTHER, *AGAINST])
def test_every_code_has_a_sentence(code: str) -> None:
    assert is_known(code)
    for language in LANGUAGES:
        said = say(code, VALUES, language)
        assert said != code
        assert not {"{", "?"} & set(said)


@pytest.mark.parametrize("code", [*PARTS, *sound.DOUBTS, *(f"{fact}_set_3" for fact in FACTS)])
def test_every_part_has_a_name(code: str) -> None:
    english, chinese = (part(code, language, VALUES) for language in LANGUAGES)
    assert english != code or english in ("rounding", "mobility")
    assert not {"{", "?", "_"} & {*english, *chinese}
    assert not chinese.isascii()


def test_every_sentence_stands_in_both_languages() -> None:
    table = tomllib.loads(files("ml.explain").joinpath("sentences.toml").read_text(encoding="utf-8"))
    for group in table.values():
        for code, texts in group.items():
            assert sorted(texts) == ["en", "zh"], code
            assert set(_places(texts["en"])) == set(_places(texts["zh"])), code


def _places(text: str) -> list[str]:
    return [piece.split("}")[0] for piece in text.split("{")[1:]]


def test_values_are_shown_in_units_of_people() -> None:
    why = Why(code="raise_load", values={"from_g": 10_000, "to_g": 10_200})
    assert sentence(why, "en") == "It went well, so the weight goes from 10 kg to 10.2 kg."
    assert "由 10 公斤加至 10.2 公斤" in sentence(why, "zh")
    assert say("raise_range", {"from_cdeg": 3_500, "to_cdeg": 4_000}, "en").endswith("35 to 40 degrees.")
    assert say("raise_time", {"from_ms": 80_000, "to_ms": 90_000}, "en").endswith("90 seconds instead of 80.")


def test_a_patient_reads_whole_degrees_and_tenths_of_a_weight() -> None:
    assert say("raise_range", {"from_cdeg": 3_172, "to_cdeg": 3_672}, "en").endswith("32 to 37 degrees.")
    assert "12.3 kg" in say("raise_load", {"from_g": 12_000, "to_g": 12_340}, "en")
    assert "27.2 lb" in say("raise_load", {"from_g": 12_000, "to_g": 12_340}, "en", "lb")


def test_pounds_are_converted_not_relabelled() -> None:
    why = Why(code="raise_load", values={"from_g": 10_000, "to_g": 10_200})
    assert sentence(why, "en", "lb") == "It went well, so the weight goes from 22 lb to 22.5 lb."
    assert "由 22 磅加至 22.5 磅" in sentence(why, "zh", "lb")
    assert split({"growth": 1_000}, "en", "lb") == "+2.20 lb growth since the last session"


@given(st.integers(0, 2_000), st.integers(1, 50), st.sampled_from(["kg", "lb"]))
def test_a_rise_is_seen_in_both_units(before: int, steps: int, unit: Unit) -> None:
    from_g, step_g = before * LOAD_STEP_G, steps * LOAD_STEP_G
    said = say("raise_load", {"from_g": from_g, "to_g": from_g + step_g}, "en", unit)
    words = said.split()
    first, then = (float(word) for word in words if word.replace(".", "").isdigit())
    assert first < then
    assert words[-1] == f"{unit}."


def test_nothing_is_not_called_a_little_less() -> None:
    assert say("lower_red_pain", {"nrs": 7}, "en") == "No weight here today: your pain is too high (7 of 10)."
    assert say("lower_amber_twice", {"nrs": 4}, "en").startswith("A little less: ")


def test_a_missing_value_and_an_unknown_code_never_fail() -> None:
    assert say("lower_away_15", {}, "en") == "A little less: you were away for ? days."
    assert say("invented", {"a": 1}, "en") == "invented"
    assert not is_known("hold_invented")
    assert part("invented_set_x", "en") == "invented_set_x"


def test_the_split_reads_as_a_sum() -> None:
    said = split({"speed_set_1": 500, "growth": 120, "damping": -300}, "en").split(", ")
    assert said == [
        "+0.12 kg growth since the last session",
        "+0.50 kg set 1: speed and tempo",
        "-0.30 kg half of the computed step",
    ]
    assert split({"amber_twice": -1_000}, "en", values={"nrs": 4}) == "-1.00 kg pain 4, for the second time"
    assert part("limit_week_cap", "en") == part("WEEK_CAP", "en") == "limit of one week"
    assert part("invented", "en") == "invented"


def test_counter_evidence_and_confidence_read_as_sentences() -> None:
    found = (
        Why(code="although_pain", values={"nrs": 3}),
        Why(code="although_reported", values={"left": "1-2"}),
    )
    assert sentences.against(found, "en") == "Against it: pain was 3 of 10, 1-2 more were reported possible."
    assert sentences.against((), "zh") == ""
    known = Confidence(level="high", sd_percent=7.5, sessions=12)
    assert sentences.confidence(known, "en") == "Confidence high: one SD is 7.5 % of the load, sessions: 12."
    assert "把握" in sentences.confidence(known, "zh")


def test_a_forecast_reads_as_a_sentence_and_what_is_beyond_counting_as_a_bound() -> None:
    known = Estimate(
        capacity_kg=20, capacity_low_kg=18, capacity_high_kg=22, reps=14, reps_low=11, reps_high=18
    )
    told = "Reps to failure at this dose: about 14, in four of five sets 11 to 18."
    assert sentences.forecast(known, "en") == told
    assert "14" in sentences.forecast(known, "zh")
    light = replace(known, reps=60, reps_low=33, reps_high=60)
    assert sentences.forecast(light, "en") == "Reps to failure at this dose: 33 or more."
    assert sentences.forecast(replace(known, reps=None), "en") == ""


def test_reasons_of_real_decisions_are_all_known(build: Any) -> None:
    for answers in (
        Answers(pain_set=2, rir="many"),
        Answers(pain_set=2, rir="0"),
        Answers(pain_set=7),
        Answers(),
    ):
        for flags in ((), ("no_increase",), ("returning", "pain_today")):
            facts = (build.finished(build.dose(), answers),)
            decision = adjust(build.request(sets=facts, flags=flags), RuleEffort())
            for why in (*decision.why, *decision.counter):
                assert is_known(why.code), why.code
