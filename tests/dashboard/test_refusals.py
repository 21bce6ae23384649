"""Refusals of the service in the viewer's language."""

import re
from dataclasses import replace
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from contract.envelope import Violation
from dashboard.client import Failure, Refusal
from dashboard.format import Formatter
from dashboard.language import traditional_chinese as screen_words
from dashboard.refusals import PREFIX, said, traditional_chinese
from dashboard.screen import refusal_words
from services.api.codes import catalogue

ENGLISH_ONLY: frozenset[str] = frozenset()  # codes that nobody meets at a screen: none at present
WITHOUT_VALUES = {"not-found"}  # its value is an English word of the service


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
        Refusal(code=PREFIX + "day-unknown", sentence="There is no such day."),
    )
    failure = Failure(reason="refused", detail="The request has a mistake. body.day: No.", told=told)
    assert refusal_words(failure, chinese) == "輸入有錯。 沒有這一天。"
    assert refusal_words(failure, show) == failure.detail
    assert refusal_words(Failure(reason="refused", detail="Bare."), chinese) == "Bare."


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
