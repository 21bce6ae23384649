"""Refusals of the service in the viewer's language."""

import re
from zoneinfo import ZoneInfo

import pytest

from dashboard.client import Failure, Refusal
from dashboard.format import Formatter
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
