import io
import math
from dataclasses import replace

import pytest

from emulator.replay.messages import Progress
from openspine.replay.line import CLEAR, Line, text

AT = Progress(
    at_ms=3_725_400, length_ms=7_200_000, rate=10.0, is_paused=False, lag_s=0.26, sent=12, acknowledged=11,
    rounds=1,
)  # fmt: skip


def test_the_line_says_position_rate_lag_and_rows() -> None:
    assert text(AT) == "1:02:05 of 2:00:00, x10, lag 0.3 s, sent 12, acknowledged 11"


def test_the_line_says_what_is_unusual() -> None:
    assert ", max, " in text(replace(AT, rate=math.inf))
    assert ", x0.25, " in text(replace(AT, rate=0.25))
    assert ", paused, " in text(replace(AT, is_paused=True))
    assert text(replace(AT, rounds=2)).startswith("round 2, 1:02:05")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_it_is_written_in_place_and_ends_with_the_last_figures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = Terminal()
    monkeypatch.setattr("sys.stderr", shown)
    line = Line()
    for sent in range(100):
        line(replace(AT, sent=sent))
    line.end()
    written = shown.getvalue().split(CLEAR)[1:]
    assert len(written) < 50  # not every figure is worth a write
    assert written[-1] == text(replace(AT, sent=99)) + "\n"


def test_elsewhere_nothing_is_said_of_a_short_replay(capsys: pytest.CaptureFixture[str]) -> None:
    line = Line()
    for _ in range(100):
        line(AT)
    line.end()
    assert capsys.readouterr().err == ""
