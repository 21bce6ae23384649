"""One catalogue, complete in both languages: nothing missing, nothing that no page says."""

import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from contract.machines import catalogue
from contract.messages import EndedBy
from contract.messages.vocabulary import Question
from machine_agent.agent.view import CODES, Stage, View
from machine_agent.screen.cue import Cue
from machine_agent.screen.words import words
from services.office import exercises

ROOT = Path(__file__).parents[3]
STATIC = ROOT / "machine_agent" / "screen" / "static"
SOURCE = "\n".join(path.read_text() for path in sorted(STATIC.rglob("*.js")))
WORDS = words()
SECTIONS = {key.partition(".")[0] for key in WORDS}
NO_CHINESE = {"frame.language_other", "unit.deg"}  # names the other language; a degree is a sign
BY_CODE = {"code"}  # the newest code is looked up by name, see `textOf`

_quoted = set(re.findall(r"""["'`]([a-z_]+\.[A-Za-z0-9_-]+)["'`]""", SOURCE))
LITERAL = {one for one in _quoted if one.partition(".")[0] in SECTIONS and not one.endswith(".js")}
FAMILIES = {
    one for one in re.findall(r"`([a-z_]+\.[a-z_]*)\$\{", SOURCE) if one.partition(".")[0] in SECTIONS
}


def section(name: str) -> set[str]:
    return {key.partition(".")[2] for key in WORDS if key.startswith(f"{name}.")}


def places(text: str) -> list[str]:
    return sorted(re.findall(r"\{(\w+)\}", text))


def test_pages_say_literal_keys_and_families_of_keys() -> None:
    assert len(LITERAL) > 100
    assert {"cue.", "kind.", "station.", "why.", "cause.", "site.", "ended."} <= FAMILIES


@pytest.mark.parametrize("key", sorted(LITERAL))
def test_what_a_page_says_is_in_the_catalogue(key: str) -> None:
    assert key in WORDS


@pytest.mark.parametrize("key", WORDS)
def test_what_is_in_the_catalogue_is_said(key: str) -> None:
    is_of_family = any(key.startswith(family) for family in FAMILIES)
    assert key in LITERAL or is_of_family or key.partition(".")[0] in BY_CODE


@pytest.mark.parametrize("key", WORDS)
def test_both_languages_say_it_with_the_same_places(key: str) -> None:
    pair = WORDS[key]
    assert set(pair) == {"en", "zh"}
    assert all(text.strip() for text in pair.values())
    assert places(pair["en"]) == places(pair["zh"])


@pytest.mark.parametrize("key", sorted(set(WORDS) - NO_CHINESE))
def test_the_chinese_screen_is_chinese_and_the_english_one_is_not(key: str) -> None:
    english, chinese = WORDS[key]["en"], re.sub(r"\{\w+\}", "", WORDS[key]["zh"])
    has_chinese = re.search(r"[\u3400-\u9fff]", chinese) is not None
    assert has_chinese or (not re.search(r"\w", chinese))
    assert not re.search(r"[A-Za-z]", chinese)
    assert not re.search(r"[\u3000-\u9fff\uff00-\uffef]", english)


def test_every_reason_of_the_model_is_said_in_the_patients_words() -> None:
    model = tomllib.loads((ROOT / "ml" / "explain" / "sentences.toml").read_text())
    whole = {one for one in section("why") if not one.endswith("_all")} - {"nothing"}
    assert whole == set(model["whole"])
    assert section("cause") == set(model["cause"])


def test_numbers_of_staff_are_no_words_of_the_patient() -> None:
    sentences = [
        text for key, pair in WORDS.items() if key.startswith(("why.", "cause.")) for text in pair.values()
    ]
    assert not [text for text in sentences if "%" in text or "evidence" in text]


def code_text(code: str) -> str | None:
    """Look a code up as the page does: its own words, or those of its family."""
    while code:
        if code in section("code"):
            return code
        code = code.rpartition("_")[0]
    return None


def test_every_code_of_the_agent_has_words_and_every_words_have_a_code() -> None:
    assert {code for code in CODES if code_text(code) is None} == set()
    assert {code_text(code) for code in CODES} == section("code")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("kind", set(catalogue())),
        ("cue", set(get_args(Cue))),
        ("ended", set(get_args(EndedBy))),
        ("stage", set(get_args(Stage))),
        ("nrs", set(map(str, range(11)))),
        ("rpe", set(map(str, range(11)))),
        ("rir", {"0", "1-2", "3-5", "many"}),
        ("readiness", set("12345")),
        ("symptom", {"none", "limb", "numb_weak", "bladder_saddle", "dizzy_chest", "fall_fever"}),
    ],
)
def test_closed_lists_are_said_completely(name: str, wanted: set[str]) -> None:
    assert section(name) == wanted


def test_every_guided_station_is_said_as_the_service_says_it() -> None:
    pairs = {name: WORDS[f"station.{name}"] for name in section("station")}
    said = {name: (pair["en"], pair["zh"]) for name, pair in pairs.items()}
    assert said == {
        one.name: (one.text_en, one.text_zh)
        for one in exercises.catalogue().values()
        if "station" in one.where
    }


def test_every_question_and_every_link_is_said() -> None:
    assert set(get_args(Question)) <= section("ask")
    links = get_args(View.__annotations__["link"])
    assert {f"link_{one}" for one in links} <= section("frame")


def test_every_place_of_the_body_is_said_and_drawn() -> None:
    drawn = set(
        re.findall(r"^  (\w+): \[\d+, \d+, \d+, \d+, \d+\]", (STATIC / "body.js").read_text(), re.MULTILINE)
    )
    assert section("site") == drawn | {"front", "rear", "none"}


def test_every_kind_of_machine_is_drawn() -> None:
    drawn = set(re.findall(r"^  (\w+): \(\) =>", (STATIC / "figures.js").read_text(), flags=re.MULTILINE))
    assert drawn == set(catalogue())


def test_every_setting_up_of_the_demo_is_said() -> None:
    assert {"seat", "pad"} <= section("set_up")
