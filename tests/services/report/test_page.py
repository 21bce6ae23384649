"""The PDF: one page, the same bytes, the figures of the screens, and no empty boxes."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pdf_text
import pytest
from report_rows import LAST_MS, ZONE, book, drawn, facts, prescribe
from studio_rows import StudioRows

from dashboard.api.balance import Balance
from dashboard.api.progress import Progress
from dashboard.client import decode
from dashboard.format import Formatter
from dashboard.views.patient.progress import figures, pain_words
from services.api import schemas
from services.report.page import MISSING, is_possible, written
from services.report.sheet import Line, Sheet
from services.report.words import Language

SHARE = {"en": "{}of{}", "zh-HK": "{}\N{FULLWIDTH SOLIDUS}{}"}
MADE_S = LAST_MS // 1_000
TESTS = Path(__file__).parents[2]
WRITING = """
import copied_studio, hashlib, pathlib, sys
from report_rows import drawn
from services.report.page import written
for course in copied_studio.opened(pathlib.Path(sys.argv[1])):
    content = written(drawn(course, "zh-HK"), int(sys.argv[2]))
    sys.stdout.write(hashlib.sha256(content).hexdigest())
"""
LANGUAGES: tuple[Language, ...] = ("en", "zh-HK")


def plain(content: bytes) -> str:
    """Read the text without blanks: lines are broken anywhere."""
    return re.sub(r"\s", "", pdf_text.text(content))


@pytest.mark.parametrize("language", LANGUAGES)
def test_same_sheet_same_bytes(course: StudioRows, language: Language) -> None:
    first = written(drawn(course, language), MADE_S)
    assert first == written(drawn(course, language), MADE_S)
    assert first != written(replace(drawn(course, language), name="Chan Mei Lin"), MADE_S)
    assert first != written(drawn(course, language), MADE_S + 1)


def test_another_process_makes_the_same_bytes(course: StudioRows) -> None:
    """Neither the order of hashes nor the zone of the computer, nor its language, is on the page."""
    digests = {sha256(written(drawn(course, "zh-HK"), MADE_S)).hexdigest()}
    for seed, zone, locale in (("1", "Pacific/Auckland", "C"), ("2", "America/Lima", "C.UTF-8")):
        around = {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale, "PYTHONPATH": str(TESTS)}
        command = [sys.executable, "-c", WRITING, str(course.engine.url.database), str(MADE_S)]
        ended = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | around)
        digests.add(ended.stdout)
    assert len(digests) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_of_the_sheet_is_printed(course: StudioRows, language: Language) -> None:
    book(course)
    prescribe(course)
    shown = drawn(course, language)
    printed = plain(written(shown, MADE_S))
    assert pdf_text.TOFU not in printed
    phrases = [
        *(shown.name, shown.studio, shown.number, shown.ribbon, shown.title, shown.next_when, *shown.foot),
        *(text for tile in shown.tiles for text in (tile.label, tile.value, tile.note)),
        *(text for row in shown.strength_rows for text in (row.name, row.said, row.figures, row.estimate)),
        *(text for row in shown.balance_rows for text in (row.name, row.said)),
        *(shown.pain_told.said, shown.pain_told.first_day, shown.pain_told.last_day),
        *(
            text
            for row in (*shown.change_rows, *shown.next_rows, *shown.home_rows)
            for text in (row.head, row.body, row.why)
        ),
    ]
    assert len(phrases) > 40
    assert [one for one in phrases if re.sub(r"\s", "", one) not in printed] == []


def as_screen(shape: Any, value: Any, kind: Any) -> Any:
    """Take the way of a value to the screen: through the API's body and the dashboard's reader."""
    return decode(shape.model_validate(value).model_dump_json(by_alias=True).encode(), kind)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("unit", ["kg", "lb"])
def test_figures_equal_those_of_the_screen(course: StudioRows, language: Language, unit: Any) -> None:
    found = facts(course)
    printed = plain(written(drawn(course, language, unit), MADE_S))
    screen = Formatter(unit=unit, zone=ZONE, language=language)
    progress = as_screen(schemas.Progress, found.progress, Progress)
    for series in progress.series:
        shown = [value for _, value, _ in figures(series, progress, screen)]
        capacity, _, load, amplitude, kept = shown  # the page in print has no endurance
        for figure in (capacity, load, amplitude):
            assert figure.replace(" ", "") in printed
        attended, planned = kept.split(" / ")
        assert SHARE[language].format(attended, planned) in printed
    change = pain_words(progress.pain_change, screen).split(" ")[0]
    assert change in printed
    for pair in as_screen(schemas.Balance, found.balance, Balance).pairs:
        assert f"{round(pair.mdc_pct)}%" in printed


def longest(shown: Sheet) -> Sheet:
    """Fill every place with the most and the longest."""
    words = "a very long phrase that nobody has foreseen in this place " * 4
    row, pair = shown.strength_rows[0], shown.balance_rows[0]
    line = Line(head=words, body=words, why=words * 3)
    return replace(
        shown,
        name="Wolfeschlegelsteinhausenbergerdorff " * 8,
        studio=words,
        number=words,
        tiles=tuple(replace(tile, label=words, note=words) for tile in shown.tiles),
        strength_rows=(replace(row, name=words, said=words, figures=words, estimate=words),) * 6,
        strength_more=words,
        balance_rows=(replace(pair, name=words, said=words),) * 4,
        change_rows=(line,) * 4,
        next_rows=(line,) * 6,
        home_rows=(line,) * 5,
        foot=(words * 3, words * 3),
    )


def test_one_page_always(course: StudioRows, studio: StudioRows) -> None:
    assert pdf_text.pages(written(drawn(course), MADE_S)) == 1
    full = written(longest(drawn(course)), MADE_S)
    assert pdf_text.pages(full) == 1
    assert plain(full).count("nobodyhasforeseen") == plain(full).count("averylongphrase") > 100
    studio.patient()
    assert pdf_text.pages(written(drawn(studio), MADE_S)) == 1


def test_rare_letters_are_drawn_and_unknown_ones_marked(course: StudioRows) -> None:
    shown = replace(drawn(course), name="陳𠝹𨋢 Łukasz ส")
    assert "陳𠝹𨋢Łukasz〓" in plain(written(shown, MADE_S))
    pictures = {
        letter: written(replace(shown, name=letter), MADE_S, "png", 40) for letter in ("𠝹", "𨋢", "ł", "〓")
    }
    assert len(set(pictures.values())) == len(pictures)  # an empty box would look the same each time


def test_names_are_no_markup(course: StudioRows) -> None:
    printed = plain(written(replace(drawn(course), name="#sys.inputs *x* $y$ [z]"), MADE_S))
    assert "#sys.inputs*x*$y$[z]" in printed


def test_no_date_but_the_given_one_is_in_the_file(course: StudioRows) -> None:
    content = written(drawn(course), MADE_S)
    assert set(re.findall(rb"D:(\d{8})|CreateDate>(\d{4}-\d\d-\d\d)", content)) <= {
        (b"20261209", b""),
        (b"", b"2026-12-09"),
    }


def test_what_is_missing_says_what_to_install() -> None:
    assert is_possible()
    assert "openspine[pdf]" in MISSING
