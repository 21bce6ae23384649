"""Write a table as CSV (RFC 4180) that a spreadsheet opens without running anything in it."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # or Excel takes Chinese for its own code page
LIST_MARK = "; "  # between the parts of a cell that holds several
# A cell that begins so is a formula in some spreadsheet; the full-width forms are such in East Asian ones.
FORMULA_STARTS = (
    *("=", "+", "-", "@", "\t", "\r", "\n"),
    *("\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}"),
    *("\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}"),
)
HARMLESS = "'"  # put before such a text: spreadsheets then show it as it is
Cell = str | float | datetime | Sequence[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its name as the JSON names it, the unit of its figures, and where its value comes from.

    The value of a `datetime` column is shown in the zone of the studio, which its header names.
    """

    name: str
    value: Callable[[Any], Cell]
    unit: str = ""
    is_time: bool = False


def document(columns: Sequence[Column], rows: Iterable[Any], zone: ZoneInfo) -> bytes:
    """Write a header line and one line a row; UTF-8 with a mark of byte order."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([_header(column, zone) for column in columns])
    for row in rows:
        writer.writerow([cell(column.value(row), zone) for column in columns])
    return (BYTE_ORDER_MARK + written.getvalue()).encode()


def cell(value: Cell, zone: ZoneInfo) -> str:
    """Write one cell: figures as JSON writes them, times with their offset, texts made harmless."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat()
    return harmless(value if isinstance(value, str) else LIST_MARK.join(value))


def harmless(text: str) -> str:
    """Keep a text from being taken for a formula, also behind blanks."""
    is_formula = text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS)
    return HARMLESS + text if is_formula else text


def _header(column: Column, zone: ZoneInfo) -> str:
    unit = zone.key if column.is_time else column.unit
    return f"{column.name} [{unit}]" if unit else column.name
