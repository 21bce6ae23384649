"""The calibration as values: page, lines and JSON say the same, and a figure that is out is marked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from emulator.calibration import report
from emulator.calibration.measured import Measured
from openspine.emulation import calibration
from openspine.emulation.calibration import Asked, Written
from openspine.outcome import ExitCode, Failure

ASKED = Asked(people=60, seed=1, data=None)


@pytest.fixture
def two_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """One figure within its tolerance and one out of it."""

    def stages(people: int, seed: int) -> Iterator[tuple[str, report.Stage]]:
        yield f"{people} people, seed {seed}", lambda: {"reps_70": Measured(value=13.0, spread=4.1, count=60)}
        yield "a machine", lambda: {"lost": Measured(value=0.01, count=1_000)}

    monkeypatch.setattr(report, "stages", stages)


@pytest.mark.usefixtures("two_figures")
def test_what_is_out_is_counted_named_and_marked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.md"
    told = calibration.judge(ASKED, Written(page=page))
    assert told["ok"] is False
    assert told["out"] == ["lost"]
    assert told["within"] == 1
    row = told["rows"][0]
    assert (row["emulated"], row["count"], row["deviation"], row["ok"]) == (13.0, 60, -0.2, True)
    printed = "\n".join(calibration.lines(told))
    assert "ok  Reps to failure at 70 %" in printed
    assert "OUT Telegrams lost" in printed
    assert "1 of 2 within" in printed
    text = page.read_text()
    assert "| Reps to failure at 70 % | reps | 13.2 | 13 | 4.1 | 60 | -0.2 | 1.5 | yes | 12 athletes" in text
    assert "**no**" in text
    assert "Out of tolerance, and known to be: Telegrams lost." in text
    assert "not at hand" in text
    assert "60 people, seed 1 ..." in capsys.readouterr().err


@pytest.mark.usefixtures("two_figures")
@pytest.mark.parametrize(
    ("asked", "written", "code"),
    [
        (Asked(people=59, seed=1, data=None), Written(), ExitCode.USAGE),
        (ASKED, Written(plot=Path("picture.jpeg")), ExitCode.USAGE),
        (ASKED, Written(page=Path("nowhere/page.md")), ExitCode.NOT_FOUND),
        (Asked(people=60, seed=1, data=Path("nowhere")), Written(), ExitCode.NOT_FOUND),
    ],
)
def test_what_cannot_be_done_is_refused_before_the_work(
    asked: Asked, written: Written, code: ExitCode
) -> None:
    with pytest.raises(Failure) as refused:
        calibration.judge(asked, written)
    assert refused.value.code == code


def test_a_stream_that_is_none_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "stream.csv").write_text("a,b\n1,2\n")
    with pytest.raises(Failure, match="no such column"):
        calibration.judge(Asked(people=60, seed=1, data=tmp_path), Written())
