"""`emulate calibrate` as a user calls it: exit 0 when all is within, 1 when a parameter was planted wrong."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from emulator.calibration import effort, report
from emulator.physiology.parameters import using
from openspine.__main__ import main
from openspine.outcome import ExitCode

COMMAND = ["emulate", "calibrate", "--people", "240", "--seed", "3", "--json"]


@pytest.fixture
def effort_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The people's effort only (the rest is judged part by part elsewhere), without real data."""

    def stages(people: int, seed: int) -> Iterator[tuple[str, report.Stage]]:
        yield "effort", partial(effort.measured, people, seed)

    monkeypatch.setattr(report, "stages", stages)
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("effort_alone")
def test_a_wrong_parameter_ends_with_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(COMMAND) == ExitCode.OK
    right = json.loads(capsys.readouterr().out)
    assert right["ok"]
    assert right["people"] == 240
    with using({"fatigue.fatigue_per_s": 0.02}):
        assert main(COMMAND) == ExitCode.FAILED
    wrong = json.loads(capsys.readouterr().out)
    assert {"reps_70", "reps_80", "reps_90"} <= set(wrong["out"])
    assert not wrong["ok"]


@pytest.mark.usefixtures("effort_alone")
def test_picture_and_page_are_written_and_the_missing_stream_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["emulate", "calibrate", "--people", "60", "--plot", "figures.svg", "--page", "page.md"]
    assert main(words) in (ExitCode.OK, ExitCode.FAILED)
    shown = capsys.readouterr()
    assert "without a real machine's stream" in shown.err
    assert "Reps to failure at 70 %" in shown.out
    assert "<svg" in (tmp_path / "figures.svg").read_text()
    page = (tmp_path / "page.md").read_text()
    assert page.startswith("# How the emulated people")
    assert "](figures.svg)" in page


def test_too_few_people_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["emulate", "calibrate", "--people", "3"]) == ExitCode.USAGE
    assert "--people 3: at least 60" in capsys.readouterr().err
