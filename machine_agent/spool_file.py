"""The spool on disk: SQLite, WAL, `synchronous=FULL`; a row leaves only when the service has committed it."""

import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from contract import codec
from contract.messages import Ack
from machine_agent.agent.effects import Keep, Record
from machine_agent.agent.station import Beginning, OpenSet
from machine_agent.window import Waiting

SPOOL_MOST_BYTES = 256 * 1024 * 1024  # protocol page, "Delivery"
CURVES_GO_PERCENT = 80
CURVES_AT_ONCE = 200  # rows thinned per transaction, so that new rows never wait long
LATCH_DAYS = 2  # latches of earlier days mean nothing any more
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS spool (
    seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, session TEXT, payload BLOB NOT NULL, rejected TEXT,
    thin INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS latch (
    subject TEXT, day INTEGER, latch TEXT, PRIMARY KEY (subject, day, latch));
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What the agent is told after each commit."""

    rows: int
    fill_percent: int
    reps: int = 0  # of the rows


class SpoolFile:
    """One SQLite file; used by one thread at a time."""

    def __init__(self, path: Path, most_bytes: int = SPOOL_MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        path.parent.mkdir(parents=True, exist_ok=True)
        self.renamed = _set_damaged_aside(path)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(_SCHEMA)
        self.stream = self._meta("stream") or self._set_meta("stream", str(uuid.uuid4()))
        self.rows = len(self.waiting())

    def beginning(self) -> Beginning:
        """Say where the spool stands."""
        left = self._meta("open_set")
        latches = self._db.execute("SELECT subject, day, latch FROM latch").fetchall()
        return Beginning(
            stream=self.stream,
            next_seq=int(self._meta("last_seq") or 0) + 1,
            open_set=msgspec.json.decode(left, type=OpenSet) if left else None,
            latches=tuple(latches),
            spool_renamed=self.renamed,
        )

    def waiting(self) -> list[Waiting]:
        """List the rows that the service has not committed, by seq."""
        rows = self._db.execute("SELECT seq, kind, session FROM spool WHERE rejected IS NULL ORDER BY seq")
        return [Waiting(seq=seq, kind=kind, session=session) for seq, kind, session in rows]

    def payloads(self, seqs: Sequence[int]) -> list[tuple[str, bytes]]:
        """Read rows back as (kind, bytes); committed ones are left out."""
        read = self._db.execute
        rows = [read("SELECT kind, payload FROM spool WHERE seq = ?", (seq,)).fetchone() for seq in seqs]
        return [(kind, payload) for row in rows if row is not None for kind, payload in (row,)]

    def commit(self, records: Iterable[Record], keeps: Iterable[Keep], acks: Iterable[Ack]) -> None:
        """Do all of this in one transaction: after it returns, it is on disk."""
        with self._transaction():
            for record in records:
                self._append(record)
            for keep in keeps:
                self._db.execute("DELETE FROM latch WHERE day < ?", (keep.day - LATCH_DAYS,))
                entry = (keep.subject, keep.day, keep.latch)
                self._db.execute("INSERT OR IGNORE INTO latch VALUES (?, ?, ?)", entry)
            for ack in acks:
                self._take(ack)

    def health(self) -> Health:
        """Say how much waits; above 80 % the curves of old reps are dropped first."""
        percent = self._fill_percent()
        if percent >= CURVES_GO_PERCENT:
            self._thin()
            percent = self._fill_percent()
        return Health(rows=self.rows, fill_percent=percent)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _append(self, record: Record) -> None:
        head = record.message.head
        self._db.execute(
            "INSERT INTO spool (seq, kind, session, payload) VALUES (?, ?, ?, ?)",
            (head.seq, head.kind, head.session, codec.encode(record.message)),
        )
        self.rows += 1
        self._set_meta("last_seq", str(head.seq))
        if record.open_set is None:
            self._db.execute("DELETE FROM meta WHERE key = 'open_set'")
        else:
            self._set_meta("open_set", msgspec.json.encode(record.open_set).decode())

    def _take(self, ack: Ack) -> None:
        if ack.stream != self.stream:
            return
        for rejected in ack.rejected:
            self.rows -= self._db.execute(
                "UPDATE spool SET rejected = ? WHERE seq = ? AND rejected IS NULL",
                (rejected.reason, rejected.seq),
            ).rowcount
        low = 0
        for first, last in sorted(ack.missing):
            self._delete(low, min(first - 1, ack.upto))
            low = last + 1
        self._delete(low, ack.upto)

    def _delete(self, low: int, high: int) -> None:
        self.rows -= self._db.execute(
            "DELETE FROM spool WHERE seq BETWEEN ? AND ? AND rejected IS NULL", (low, high)
        ).rowcount

    def _thin(self) -> None:
        rows = self._db.execute(
            "SELECT seq, payload FROM spool WHERE kind = 'rep' AND thin = 0 ORDER BY seq LIMIT ?",
            (CURVES_AT_ONCE,),
        ).fetchall()
        with self._transaction():
            for seq, payload in rows:
                fields = msgspec.json.decode(payload)
                fields.pop("curve", None)
                self._db.execute(
                    "UPDATE spool SET payload = ?, thin = 1 WHERE seq = ?", (msgspec.json.encode(fields), seq)
                )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        before = self.rows
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            self.rows = before
            if self._db.in_transaction:  # a full disk has ended it by itself
                self._db.execute("ROLLBACK")
            raise

    def _fill_percent(self) -> int:
        (pages,) = self._db.execute("PRAGMA page_count").fetchone()
        (free,) = self._db.execute("PRAGMA freelist_count").fetchone()
        (size,) = self._db.execute("PRAGMA page_size").fetchone()
        return int((pages - free) * size * 100 // self._most_bytes)

    def _meta(self, key: str) -> str | None:
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def _set_meta(self, key: str, value: str) -> str:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
        return value


def _set_damaged_aside(path: Path) -> bool:
    """Rename a file that SQLite cannot read; True when that was needed."""
    if not path.exists() or _is_sound(path):
        return False
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    path.rename(aside)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    return True


def _is_sound(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path)) as db:
            (verdict,) = db.execute("PRAGMA quick_check").fetchone()
    except sqlite3.DatabaseError:
        return False
    return bool(verdict == "ok")
