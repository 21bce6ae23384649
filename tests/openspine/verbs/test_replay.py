import io
import json
import os
import pty
import select
import subprocess
import sys
import time
from math import cos, tau
from pathlib import Path

import pytest
from day_kitchen import DAY, GOLDEN, PEOPLE

from emulator.recordings.column_map import ColumnMap, read_map
from openspine.__main__ import main
from openspine.broker.embedded import available_kinds
from openspine.outcome import ExitCode
from openspine.verbs.replay import Options, span_ms

REPS, REP_S, REST_S = 3, 5.0, 2.0
MAP = "motor-leg-press"


def recorded(folder: Path) -> Path:
    """Write three full repetitions of the leg press as a foreign CSV, and import it."""
    columns = read_map(MAP)
    assert isinstance(columns, ColumnMap)
    low, high = columns.angle_from
    lines = [f"{columns.time_column},{columns.angle_column},{columns.torque_column}"]
    for row in range(round((REST_S + REPS * REP_S + REST_S) * 50)):
        moving_s = min(max(row / 50 - REST_S, 0.0), REPS * REP_S)
        share = (1 - cos(tau * moving_s / REP_S)) / 2
        lines.append(
            f"{row * 20 / columns.time_scale_ms:.3f},{low + share * (high - low):.2f},{50 + row % 7}"
        )
    csv = folder / "stream.csv"
    csv.write_text("\n".join(lines))
    out = folder / "stream.mcap"
    assert main(["import", str(csv), "--map", MAP, "-o", str(out)]) == ExitCode.OK
    return out


@pytest.mark.broker
@pytest.mark.skipif(not available_kinds(), reason="needs an MQTT broker")
def test_every_rep_of_a_recording_is_counted_stored_and_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recording = recorded(tmp_path)
    capsys.readouterr()
    assert main(["replay", str(recording), "--rate", "max", "--json"]) == ExitCode.OK
    result = json.loads(capsys.readouterr().out)
    assert result["reps_counted"] == result["reps_stored"] == REPS
    assert result["adjustments"] >= 1
    assert all(end - start == pytest.approx(90, rel=0.05) for start, end in result["reps"])


@pytest.mark.parametrize("rate", ["0", "-1", "fast", "nan"])
def test_a_rate_that_is_none_is_a_wrong_command_line(rate: str, tmp_path: Path) -> None:
    assert main(["replay", str(tmp_path / "x.mcap"), f"--rate={rate}"]) == ExitCode.USAGE


def test_a_broker_needs_the_keys_of_its_studio(tmp_path: Path) -> None:
    assert main(["replay", str(recorded(tmp_path)), "--broker", "127.0.0.1:1"]) == ExitCode.USAGE


@pytest.mark.parametrize(
    "options",
    [
        ["--root", "real"],
        ["--topics", "openspine/v1/rotation-1/up/rep"],
        ["--exclude", "openspine/v1/+/up/#"],
        ["--broker", "127.0.0.1:1883/openspine"],
        ["--root=real", "--broker", "127.0.0.1:1883"],
    ],
)
def test_real_machines_are_refused_with_the_reason(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Hazard h17: a replay must never reach a real machine."""
    assert main(["replay", str(DAY), *options]) == ExitCode.USAGE
    assert "a replay never reaches a real machine" in capsys.readouterr().err


def test_the_credentials_of_a_real_machine_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "passwords.toml"
    path.write_text('sim-extension-1 = "a"\nextension-1 = "b"\n')
    options = ["--broker", "127.0.0.1:1", "--passwords", str(path)]
    assert main(["replay", str(DAY), *options]) == ExitCode.USAGE
    assert "extension-1 is no name of the simulation" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--until", "5", "--duration", "5"], "give one"),
        (["--start", "5", "--until", "5"], "nothing lies between"),
        (["--start=-1"], "nothing lies between"),
        (["--start", "5", "--duration=-1"], "nothing lies between"),
        (["--pause"], "needs a terminal"),
        (["--loop", "--verify", str(GOLDEN)], "never ends"),
        (["--clock", "wall", "--write-golden", "x.jsonl"], "nothing to compare"),
        (["--tls"], "belong to --broker"),
        (["--people", str(PEOPLE), "--broker", "127.0.0.1:1"], "studio of its own"),
    ],
)
def test_what_contradicts_itself_is_a_wrong_command_line(
    options: list[str], reason: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(["replay", str(DAY), *options]) == ExitCode.USAGE
    assert reason in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "span"),
    [
        (Options(), (0, None)),
        (Options(start=5), (5_000, None)),
        (Options(until=2.5), (0, 2_500)),
        (Options(start=5, duration=10), (5_000, 15_000)),
        (Options(start=5, until=10), (5_000, 10_000)),
    ],
)
def test_a_part_is_between_seconds_of_the_recording(options: Options, span: tuple[int, int | None]) -> None:
    assert span_ms(options) == span


@pytest.mark.parametrize(
    "options",
    [["--loop"], ["--pause"], ["--topics=up/rep"], ["--exclude=up/rep"], ["--verify", str(GOLDEN)]],
)
def test_what_only_messages_have_is_refused_for_samples(options: list[str], tmp_path: Path) -> None:
    assert main(["replay", str(recorded(tmp_path)), *options]) == ExitCode.USAGE


@pytest.mark.parametrize(
    "options", [["--exclude", "up/#"], ["--start", "1000000"], ["--topics", "nobody/up/rep"]]
)
def test_nothing_to_play_is_said_in_one_line(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(DAY), *options]) == ExitCode.FAILED
    said = capsys.readouterr().err
    assert "no message of a machine to play" in said
    assert len(said.splitlines()) == 1


def test_a_recording_that_was_cut_off_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "cut.mcap"
    path.write_bytes(DAY.read_bytes()[:20_000])
    assert main(["replay", str(path)]) == ExitCode.FAILED
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert "rec repair" in said


@pytest.mark.parametrize(
    ("content", "code"), [(None, ExitCode.NOT_FOUND), ("[nothing", ExitCode.FAILED), ("{}", ExitCode.FAILED)]
)
@pytest.mark.parametrize("option", ["--verify", "--people", "--passwords"])
def test_a_bad_file_beside_the_recording_is_said_in_one_line(
    option: str, content: str | None, code: ExitCode, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x"
    if content is not None:
        path.write_text(content)
    at = ["--broker", "127.0.0.1:1"] if option == "--passwords" else []
    assert main(["replay", str(DAY), option, str(path), *at]) == code
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_nobody_at_the_broker_is_said_with_exit_code_4(
    free_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--broker", f"127.0.0.1:{free_port}", "--json"]
    assert main(["replay", str(DAY), *options]) == ExitCode.UNREACHABLE
    told = capsys.readouterr()
    assert json.loads(told.out)["played_as"] == "messages"
    assert str(free_port) in told.err


@pytest.mark.slow
@pytest.mark.broker
@pytest.mark.skipif(not available_kinds(), reason="needs an MQTT broker")
def test_keys_of_a_terminal_rule_a_replay_into_a_studio_of_its_own() -> None:
    ours, theirs = pty.openpty()
    options = ["--rate=max", "--pause", "--people", str(PEOPLE), "--verify", str(GOLDEN), "--json"]
    child = subprocess.Popen(
        [sys.executable, "-m", "openspine", "replay", str(DAY), *options],
        stdin=theirs,
        stderr=theirs,
        stdout=subprocess.PIPE,
    )
    os.close(theirs)
    shown = Shown(ours)
    shown.wait_for("paused, lag 0.0 s, sent 0, acknowledged 0")
    os.write(ours, b"sss")  # the statuses of two machines, and the first sign-in
    shown.wait_for("paused, lag 0.0 s, sent 1, acknowledged 1")
    os.write(ours, b"-")
    os.write(ours, b"\x1b[A ")  # the rate down and up again, and on
    shown.wait_for("max, lag 0.0 s, sent 155, acknowledged 155")
    told, _ = child.communicate(timeout=60)
    os.close(ours)
    assert child.returncode == ExitCode.OK
    result = json.loads(told)
    assert result["verified"]["is_same"]
    assert result["verified"]["equal"] == result["decided"] == len(GOLDEN.read_bytes().splitlines())


class Shown:
    """What a terminal shows."""

    def __init__(self, file: int) -> None:
        self._file, self._text = file, ""

    def wait_for(self, wanted: str) -> None:
        deadline = time.monotonic() + 120
        while wanted not in self._text:
            assert time.monotonic() < deadline, self._text[-2_000:]
            readable, _, _ = select.select([self._file], [], [], 1)
            if readable:
                self._text += os.read(self._file, 65_536).decode()


def test_what_is_no_recording_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.mcap"
    path.write_text("no recording")
    assert main(["replay", str(path)]) == ExitCode.FAILED
    assert len(capsys.readouterr().err.splitlines()) == 1
