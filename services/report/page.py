"""The sheet becomes a PDF (or a picture): the same sheet gives the same bytes, with our own fonts only."""

from dataclasses import asdict
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from services.report.fonts import FOLDER
from services.report.letters import shown
from services.report.sheet import Sheet

MEDIA_TYPE: Final = "application/pdf"
MISSING: Final = "The report needs typst, which is not installed here: pip install 'openspine[pdf]'."
HERE: Final = Path(__file__).parent
Format = Literal["pdf", "png"]


def is_possible() -> bool:
    """Tell whether this server can make reports."""
    return find_spec("typst") is not None


def written(sheet: Sheet, made_s: int, form: Format = "pdf", dots_per_inch: float = 110) -> bytes:
    """Set the sheet on one page; `made_s` (Unix seconds) is the date that the file carries."""
    found: bytes = import_module("typst").compile(
        (HERE / "sheet.typ").read_bytes(),
        sys_inputs={"sheet": shown(msgspec.json.encode(asdict(sheet)).decode())},
        font_paths=_fonts(),
        format=form,
        ppi=dots_per_inch,
        timestamp=made_s,
    )
    return found


@cache
def _fonts() -> Any:
    """Open the fonts once: ours, and those that come with typst for letters that ours lacks."""
    return import_module("typst").Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FOLDER)]
    )
