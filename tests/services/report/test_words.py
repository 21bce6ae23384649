import tomllib
from datetime import UTC, datetime
from importlib.resources import files
from string import Formatter
from zoneinfo import ZoneInfo

import pytest
from report_rows import ZONE

from contract.machines import catalogue
from dashboard.format import Formatter as Screen
from services.insights.reasons import Reason
from services.report.letters import missing
from services.report.words import MINUS, Words, signed, whole

CATALOGUE = tomllib.loads(files("services.report").joinpath("words.toml").read_text(encoding="utf-8"))
PHRASES = [(part, name) for part, names in CATALOGUE.items() for name in names]
ENGLISH = Words(language="en", unit="kg", zone=ZONE)
CHINESE = Words(language="zh-HK", unit="lb", zone=ZONE)
JARGON = ("TUT", "LSI", "velocity", "torque", "1RM", "MDC", "RIR", "NRS", "cause")


def blanks(phrase: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(phrase) if name is not None)


@pytest.mark.parametrize(("part", "name"), PHRASES)
def test_both_languages_say_the_same_and_can_be_shown(part: str, name: str) -> None:
    phrase = CATALOGUE[part][name]
    assert set(phrase) == {"en", "zh-HK"}
    assert blanks(phrase["en"]) == blanks(phrase["zh-HK"])
    assert missing(phrase["zh-HK"]) == []
    assert not [word for word in JARGON if word.lower() in phrase["en"].lower().split()]


@pytest.mark.parametrize("kind", sorted(catalogue()))
def test_stations_are_named_as_on_the_screens(kind: str) -> None:
    for words in (ENGLISH, CHINESE):
        screen = Screen(unit="kg", zone=ZONE, language=words.language)
        for side in ("both", "left"):
            assert words.station(kind, side) == screen.station(kind, side)


def test_a_new_kind_of_machine_is_spelled_out() -> None:
    assert CHINESE.station("wrist_curl") == "Wrist curl"


@pytest.mark.parametrize("load_kg", [0.0, 0.1, 12.25, 12.5, 99.95])
def test_figures_are_written_as_on_the_screens(load_kg: float) -> None:
    for words in (ENGLISH, CHINESE):
        screen = Screen(unit=words.unit, zone=ZONE, language=words.language)
        assert words.load(load_kg) == screen.load(load_kg)


def test_days_are_those_of_the_studio() -> None:
    late = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
    for words in (ENGLISH, CHINESE):
        screen = Screen(unit="kg", zone=ZONE, language=words.language)
        assert (words.day(late), words.clock(late)) == (screen.day(late), screen.clock(late))
    assert ENGLISH.day(late) == "19 Nov 2026"
    assert (ENGLISH.short_day(late), CHINESE.short_day(late)) == ("19 Nov", "11月19日")
    assert Words(language="en", unit="kg", zone=ZoneInfo("UTC")).short_day(late) == "18 Nov"


def test_reasons_are_in_the_reader_s_language() -> None:
    reason = Reason(code="hold", text_en="stay", text_zh="保持")
    assert (ENGLISH.reason(reason), CHINESE.reason(reason)) == ("stay", "保持")


def test_signs_are_true_ones() -> None:
    assert [signed(-1.04, 1), signed(2.0), signed(-0.2)] == [f"{MINUS}1.0", "+2", "0"]
    assert [whole(-0.4), whole(-3)] == ["0", f"{MINUS}3"]
    assert ENGLISH.joined("a", "", "b") == "a, b"
