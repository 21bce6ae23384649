"""The cut font against its source, where that is installed."""

from pathlib import Path

import pytest

from services.report.fonts import FONT
from services.report.fonts.cut import SIZE_MOST, SOURCE, cut, wanted
from services.report.letters import covered

UNICODE_8 = 0x9FD6  # first ideograph that came after the source was drawn


def test_what_is_wanted_is_there_as_far_as_the_source_has_it() -> None:
    lacking = wanted() - covered()
    assert not [code for code in lacking if 0x4E00 <= code < UNICODE_8]


@pytest.mark.slow
def test_same_source_same_bytes(tmp_path: Path) -> None:
    if not SOURCE.is_file():
        pytest.skip(f"{SOURCE} is not installed here")
    assert cut(SOURCE, tmp_path / "cut.otf") < SIZE_MOST
    assert (tmp_path / "cut.otf").read_bytes() == FONT.read_bytes()
