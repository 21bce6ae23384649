import json
from pathlib import Path
from typing import Any

import pytest

from openspine.__main__ import main
from openspine.day.report import as_json
from openspine.day.run import Day
from openspine.outcome import ExitCode

SMALL = ["emulate", "day", "--dry", "--patients", "2", "--machines", "1", "--weeks", "0", "--hours", "1.2"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [(["--patients", "0"], "--patients"), (["--machines", "65"], "64"), (["--rate", "0"], "--rate 0"),
     (["--rate", "quick"], "--rate quick"), (["--rate", "nan"], "--rate nan"), (["--hours", "0"], "--hours"),
     (["--weeks", "-1"], "--weeks"), (["--picture", "day.gif"], "day.gif")],
)  # fmt: skip
def test_a_wrong_day_is_refused_in_a_line(
    wrong: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["emulate", "day", "--dry", *wrong]) == ExitCode.USAGE
    printed = capsys.readouterr()
    assert said in printed.err
    assert len(printed.err.splitlines()) == 1
    assert printed.out == ""


def test_a_day_is_one_object_and_a_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "day.svg"
    assert main([*SMALL, "--json", "--picture", str(picture)]) == ExitCode.OK
    found = json.loads(capsys.readouterr().out)
    assert found["ok"]
    assert found["reps_counted"] == found["reps_stored"] > 0
    assert "<svg" in picture.read_text()


def test_a_day_that_did_not_hold_is_one_object_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lost(day: Day) -> dict[str, Any]:
        return as_json(day) | {"ok": False, "lost": 1}

    monkeypatch.setattr("openspine.day.report.as_json", lost)
    assert main([*SMALL, "--json"]) == ExitCode.FAILED
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    assert (found["ok"], found["lost"]) == (False, 1)
    assert "the day did not hold" in printed.err


def test_emulate_itself_is_as_before(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["emulate"]) == ExitCode.USAGE
    assert "--scenario" in capsys.readouterr().err
    assert main(["emulate", "--help"]) == ExitCode.OK
    assert "day: A studio's day" in capsys.readouterr().out
