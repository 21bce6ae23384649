import csv
import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.exports.csv.text import FORMULA_STARTS, Cell, Column, cell, document, harmless

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
COLUMNS = (
    Column(name="name", value=lambda row: row[0]),
    Column(name="load_kg", value=lambda row: row[1], unit="kg"),
    Column(name="at", value=lambda row: row[2], is_time=True),
)
AT = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)


def test_header_says_units_and_the_zone() -> None:
    assert document(COLUMNS, [], HONG_KONG).decode("utf-8-sig") == "name,load_kg [kg],at [Asia/Hong_Kong]\r\n"


def test_lines_are_of_rfc_4180() -> None:
    written = document(COLUMNS, [('Chan "Mei", Ling\n', -1.5, AT)], HONG_KONG).decode("utf-8-sig")
    assert written.split("\r\n", 1)[1] == '"Chan ""Mei"", Ling\n",-1.5,2026-11-19T07:30:00+08:00\r\n'


def test_excel_is_told_that_it_is_utf_8() -> None:
    assert document(COLUMNS, [], HONG_KONG)[:3] == b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (12.0, "12.0"),
        (-3, "-3"),
        (0.1 + 0.2, "0.30000000000000004"),
        (("left", "right"), "left; right"),
        ((), ""),
    ],
)
def test_cells_are_as_in_json(value: Cell, written: str) -> None:
    assert cell(value, HONG_KONG) == written


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_formula_becomes_a_text(start: str) -> None:
    assert harmless(f"{start}HYPERLINK(0)") == f"'{start}HYPERLINK(0)"
    assert harmless(f"  {start}1") == (f"'  {start}1" if start.strip() else f"  {start}1")
    assert harmless(f"a{start}1") == f"a{start}1"


def test_list_that_begins_as_a_formula_becomes_a_text() -> None:
    assert cell(("=1+1", "left"), HONG_KONG) == "'=1+1; left"


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00")), min_size=1, max_size=5))
def test_a_reader_gets_back_every_text(texts: list[str]) -> None:
    columns = [Column(name="text", value=lambda row: row), Column(name="end", value=lambda _: "end")]
    written = document(columns, texts, HONG_KONG).decode("utf-8-sig")
    read = [row[0] for row in csv.reader(io.StringIO(written, newline=""))][1:]
    assert read == [harmless(text) for text in texts]
    assert not [text for text in read if text.lstrip().startswith(FORMULA_STARTS)]
