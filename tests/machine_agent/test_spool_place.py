import sqlite3
from pathlib import Path

import pytest

from machine_agent.spool_file import SpoolFile
from machine_agent.spool_place import SpoolError, set_damaged_aside


@pytest.mark.parametrize(
    "content", [b"not a database at all" * 500, b"SQLite format 3\x00" + b"\xff" * 8_000, b""]
)
def test_a_damaged_file_is_renamed_and_a_new_stream_begins(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "spool.sqlite"
    path.write_bytes(content)
    file = SpoolFile(path)
    stream = file.stream
    assert file.beginning().spool_renamed
    assert (tmp_path / "spool.sqlite.damaged-1").read_bytes() == content
    file.close()
    again = SpoolFile(path)
    assert (again.stream, again.beginning().spool_renamed) == (stream, False)


def test_every_damaged_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "spool.sqlite"
    for number in (1, 2, 3):
        path.write_bytes(b"damaged %d" % number * 100)
        assert set_damaged_aside(path)
        assert path.with_name(f"{path.name}.damaged-{number}").read_bytes() == b"damaged %d" % number * 100
    assert not set_damaged_aside(path)


@pytest.mark.parametrize("is_there", [True, False])
def test_a_damaged_file_takes_its_log_along(tmp_path: Path, *, is_there: bool) -> None:
    if is_there:
        (tmp_path / "spool.sqlite").write_bytes(b"")
    (tmp_path / "spool.sqlite-wal").write_bytes(b"rows that only the log holds")
    file = SpoolFile(tmp_path / "spool.sqlite")
    assert file.renamed
    assert (tmp_path / "spool.sqlite.damaged-1-wal").read_bytes() == b"rows that only the log holds"
    assert (tmp_path / "spool.sqlite.damaged-1").exists() == is_there


def test_a_file_that_is_only_busy_is_not_damaged(tmp_path: Path) -> None:
    path = tmp_path / "spool.sqlite"
    SpoolFile(path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA journal_mode=DELETE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        set_damaged_aside(path)
    other.close()
    assert not set_damaged_aside(path)


def test_a_spool_belongs_to_one_process(tmp_path: Path) -> None:
    path = tmp_path / "spool.sqlite"
    file = SpoolFile(path)
    with pytest.raises(SpoolError, match="in use by another agent"):
        SpoolFile(path)
    file.close()
    SpoolFile(path).close()


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "folder.sqlite").mkdir()
    for path in (tmp_path / "file" / "spool.sqlite", tmp_path / "folder.sqlite"):
        with pytest.raises(SpoolError, match="cannot be used") as raised:
            SpoolFile(path)
        assert "\n" not in str(raised.value)
    assert (tmp_path / "folder.sqlite").is_dir()
