"""Where the spool lies: held by one process at a time; a damaged file is set aside, never thrown away."""

import fcntl
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import IO

BUSY_S = 0.5  # nobody else should hold the file: the lock is ours
DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class SpoolError(OSError):
    """The spool cannot be used; the text is one sentence for whoever looks after the machine."""


def hold(path: Path) -> IO[str]:
    """Make the folder and hold the spool for as long as the returned file is open, or raise `SpoolError`.

    The system lets go of it when the process ends, however it ends.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.with_name(f"{path.name}.lock").open("a", encoding="ascii")
    except OSError as error:
        raise SpoolError(f"the spool {path} cannot be used: {error}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise SpoolError(f"the spool {path} is in use by another agent") from error
    return lock


def set_damaged_aside(path: Path) -> Path | None:
    """Rename a file that SQLite cannot read, with the log that belongs to it; its new place when needed."""
    log = path.with_name(f"{path.name}-wal")
    if not (path.exists() or log.exists()) or _is_sound(path):
        return None
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    if path.exists():
        path.rename(aside)
    if log.exists():
        log.rename(aside.with_name(f"{aside.name}-wal"))
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    return aside


def _is_sound(path: Path) -> bool:
    """Read the whole file once; trouble that is not the file's own (no permission, no memory) is raised."""
    if not path.exists() or path.stat().st_size == 0:  # SQLite would begin anew and delete the log
        return False
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_S)) as db:
            (verdict,) = db.execute("PRAGMA quick_check").fetchone()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in DAMAGED:
            raise
        return False
    return bool(verdict == "ok")
