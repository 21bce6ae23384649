import json
import math
from pathlib import Path

import pytest

from emulator.recordings.column_map import ColumnMap, read_map
from emulator.recordings.mcap_file import read_machines
from openspine.__main__ import main
from openspine.outcome import ExitCode


def test_a_missing_file_is_one_line_that_says_how_to_mend_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.mcap"
    code = main(["import", str(tmp_path / "none.csv"), "--map", "motor-leg-press", "-o", str(out)])
    assert code == ExitCode.FAILED
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1
    assert "none.csv: no such file; check the path" in printed.err
    assert not out.exists()


def test_an_unknown_map_names_the_shipped_ones(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    csv = tmp_path / "a.csv"
    csv.write_text("")
    assert (
        main(["import", str(csv), "--map", "nonsense", "-o", str(tmp_path / "out.mcap")]) == ExitCode.FAILED
    )
    assert "motor-leg-press" in capsys.readouterr().err


def test_a_good_file_becomes_a_recording(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    columns = read_map("motor-leg-press")
    assert isinstance(columns, ColumnMap)
    names = (columns.time_column, columns.angle_column, columns.torque_column)
    low, high = columns.angle_from
    step = 20 / columns.time_scale_ms
    rows = [(row * step, low + (high - low) * (row % 50) / 50, 1.0) for row in range(100)]
    csv = tmp_path / "a.csv"
    csv.write_text("\n".join([",".join(names), *(",".join(map(str, row)) for row in rows)]))
    out = tmp_path / "out.mcap"
    assert main(["import", str(csv), "--map", "motor-leg-press", "-o", str(out), "--json"]) == ExitCode.OK
    assert json.loads(capsys.readouterr().out)["samples"] == 100
    assert out.stat().st_size > 0


@pytest.fixture
def a_table(tmp_path: Path) -> Path:
    """Three repetitions of four seconds between 10 and 50 degrees, after a slow way to the start."""
    path = tmp_path / "table.csv"
    rows = ["time_s,angle_deg,torque_nm"]
    for step in range(1_000):
        now_s = step / 50
        share = (1 - math.cos(math.pi * (now_s - 5) / 2)) / 2 if 5 <= now_s < 17 else 0.0
        deg = min(2.5 * now_s, 10) if now_s < 5 else 10 + 40 * share
        rows.append(f"{now_s:.3f},{deg:.3f},{100 * share:.2f}")
    path.write_text("\n".join(rows))
    return path


def test_a_dry_run_says_what_is_in_it_and_writes_no_recording(
    a_table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "found.svg"
    asked = [
        "import",
        str(a_table),
        "--map",
        "angle-torque",
        "--dry-run",
        "--picture",
        str(picture),
        "--json",
    ]
    assert main(asked) == ExitCode.OK
    found = json.loads(capsys.readouterr().out)
    assert found["out"] is None
    assert [round(one["top_deg"]) for one in found["reps"]] == [50, 50, 50]
    assert [round(one["to_deg"]) for one in found["positioning"]] == [10]
    assert "3 repetitions" in picture.read_text()
    assert {one.name for one in tmp_path.iterdir()} == {"table.csv", "found.svg"}
    assert main(asked[:-3]) == ExitCode.OK
    assert "not a rep: " in capsys.readouterr().out


def test_machine_and_kind_are_chosen(a_table: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.mcap"
    asked = ["import", str(a_table), "--map", "angle-torque", "--machine", "neck-2", "-o", str(out)]
    assert main([*asked, "--kind", "neck_extension"]) == ExitCode.OK
    assert read_machines(out) == {"neck-2": "neck_extension"}
    assert main([*asked, "--kind", "arm_press"]) == ExitCode.FAILED


@pytest.mark.parametrize("wrong", [[], ["--dry-run", "-o", "out.mcap"]])
def test_either_a_recording_or_a_dry_run_is_asked_for(wrong: list[str], a_table: Path) -> None:
    assert main(["import", str(a_table), "--map", "angle-torque", *wrong]) == ExitCode.USAGE


def test_a_picture_that_cannot_be_written_is_refused_before_anything(a_table: Path, tmp_path: Path) -> None:
    asked = ["import", str(a_table), "--map", "angle-torque", "-o", str(tmp_path / "out.mcap"), "--picture"]
    assert main([*asked, str(tmp_path / "a.gif")]) == ExitCode.USAGE
    assert main([*asked, str(tmp_path / "no" / "a.png")]) == ExitCode.NOT_FOUND
    assert not (tmp_path / "out.mcap").exists()
