import json
from math import cos, tau
from pathlib import Path

import pytest

from emulator.recordings.column_map import ColumnMap, read_map
from openspine.__main__ import main
from openspine.broker import available_kinds
from openspine.outcome import ExitCode

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


@pytest.mark.parametrize("rate", ["0", "-1", "fast"])
def test_a_rate_that_is_none_is_a_wrong_command_line(rate: str, tmp_path: Path) -> None:
    assert main(["replay", str(tmp_path / "x.mcap"), f"--rate={rate}"]) == ExitCode.USAGE


def test_a_broker_needs_the_keys_of_its_studio(tmp_path: Path) -> None:
    assert main(["replay", str(tmp_path / "x.mcap"), "--broker", "127.0.0.1:1"]) == ExitCode.USAGE


def test_what_is_no_recording_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.mcap"
    path.write_text("no recording")
    assert main(["replay", str(path)]) == ExitCode.FAILED
    assert len(capsys.readouterr().err.splitlines()) == 1
