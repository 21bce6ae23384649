"""`bench queries` and `bench growth`: what is asked wrongly is one line; a small store is measured whole."""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from openspine.__main__ import main
from openspine.bench.questions import QUESTIONS
from openspine.outcome import ExitCode


@pytest.fixture
def folder() -> Iterator[Path]:
    """Make a folder into which the database's own user may look, other than those of tests."""
    with TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.parametrize(
    "wrong",
    [
        ["queries", "--patients", "3"],
        ["queries", "--runs", "0"],
        ["growth", "--machines", "0"],
        ["growth", "--reps", "5"],
    ],
)
def test_a_size_that_cannot_be_is_refused(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", *wrong]) == ExitCode.USAGE
    assert "at least" in capsys.readouterr().err


@pytest.mark.slow
def test_a_small_store_is_filled_kept_and_measured(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = ["--patients", "48", "--reps", "4000", "--keep", str(folder), "--json"]
    main(["bench", "queries", *small, "--runs", "1"])
    queries = json.loads(capsys.readouterr().out)
    assert queries.get("error") is None
    assert queries["held"]["patients"] == 48
    assert len(queries["questions"]) == len(QUESTIONS)  # no table is large here: test_scans plants a scan
    main(["bench", "growth", *small, "--machines", "2", "--sessions", "1"])
    growth = json.loads(capsys.readouterr().out)
    assert growth["held"] == queries["held"]
    assert set(growth["a_message"]) == {"rep", "decision", "sign_in"}
