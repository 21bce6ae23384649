"""Cut the report's font out of Noto Sans CJK (Hong Kong forms), which is under the SIL Open Font License.

Source: Debian package fonts-noto-cjk 1:20220127 (Noto Sans CJK 2.004, https://github.com/googlefonts/noto-cjk).
Run `python -m services.report.fonts.cut` on a machine that has it; the same source gives the same bytes.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fontTools import subset  # type: ignore[import-untyped]  # published without types
from fontTools.ttLib import TTCollection, TTFont  # type: ignore[import-untyped]  # same

from services.report.fonts import FONT

SOURCE = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
FAMILY = "Noto Sans CJK HK"  # the face of the collection; its name may be kept, only "Source" is reserved
SIZE_MOST = 6_000_000  # bytes
# Layout and vertical writing: the report is set in plain horizontal lines.
LEFT_OUT = ["vhea", "vmtx", "VORG", "GSUB", "GPOS", "BASE", "GDEF"]
CODE_PAGES = ("big5hkscs", "gb2312")  # with signs and foreign letters; Hong Kong's supplement
BLOCKS = (
    (0x0020, 0x0250),  # Latin
    (0x1E00, 0x1F00),  # Latin of Vietnam
    (0x2010, 0x2044),  # dashes, quotation marks, bullets
    (0x2190, 0x2194),  # arrows
    (0x2212, 0x2213),  # minus
    (0x3000, 0x3020),  # punctuation
    (0x4E00, 0xA000),  # the first block of ideographs, whole
    (0xFF00, 0xFFF0),  # full-width forms
    (0x20000, 0x32000),  # the rare ideographs, as far as the source has them
)


def wanted() -> set[int]:
    """List the characters that a report may need."""
    return {code for first, end in BLOCKS for code in range(first, end)} | set(_of_code_pages())


def cut(source: Path, made: Path) -> int:
    """Write the cut font and tell its size in bytes."""
    font = TTFont(source, fontNumber=_place(source), recalcTimestamp=False)
    options = subset.Options(layout_features=[], hinting=False, name_IDs=["*"], glyph_names=False)
    options.drop_tables += LEFT_OUT
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted())
    cutter.subset(font)
    font.save(made)
    return made.stat().st_size


def _place(source: Path) -> int:
    fonts: list[Any] = TTCollection(source, lazy=True).fonts
    return [font["name"].getDebugName(1) for font in fonts].index(FAMILY)


def _of_code_pages() -> Iterator[int]:
    for page in CODE_PAGES:
        for lead in range(0x81, 0xFF):
            for trail in range(0x40, 0xFF):
                try:
                    yield from map(ord, bytes((lead, trail)).decode(page))
                except UnicodeDecodeError:
                    continue


if __name__ == "__main__":
    size = cut(Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE, FONT)
    sys.stdout.write(f"{FONT.name}: {size} bytes, at most {SIZE_MOST}\n")
    sys.exit(0 if size <= SIZE_MOST else 1)
