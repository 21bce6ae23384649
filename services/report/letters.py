"""Which letters the report can show: a letter that no font has becomes a mark, never an empty box."""

import struct
from functools import cache
from typing import Final

from services.report.fonts import FONT

GETA: Final = "\N{GETA MARK}"  # what East Asian printers put for a letter that they lack
# Latin, Greek and Cyrillic letters that our font lacks come from a font that typst carries (Libertinus).
CARRIED: Final = range(0x00A0, 0x0530)
CONTROLS: Final = range(0x20)
SEGMENTED: Final = 12  # format of the character map that holds all planes (OpenType, "cmap")
HEAD, RECORD, GROUP = struct.Struct(">4xH6x"), struct.Struct(">4s4xII"), struct.Struct(">III")


def shown(text: str) -> str:
    """Put a mark in the place of each letter that cannot be shown."""
    return "".join(letter if _is_shown(ord(letter)) else GETA for letter in text)


def missing(text: str) -> list[str]:
    """List the letters of a text that cannot be shown, each once, in order."""
    return [letter for letter in dict.fromkeys(text) if not _is_shown(ord(letter))]


def _is_shown(code: int) -> bool:
    return code in covered() or code in CARRIED or code in CONTROLS


@cache
def covered() -> frozenset[int]:
    """Read from the character map of our font which letters it has."""
    font = FONT.read_bytes()
    (count,) = HEAD.unpack_from(font)
    records = (RECORD.unpack_from(font, HEAD.size + RECORD.size * place) for place in range(count))
    start = next(offset for tag, offset, _ in records if tag == b"cmap")
    return frozenset(code for at in _subtables(font, start) for code in _codes(font, at))


def _subtables(font: bytes, start: int) -> list[int]:
    """Find where the segmented maps begin."""
    (count,) = struct.unpack_from(">2xH", font, start)
    places = (start + 4 + 8 * place for place in range(count))
    tables = [start + struct.unpack_from(">4xI", font, place)[0] for place in places]
    return [at for at in tables if struct.unpack_from(">H", font, at)[0] == SEGMENTED]


def _codes(font: bytes, at: int) -> list[int]:
    (groups,) = struct.unpack_from(">I", font, at + 12)
    found = (GROUP.unpack_from(font, at + 16 + GROUP.size * place) for place in range(groups))
    return [code for first, last, _ in found for code in range(first, last + 1)]
