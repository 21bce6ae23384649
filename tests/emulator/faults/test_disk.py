"""A full disk refuses rows as SQLite does, keeps what it has, and takes rows again when there is room."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from spool_writer import record_of

from emulator.faults.disk import Disk, FillingFile
from machine_agent.spool_file import SPOOL_MOST_BYTES

ROWS = 200  # far more than the free pages of a new file hold


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def file(disk: Disk, tmp_path: Path) -> Iterator[FillingFile]:
    made = FillingFile(disk, tmp_path / "spool.sqlite", SPOOL_MOST_BYTES)
    yield made
    made.close()


def put(file: FillingFile, first: int) -> int:
    """Put rows until the file refuses; returns the next number."""
    for seq in range(first, first + ROWS):
        try:
            file.commit([record_of(file.stream, seq)], [], [])
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_FULL":
                raise
            return seq
    return first + ROWS


def test_without_a_fault_every_row_is_taken(file: FillingFile) -> None:
    assert put(file, 1) == ROWS + 1


def test_a_full_disk_refuses_and_loses_nothing(file: FillingFile, disk: Disk) -> None:
    file.commit([record_of(file.stream, 1)], [], [])
    disk.is_full = True
    refused = put(file, 2)
    assert refused <= ROWS
    assert [row.seq for row in file.waiting()] == list(range(1, refused))
    disk.is_full = False
    assert put(file, refused) == refused + ROWS
    assert [row.seq for row in file.waiting()] == list(range(1, refused + ROWS))
