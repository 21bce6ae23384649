"""Refusals of the service in the viewer's language."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest

from contract.envelope import Violation
from dashboard.client import Failure, Refusal
from dashboard.format import Formatter
from dashboard.language import traditional_chinese as screen_words
from dashboard.refusals import PLAIN_ENGLISH, PREFIX, field_words, fields, said, traditional_chinese
from dashboard.screen import refusal_words
from services.api.codes import catalogue
from services.prescribing.schemas import NewLimits, Restore, Window

ENGLISH_ONLY: frozenset[str] = frozenset()  # codes that nobody meets at a screen: none at present
WITHOUT_VALUES = {"not-found", "text-shape"}  # an English word of the service, a pattern that says nothing
OPENAPI = Path(__file__).parents[2] / "docs" / "openapi.json"


@pytest.fixture
def chinese() -> Formatter:
    return Formatter(unit="kg", zone=ZoneInfo("UTC"), language="zh-HK")


def test_every_code_of_the_service_is_said_in_chinese_or_named_here() -> None:
    assert catalogue().keys() - traditional_chinese().keys() == ENGLISH_ONLY
    assert traditional_chinese().keys() - catalogue().keys() == set()


def test_a_translation_has_the_values_of_its_sentence() -> None:
    for code, chinese in traditional_chinese().items():
        if code not in WITHOUT_VALUES:
            assert sorted(places(chinese)) == sorted(places(catalogue()[code])), code


def places(sentence: str) -> list[str]:
    return re.findall(r"{(\w+)}", sentence)


def test_a_refusal_is_said_with_its_values() -> None:
    values = {"least": "25", "most": "60"}
    told = said(PREFIX + "minutes-range", values, "25 to 60 minutes.", "zh-HK")
    assert told == "25 至 60 分鐘。"
    assert said(PREFIX + "minutes-range", values, "25 to 60 minutes.", "en") == "25 to 60 minutes."
    assert said(PREFIX + "brand-new", {}, "Brand new.", "zh-HK") == "Brand new."
    assert said(PREFIX + "minutes-range", {}, "25 to 60 minutes.", "zh-HK") == "25 to 60 minutes."


def test_what_is_wrong_with_each_value_is_said_too(show: Formatter, chinese: Formatter) -> None:
    told = (
        Refusal(code=PREFIX + "mistake", sentence="The request has a mistake."),
        Refusal(code=PREFIX + "day-unknown", sentence="There is no such day.", where="body.day"),
        Refusal(code=PREFIX + "kind-unknown", sentence="Not a kind.", where="body.stations.1.kind"),
    )
    failure = Failure(reason="refused", detail="The request has a mistake. body.day: No.", told=told)
    assert (
        refusal_words(failure, chinese)
        == "輸入有錯。 日期\uff1a沒有這一天。 訓練站 2 · 機器種類\uff1a清單中沒有這種機器。"
    )
    assert refusal_words(failure, show) == (
        "The request has a mistake. Day: There is no such day. Stations 2 · Machine kind: Not a kind."
    )
    assert refusal_words(Failure(reason="refused", detail="Bare."), chinese) == "Bare."


@pytest.mark.parametrize("where", ["", "body", "body.unheard_of", "path.patient_id", "body.3"])
def test_a_place_without_a_name_is_left_out(where: str) -> None:
    assert field_words(where, "en") == ""


def test_the_first_part_is_no_field() -> None:
    assert field_words("body.body", "zh-HK") == "內容"


def test_every_field_that_a_screen_can_send_has_a_name() -> None:
    sent = sent_fields(json.loads(OPENAPI.read_text(encoding="utf-8")))
    sent |= {*NewLimits.model_fields, *Window.model_fields, *Restore.model_fields}
    assert len(sent) > 100
    assert sent - fields().keys() == set()
    assert [name for name, (english, chinese) in fields().items() if not english or not chinese] == []
    assert [name for name, (_, chinese) in fields().items() if re.search("[a-z]{2}", chinese)] == []


def sent_fields(openapi: dict[str, Any]) -> set[str]:
    """List the fields of all bodies that are sent, also of bodies within bodies."""
    shapes = openapi["components"]["schemas"]
    methods = [one for path in openapi["paths"].values() for one in path.values() if isinstance(one, dict)]
    ahead: list[Any] = [one["requestBody"] for one in methods if "requestBody" in one]
    found: set[str] = set()
    seen: set[str] = set()
    while ahead:
        part = ahead.pop()
        if isinstance(part, list):
            ahead += part
        elif isinstance(part, dict):
            named = str(part.get("$ref", "")).rpartition("/")[2]
            found |= set(part.get("properties", {}))
            ahead += [value for name, value in part.items() if name not in ("examples", "required", "enum")]
            ahead += [shapes[named]] if named and named not in seen else []
            seen.add(named)
    return found


def test_a_load_is_said_in_the_unit_of_the_viewer_and_never_above_it(
    show: Formatter, chinese: Formatter
) -> None:
    sentence = "Above the limits (LOAD): at most 12.5 kg now."
    told = Refusal(code=PREFIX + "above-limits", sentence=sentence, values={"what": "LOAD", "load": "12.5"})
    failure = Failure(reason="refused", detail=sentence, told=(told,))
    assert refusal_words(failure, show) == "Above the limits (load): at most 12.5 kg now."
    assert refusal_words(failure, replace(show, unit="lb")) == "Above the limits (load): at most 27.5 lb now."
    for words, most in ((chinese, "12.5 kg"), (replace(chinese, unit="lb"), "27.5 lb")):
        said_so = refusal_words(failure, words)
        assert "重量" in said_so
        assert most in said_so
        assert "LOAD" not in said_so


def test_every_limit_that_can_be_broken_has_words() -> None:
    codes = [code.replace("_", " ").capitalize() for code in get_args(Violation)]
    assert [code for code in codes if code not in screen_words()] == []


def test_every_condition_of_a_phase_that_is_missing_is_said(chinese: Formatter) -> None:
    missing = "dose, mornings, pain, range, spasm, visits, phases between"
    sentence = f"Not met: {missing}."
    told = Refusal(code=PREFIX + "not-met", sentence=sentence, values={"what": missing})
    words = refusal_words(Failure(reason="refused", detail=sentence, told=(told,)), chinese)
    assert not re.search("[A-Za-z]", words)


def test_a_code_of_two_words_is_said_in_words(show: Formatter) -> None:
    sentence = "Above the limits (WEEK_CAP): at most 9 kg now."
    told = Refusal(code=PREFIX + "above-limits", sentence=sentence, values={"what": "WEEK_CAP", "load": "9"})
    failure = Failure(reason="refused", detail=sentence, told=(told,))
    assert refusal_words(failure, show) == "Above the limits (week cap): at most 9 kg now."


@pytest.mark.parametrize(
    ("unit", "name", "values", "told"),
    [
        ("kg", "value-most", {"most": "200"}, "Load: At most 200 kg."),
        ("lb", "value-most", {"most": "200"}, "Load: At most 440.9 lb."),
        ("lb", "value-least", {"least": "0.1"}, "Load: At least 0.3 lb."),
    ],
)
def test_the_bounds_of_a_weight_are_in_the_unit_of_the_viewer(
    show: Formatter, unit: Any, name: str, values: dict[str, str], told: str
) -> None:
    sentence = catalogue()[name].format(**values)
    one = Refusal(code=PREFIX + name, sentence=sentence, values=values, where="body.load_kg")
    failure = Failure(reason="refused", detail="", told=(one,))
    assert refusal_words(failure, replace(show, unit=unit)) == told
    reps = replace(failure, told=(replace(one, where="body.reps"),))
    assert " lb" not in refusal_words(reps, replace(show, unit=unit))


def test_plain_english_stands_for_sentences_of_the_service_with_their_values() -> None:
    for code, words in PLAIN_ENGLISH.items():
        assert sorted(places(words)) == sorted(places(catalogue()[code])), code
        assert "valid" not in words
