"""Every code that a decision can carry has a sentence in both languages; splits read as sums."""

import tomllib
from importlib.resources import files
from typing import Any

import pytest

from contract.messages import Why
from ml.adjust import adjust
from ml.clinical import TABLE
from ml.effort import RuleEffort
from ml.explain import Language, is_known, part, say, sentence, split
from ml.request import Answers

LANGUAGES: tuple[Language, ...] = ("en", "zh")
CODES = [f"{prefix}_{code}" for code, row in TABLE.items() if not row.rises for prefix in ("hold", "lower")]
OTHER = [
    "raise_load", "raise_range", "raise_reps", "raise_time", "plan_first", "plan_last", "hold_steady",
    "hold_chances", "hold_done_today", "hold_complete", "lower_chance_too_hard", "limit_load", "limit_range",
    "limit_range_step", "limit_step", "limit_session_cap", "limit_week_cap", "limit_unit", "hold_plateau",
    "lower_plateau",
]  # fmt: skip


@pytest.mark.parametrize("code", [*CODES, *OTHER])
def test_every_code_has_a_sentence(code: str) -> None:
    assert is_known(code)
    for language in LANGUAGES:
        said = say(code, {}, language)
        assert said != code
        assert "{" not in said


def test_every_sentence_stands_in_both_languages() -> None:
    table = tomllib.loads(files("ml").joinpath("sentences.toml").read_text(encoding="utf-8"))
    for group in table.values():
        for code, texts in group.items():
            assert sorted(texts) == ["en", "zh"], code
            assert set(_places(texts["en"])) == set(_places(texts["zh"])), code


def _places(text: str) -> list[str]:
    return [piece.split("}")[0] for piece in text.split("{")[1:]]


def test_values_are_shown_in_units_of_people() -> None:
    why = Why(code="raise_load", values={"from_g": 10_000, "to_g": 10_200})
    assert sentence(why, "en") == "It went well, so the weight goes from 10 to 10.2 kg."
    assert "由 10 公斤加至 10.2 公斤" in sentence(why, "zh")
    assert say("raise_range", {"from_cdeg": 3_500, "to_cdeg": 4_000}, "en").endswith("35 to 40 degrees.")
    assert say("raise_time", {"from_ms": 80_000, "to_ms": 90_000}, "en").endswith("90 seconds instead of 80.")


def test_a_missing_value_and_an_unknown_code_never_fail() -> None:
    assert say("lower_away_15", {}, "en") == "A little less: you were away for ? days."
    assert say("invented", {"a": 1}, "en") == "invented"
    assert not is_known("hold_invented")


def test_the_split_reads_as_a_sum() -> None:
    assert (
        split({"evidence": 500, "damping": -300}, "en")
        == "+0.5 kg last sets, -0.3 kg half of the computed step"
    )
    assert part("limit_week_cap", "en") == "Kept at the limit for one week"
    assert part("invented", "en") == "invented"


def test_reasons_of_real_decisions_are_all_known(build: Any) -> None:
    for answers in (
        Answers(pain_set=2, rir="many"),
        Answers(pain_set=2, rir="0"),
        Answers(pain_set=7),
        Answers(),
    ):
        for flags in ((), ("no_increase",), ("returning", "pain_today")):
            facts = (build.finished(build.dose(), answers),)
            for why in adjust(build.request(sets=facts, flags=flags), RuleEffort()).why:
                assert is_known(why.code), why.code
