import re
from pathlib import Path
from typing import Any

import altair as alt
import pytest

from openspine.outcome import ExitCode, Failure
from openspine.pictures import OURS, check, save

ROWS = [{"method": "ours", "error": 1.1}, {"method": "last", "error": 1.4}]


def chart() -> Any:
    bars = alt.Chart(alt.InlineData(values=ROWS)).mark_bar(color=OURS)
    return bars.encode(x="error:Q", y="method:N").properties(title="Error", width=200, height=60)


def test_a_png_is_a_png_and_sharp(tmp_path: Path) -> None:
    save(chart(), tmp_path / "error.png")
    content = (tmp_path / "error.png").read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(content[16:20]) > 400  # 200 points wide and twice as many pixels


def test_an_svg_holds_the_words_and_the_colour(tmp_path: Path) -> None:
    save(chart(), tmp_path / "error.svg")
    drawn = (tmp_path / "error.svg").read_text()
    assert ">ours<" in drawn
    assert OURS.lower() in drawn.lower()


def test_an_html_page_loads_nothing_from_anywhere(tmp_path: Path) -> None:
    save(chart().to_dict(), tmp_path / "error.html")
    page = (tmp_path / "error.html").read_text()
    assert "ours" in page
    assert not re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=\"https?://", page)


@pytest.mark.parametrize(
    ("name", "code"),
    [("error.pdf", ExitCode.USAGE), ("error", ExitCode.USAGE), ("no/e.png", ExitCode.NOT_FOUND)],
)
def test_a_picture_that_cannot_be_written_is_refused_before_the_work(
    tmp_path: Path, name: str, code: ExitCode
) -> None:
    with pytest.raises(Failure) as refused:
        check(tmp_path / name)
    assert refused.value.code is code


def test_no_picture_is_fine() -> None:
    check(None)
