import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import dashboard
from contract.machines import catalogue
from contract.messages import vocabulary
from dashboard.app import PAGES
from dashboard.language import traditional_chinese, translate
from dashboard.screen import LIGHTS, REASONS
from dashboard.views.patient.adjustments import STATES as ADJUSTMENT_STATES
from dashboard.views.patient.balance import VERDICTS
from dashboard.views.patient.page import TABS
from services.access import ALLOWED
from services.api.schemas import Adjustment, FloorItem, Pair, Shape, StrengthRatio, Trend

FOLDER = Path(str(dashboard.__file__)).parent
SPEAKING = {
    "say": (0,),
    "show_empty": (0, 1),
    "tell_outcome": (1,),
}  # places of screen sentences
PEOPLE = ALLOWED.keys() - {"anonymous", "machine", "emulator", "studio"}
STATES = ("boot", "idle", "identified", "ready", "working", "rest", "paused", "stopped", "fault", "estop")


def sentences() -> Iterator[str]:
    for path in sorted(FOLDER.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "said" and isinstance(node.value, ast.Constant):
                yield str(node.value.value)
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                for place in SPEAKING.get(name, ()):
                    if len(node.args) > place and isinstance(node.args[place], ast.Constant):
                        yield str(ast.literal_eval(node.args[place]))


def literals(shape: type[Shape], name: str) -> set[str]:
    """List the words that the service may use in a field."""
    schema = shape.model_json_schema()["properties"][name]
    return set(schema["enum"])


def codes() -> set[str]:
    words = {*catalogue(), *STATES, "female", "male", *PEOPLE, *literals(Adjustment, "state")}
    words |= literals(StrengthRatio, "verdict") | literals(Trend, "verdict")
    for vocabulary_of in (vocabulary.Phase, vocabulary.Side, vocabulary.EndedBy, vocabulary.Quality,
                          vocabulary.Flag,
    ):  # fmt: skip
        words |= set(get_args(vocabulary_of))
    return words


def test_every_sentence_of_the_screens_is_translated() -> None:
    said = {*sentences(), *REASONS.values(), *TABS, *(line.title for line in PAGES)}
    said |= {word for word, _, _ in LIGHTS.values()} | {words for _, _, words in VERDICTS.values()}
    assert len(said) > 90
    assert said - traditional_chinese().keys() == set()


def test_every_code_of_the_service_is_translated() -> None:
    words = {code.replace("_", " ").capitalize() for code in codes()}
    assert words - traditional_chinese().keys() == set()


def test_every_verdict_of_a_pair_has_a_badge() -> None:
    assert set(VERDICTS) == literals(Pair, "verdict")


def test_every_state_of_an_adjustment_and_every_light_has_a_badge() -> None:
    assert set(ADJUSTMENT_STATES) == literals(Adjustment, "state")
    assert set(LIGHTS) == literals(FloorItem, "light")


def test_a_translation_uses_the_values_of_its_sentence() -> None:
    for english, chinese in traditional_chinese().items():
        assert sorted(values(english)) == sorted(values(chinese)), english


def values(sentence: str) -> list[str]:
    return [part.split("}")[0] for part in sentence.split("{")[1:]]


@pytest.mark.parametrize(("language", "said"), [("en", "Floor"), ("zh-HK", "場地")])
def test_a_sentence_is_said_in_the_language_asked_for(language: str, said: str) -> None:
    assert translate("Floor", language) == said  # type: ignore[arg-type]  # parametrised


def test_an_unknown_sentence_stays_english() -> None:
    assert translate("Brand new", "zh-HK") == "Brand new"
