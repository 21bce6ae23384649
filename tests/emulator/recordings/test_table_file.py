import importlib
import importlib.util
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from emulator.recordings.column_map import BadFile
from emulator.recordings.table_file import Row, rows_of


def _parquet(path: Path, **columns: list[Any]) -> Path:
    arrow, parquet = importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    parquet.write_table(arrow.table(columns), path)
    return path


def _rows(path: Path, *wanted: str, delimiter: str = ",") -> list[Row | BadFile]:
    return list(rows_of(path, wanted, delimiter))


def test_rows_of_a_csv_are_numbered_as_an_editor_does(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\ufeffa, b,c\n1,2,3\n\n4,5\n")
    assert _rows(path, "c", "a") == [(2, ("3", "1")), (4, ("", "4"))]


def test_other_delimiters_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a;b\n1,5;2\n")
    assert _rows(path, "a", "b", delimiter=";") == [(2, ("1,5", "2"))]


def test_rows_of_parquet_are_numbered_from_one(tmp_path: Path) -> None:
    path = _parquet(tmp_path / "a.bin", a=[1, 2], b=[0.5, None], c=["x", "y"])
    assert _rows(path, "b", "a") == [(1, (0.5, 1)), (2, (None, 2))]


def test_a_missing_column_is_named_with_what_is_there(tmp_path: Path) -> None:
    [bad] = _rows(_parquet(tmp_path / "a.parquet", a=[1], b=[2]), "a", "z")
    assert isinstance(bad, BadFile)
    assert bad.column == "z"
    assert "the file has a, b" in str(bad)


def test_a_spoilt_parquet_file_says_so(tmp_path: Path) -> None:
    path = _parquet(tmp_path / "a.parquet", a=list(range(1_000)), when=[datetime(2026, 1, 1)] * 1_000)  # noqa: DTZ001
    data = path.read_bytes()
    for spoilt in (data[:200], data[:40] + b"\xff" * (len(data) - 80) + data[-40:]):
        path.write_bytes(spoilt)
        bad = _rows(path, "a")[-1]
        assert isinstance(bad, BadFile)
        assert "not a readable Parquet file" in str(bad)


def test_without_pyarrow_the_way_out_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _parquet(tmp_path / "a.parquet", a=[1])
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    [bad] = _rows(path, "a")
    assert "openspine[recordings]" in str(bad)


@pytest.mark.parametrize(
    ("content", "problem"), [(b"", "the file is empty"), (b"a\n" + b'"x' * 200_000, "no CSV")]
)
def test_a_csv_that_is_none_says_so(content: bytes, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert problem in str(_rows(path, "a")[-1])


def test_what_is_no_file_says_so(tmp_path: Path) -> None:
    assert "no such file" in str(_rows(tmp_path / "nowhere", "a")[0])
    assert "no such file" in str(_rows(tmp_path, "a")[0])
