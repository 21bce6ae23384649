import json
from pathlib import Path

import pytest

from emulator.recordings.column_map import ColumnMap, read_map
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
