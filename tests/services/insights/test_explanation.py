from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from contract.messages import Stop, Why
from ml.decision import Confidence, Decision, Estimate
from ml.explain.sentences import Unit
from services.insights import explanation

DECISION = Decision(
    rows=(),
    stop=Stop(),
    held=False,
    why=(Why(code="raise_load", values={"from_g": 10_000, "to_g": 10_200}), Why(code="limit_week_cap")),
    belief={},
    estimate=Estimate(capacity_kg=20.0, capacity_low_kg=18.0, capacity_high_kg=22.0),
    raised="load",
    binding="WEEK_CAP",
    split_g={"speed_set_1": 450, "limit_week_cap": -250},
    fitting_g=11_450,
    moved_g={"growth": 100, "speed_set_1": 450},
    counter=(Why(code="although_pain", values={"nrs": 3}),),
    confidence=Confidence(level="medium", sd_percent=12.5, sessions=7),
)


ROW: Any = SimpleNamespace(
    why=[{"code": "lower_amber_twice", "values": {"nrs": 5}}],
    split_g={"amber_twice": -1_000},
    binding="amber_twice",
)


def explained(answer: Any, unit: Unit = "kg") -> explanation.Explanation:
    return explanation.picture(ROW, msgspec.json.encode(answer), unit)


def test_a_stored_answer_is_explained_in_both_languages() -> None:
    found = explained(DECISION)
    assert found.patient_en == "It went well, so the weight goes from 10 kg to 10.2 kg."
    assert "10.2 公斤" in found.patient_zh
    assert sum(part.kg for part in found.split) == 0.2
    assert found.split_en == "+0.45 kg set 1: speed and tempo, -0.25 kg limit of one week"
    assert [part.code for part in found.moved] == ["growth", "speed_set_1"]
    assert [part.code for part in found.split] == ["speed_set_1", "limit_week_cap"]  # facts before limits
    assert found.fitting_kg == 11.45
    assert found.binding is not None
    assert found.binding.text_en == "limit of one week"
    assert found.counter[0].text_en == "pain was 3 of 10"
    assert found.confidence is not None
    assert (found.confidence.level, found.confidence.sd_pct) == ("medium", 12.5)
    assert not found.split_zh.isascii()
    assert not found.confidence.text_zh.isascii()


def test_the_forecast_of_the_dose_is_told_in_figures_and_words() -> None:
    estimate = replace(DECISION.estimate, reps=14, reps_low=11, reps_high=18)
    told = explained(replace(DECISION, estimate=estimate)).forecast
    assert told is not None
    assert (told.reps, told.low, told.high) == (14, 11, 18)
    assert told.text_en == "Reps to failure at this dose: about 14, in four of five sets 11 to 18."
    assert not told.text_zh.isascii()
    assert explained(DECISION).forecast is None


def test_pounds_are_converted_in_sentences_and_not_in_figures() -> None:
    found = explained(DECISION, "lb")
    assert found.patient_en == "It went well, so the weight goes from 22 lb to 22.5 lb."
    assert "磅" in found.patient_zh
    assert found.split_en.startswith("+0.99 lb")
    assert sum(part.kg for part in found.split) == 0.2


def test_an_answer_of_an_older_model_has_no_doubts_and_little_confidence() -> None:
    kept = msgspec.json.decode(msgspec.json.encode(DECISION))
    for name in ("fitting_g", "moved_g", "counter", "confidence"):
        del kept[name]
    for name in ("reps", "reps_low", "reps_high"):
        del kept["estimate"][name]
    found = explained(kept)
    assert found.confidence is not None
    assert (found.counter, found.moved, found.confidence.level) == ((), (), "low")
    assert found.forecast is None


@pytest.mark.parametrize("answer", [b"", b'{"held":false}', b"{\xff"])
def test_where_the_answer_cannot_be_read_the_row_tells_what_is_left(answer: bytes) -> None:
    found = explanation.picture(ROW, answer, "kg")
    assert found.patient_en == "A little less: your pain was higher twice (5 of 10)."
    assert not found.patient_zh.isascii()
    assert [part.kg for part in found.split] == [-1.0]
    assert found.binding is not None
    assert found.binding.text_en == "pain 5, for the second time"
    assert (found.fitting_kg, found.confidence, found.forecast, found.counter) == (None, None, None, ())
