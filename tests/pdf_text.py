"""Read the text out of a PDF as typst writes it: one string for each run of letters, in reading order."""

import re
import zlib
from collections.abc import Iterator

ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
OCTAL = re.compile(rb"[0-7]{1,3}")
TOKEN = re.compile(rb"\(|<([0-9A-Fa-f]+)>|/(\w+) [\d.]+ Tf|T[jJ]\b")
TOFU = "\N{REPLACEMENT CHARACTER}"  # a glyph that stands for no letter


def pages(content: bytes) -> int:
    """Count the pages."""
    return len(re.findall(rb"/Type/Page[^s]", content))


def text(content: bytes) -> str:
    """Read all text; pieces of a line that are set apart are parted by a blank."""
    return " ".join(runs(content))


def runs(content: bytes) -> Iterator[str]:
    """Read the runs of letters of every page."""
    objects = {
        int(found[1]): found[2] for found in re.finditer(rb"(\d+) 0 obj\s*(.*?)endobj", content, re.DOTALL)
    }
    fonts = {
        name: _letters(_stream(objects[int(number)]))
        for body in objects.values()
        for listed in re.findall(rb"/Font<<(.*?)>>", body, re.DOTALL)
        for name, font in re.findall(rb"/(\w+) (\d+) 0 R", listed)
        for number in re.findall(rb"/ToUnicode (\d+) 0 R", objects[int(font)])
    }
    for body in objects.values():
        if b"/Type/Page" in body and b"/Contents" in body:
            place = re.search(rb"/Contents (\d+) 0 R", body)
            assert place is not None
            yield from _runs(_stream(objects[int(place[1])]), fonts)


def _runs(drawn: bytes, fonts: dict[bytes, dict[int, str]]) -> Iterator[str]:
    """Follow the drawing: which font is set, and which codes each array of strings shows."""
    known: dict[int, str] = {}
    codes = b""
    for string, font, shows in _tokens(drawn):
        if font:
            known = fonts[font]
        codes += string
        if shows:
            pairs = (codes[place] << 8 | codes[place + 1] for place in range(0, len(codes), 2))
            yield "".join(known.get(code, TOFU) for code in pairs)
            codes = b""


def _tokens(drawn: bytes) -> Iterator[tuple[bytes, bytes, bool]]:
    """Cut a drawing into strings, changes of the font, and orders to show what was gathered."""
    place = 0
    while found := TOKEN.search(drawn, place):
        place = found.end()
        if found[0] == b"(":
            string, place = _literal(drawn, place)
            yield string, b"", False
        else:
            string = bytes.fromhex((found[1] or b"").decode())
            yield string, found[2] or b"", found[0] in (b"TJ", b"Tj")


def _literal(drawn: bytes, place: int) -> tuple[bytes, int]:
    """Read a string up to its closing bracket; brackets in pairs belong to it."""
    found, depth = b"", 1
    while True:
        one = drawn[place : place + 1]
        if one == b"\\":
            octal = OCTAL.match(drawn, place + 1)
            said = octal[0] if octal else drawn[place + 1 : place + 2]
            found += bytes((int(said, 8),)) if octal else ESCAPES.get(said, said)
            place += 1 + len(said)
            continue
        depth += (one == b"(") - (one == b")")
        place += 1
        if depth == 0:
            return found, place
        found += one


def _stream(body: bytes) -> bytes:
    head, _, rest = body.partition(b"stream")
    content = rest.lstrip(b"\r\n").rpartition(b"endstream")[0]
    return zlib.decompress(content) if b"FlateDecode" in head else content


def _letters(mapping: bytes) -> dict[int, str]:
    """Read which letters the codes of a font stand for."""
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\r?\n", mapping)
    return {int(code, 16): bytes.fromhex(said.decode()).decode("utf-16-be") for code, said in pairs}
