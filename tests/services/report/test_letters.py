"""Names with rare letters: what our font has, by another reader of fonts, and what stands for the rest."""

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # published without types

from openspine.demo.studio import read_studio
from services.report.fonts import FOLDER, FONT
from services.report.letters import GETA, covered, missing, shown

SIZE_MOST = 6_000_000  # bytes
# Letters of names in Hong Kong that are in none of the older sets (HKSCS), from several planes and blocks.
HKSCS = "啫嚟嗰咗喺嘅冇佢哋㗎喎咁𠝹𨋢𡃁𢱕𠵱𥄫𧨾𨳊𡁻𢫏𤶸㷫鏍珮琟浵邨堃媖煒嫚昺峯衞"
NAMES = "Nguyễn Thị Hồng, Łukasz Çelik, José Müller, Ørsted, Siân Дарья, Ελένη"


def of_hong_kong() -> set[str]:
    """List the ideographs of Big5 with Hong Kong's supplement."""
    found = set()
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            try:
                found |= set(bytes((lead, trail)).decode("big5hkscs"))
            except UnicodeDecodeError:
                continue
    return {letter for letter in found if ord(letter) >= 0x3400}


def test_another_reader_finds_the_same_letters() -> None:
    assert covered() == set(TTFont(FONT).getBestCmap())


def test_every_letter_of_hong_kong_is_there() -> None:
    letters = of_hong_kong()
    assert len(letters) > 17_000
    assert missing("".join(sorted(letters))) == []


@pytest.mark.parametrize("text", [HKSCS, NAMES, *(one.name for one in read_studio().patients)])
def test_names_are_shown_as_they_are(text: str) -> None:
    assert missing(text) == []
    assert shown(text) == text


def test_a_letter_that_no_font_has_becomes_a_mark() -> None:
    assert missing("陳สม大ม") == ["ส", "ม"]
    assert shown("陳สม大") == f"陳{GETA}{GETA}大"
    assert ord(GETA) in covered()


def test_the_font_is_small_and_carries_its_licence() -> None:
    assert FONT.stat().st_size < SIZE_MOST
    said = (FOLDER / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in said
    assert "© 2014-2021 Adobe" in said
    names = {(record.nameID, str(record)) for record in TTFont(FONT)["name"].names}
    assert (1, "Noto Sans CJK HK") in names
    assert any(name == 13 and "SIL Open Font License" in text for name, text in names)
