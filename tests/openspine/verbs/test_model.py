import json
from pathlib import Path

import msgspec
import pytest
from builders import an_envelope

from contract.envelope import Standing
from contract.messages import History
from ml import runner
from ml.request import Person, Request
from openspine.__main__ import main
from openspine.outcome import ExitCode


@pytest.fixture
def logged(tmp_path: Path) -> Path:
    history = History(day_start_g=0, median3_g=0, peak_cdeg=0, last_regular_g=0)
    request = Request(
        occasion="plan",
        now_ms=1_790_000_000_000,
        kind="lumbar_extension",
        side="both",
        profile="rehab",
        person=Person(age_years=41, sex="male", mass_kg=78.0, baseline_nrs=2),
        visit=1,
        session_number=1,
        envelope=an_envelope(),
        standing=Standing(history=history),
        flags=(),
        ceiling_g=0,
        current=None,
        next_set=1,
    )
    path = tmp_path / "request.json"
    path.write_bytes(runner.write(request))
    return path


def test_a_logged_request_gives_the_same_bytes_again(
    logged: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["decide", str(logged)]) == ExitCode.OK
    first = capfdbinary.readouterr().out
    assert first == runner.decide(logged.read_bytes()) + b"\n"
    golden = tmp_path / "decision.json"
    golden.write_bytes(first)
    assert main(["decide", str(logged), "--verify", str(golden)]) == ExitCode.OK
    assert capfdbinary.readouterr().out == first


def test_a_decision_that_differs_from_the_logged_one_ends_with_5(logged: Path, tmp_path: Path) -> None:
    golden = tmp_path / "decision.json"
    golden.write_bytes(msgspec.json.encode({"other": 1}))
    assert main(["decide", str(logged), "--verify", str(golden)]) == ExitCode.DIFFERS


def test_what_is_no_request_is_refused_with_a_reason(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "request.json"
    path.write_text("{}")
    assert main(["decide", str(path)]) == ExitCode.FAILED
    assert json.loads(capfd.readouterr().out)["refused"]


def test_a_file_that_is_not_there_ends_with_3(tmp_path: Path) -> None:
    assert main(["decide", str(tmp_path / "none.json")]) == ExitCode.NOT_FOUND


def test_training_writes_model_and_card(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    command = ["train", "--people", "120", "--seed", "3", "--out", str(tmp_path), "--json"]
    assert main(command) == ExitCode.OK
    result = json.loads(capfd.readouterr().out)
    assert result["people"] == 120
    assert json.loads((tmp_path / "card.json").read_text())["sha256"] == result["sha256"]
