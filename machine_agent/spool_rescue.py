"""What can still be read in a spool that was set aside: nothing of today is forgotten that lies there."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from machine_agent.agent.latches import is_latch
from machine_agent.agent.states import STANDING_STILL, State

_HALTS = {state.value: state for state in STANDING_STILL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Latches, sealed plans and the halt of a damaged file; `is_whole`: no latch is missing.

    Where nothing tells whether the machine stood still, it did: FAULT.
    """

    latches: tuple[tuple[str, int, str], ...]
    plans: tuple[tuple[str, int, bytes], ...]
    halted: State | None
    is_whole: bool


def left_in(aside: Path) -> Left:
    """Read a damaged file, and the log that belongs to it, without changing either."""
    try:
        with _opened(aside) as db:
            latches, is_whole = _rows(db, "latch", "subject, day, latch")
            plans, _ = _rows(db, "plan", "subject, kept_ms, sealed")
            meta, is_told = _rows(db, "meta", "key, value")
    except (OSError, sqlite3.Error):  # it cannot even be opened
        latches, plans, meta, is_whole, is_told = [], [], [], False, False
    good = [row for row in latches if _is_of(row, str, int, str) and is_latch(row[2])]
    halted: object = dict(meta).get("halted")
    return Left(
        latches=tuple(good),
        plans=tuple(row for row in plans if _is_of(row, str, int, bytes)),
        halted=_HALTS.get(str(halted), State.FAULT) if halted is not None or not is_told else None,
        is_whole=is_whole and len(good) == len(latches),
    )


@contextmanager
def _opened(aside: Path) -> Iterator[sqlite3.Connection]:
    """Open the file for reading, with a copy of its log: SQLite tidies a log up, also when it only reads."""
    log = aside.with_name(f"{aside.name}-wal")
    with TemporaryDirectory(dir=aside.parent) as folder:
        place = Path(folder).absolute() / "spool"
        place.hardlink_to(aside)
        if log.exists():
            shutil.copyfile(log, place.with_name("spool-wal"))
        with closing(sqlite3.connect(f"{place.as_uri()}?mode=ro", uri=True)) as db:
            yield db


def _rows(db: sqlite3.Connection, table: str, columns: str) -> tuple[list[tuple[Any, ...]], bool]:
    """Read the table and its index: what one has lost may stand in the other; True when one is whole."""
    found: dict[tuple[Any, ...], None] = {}
    is_whole = False
    for way in ("NOT INDEXED", f"ORDER BY {columns}"):
        try:
            for row in db.execute(f"SELECT {columns} FROM {table} {way}"):  # noqa: S608 - no input
                found[row] = None
            is_whole = True
        except sqlite3.DatabaseError:
            continue
    return list(found), is_whole


def _is_of(row: tuple[Any, ...], *kinds: type) -> bool:
    return all(isinstance(value, kind) for value, kind in zip(row, kinds, strict=True))
