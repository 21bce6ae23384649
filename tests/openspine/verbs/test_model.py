import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from builders import an_envelope
from scripted_machine import ScriptedMachine
from scripted_studio import Studio, open_studio

from contract.envelope import Standing
from contract.messages import History
from ml import runner
from ml.request import Person, Request
from openspine.__main__ import main
from openspine.outcome import ExitCode
from services.coaching.history import studio_day
from services.store import tables


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


def test_a_request_or_a_day_and_nothing_else(logged: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for wrong in (
        [],
        [str(logged), "--day", "newest"],
        ["--day", "newest", "--verify", str(logged)],
        [str(logged), "--database", "sqlite:///x"],
    ):
        assert main(["decide", *wrong]) == ExitCode.USAGE
    told = capfd.readouterr()
    assert told.out == ""
    assert all(line.startswith("openspine: ") for line in told.err.splitlines())


def test_the_difference_is_named_place_by_place(
    logged: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    golden = tmp_path / "decision.json"
    golden.write_bytes(runner.decide(logged.read_bytes()).replace(b'"held":true', b'"held":false'))
    assert main(["decide", str(logged), "--verify", str(golden)]) == ExitCode.DIFFERS
    assert "  held: logged false, now true" in capfd.readouterr().err.splitlines()


def test_a_model_that_is_damaged_is_refused_with_its_reason(
    logged: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["decide", str(logged), "--artifact", str(tmp_path)]) == ExitCode.NOT_FOUND
    assert "card.json" in capfd.readouterr().err


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    yield from open_studio(f"sqlite:///{tmp_path / 'studio.sqlite'}", tmp_path)


def test_a_day_is_decided_again_and_days_without_decisions_are_not_found(
    studio: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = ScriptedMachine()
    studio.hear(machine.sign_in())
    outcome = studio.hear(machine.weigh(), machine.answer("pain_before", 2))
    studio.hear(*machine.train(studio.settings(machine, outcome)[0]))
    url = str(studio.engine.url)
    day = studio_day(machine.wall_ms, "Asia/Hong_Kong")
    for asked in (day, "newest"):
        assert main(["decide", "--day", asked, "--database", url, "--json"]) == ExitCode.OK
        told = json.loads(capsys.readouterr().out)
        assert (told["day"], told["zone"]) == (day, "Asia/Hong_Kong")
        assert told["equal"] == told["decisions"] == len(studio.rows(tables.decision)) > 2
    assert main(["decide", "--day", "newest", "--database", url]) == ExitCode.OK
    assert "decisions equal, byte for byte" in capsys.readouterr().out
    assert main(["decide", "--day", "2020-01-01", "--database", url]) == ExitCode.NOT_FOUND
    assert main(["decide", "--day", "yesterday", "--database", url]) == ExitCode.USAGE
