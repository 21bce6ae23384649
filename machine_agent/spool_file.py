"""The spool on disk: SQLite, WAL, `synchronous=FULL`; a row leaves only when the service has committed it."""

import shutil
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from contract import codec
from contract.messages import Ack, Event, Message, Rep
from machine_agent import spool_place, spool_rescue
from machine_agent.agent.effects import Keep, KeepHalt, KeepPlan, Record
from machine_agent.agent.states import State
from machine_agent.agent.station import Beginning, OpenSet
from machine_agent.spool_place import SpoolError
from machine_agent.spool_rescue import Left
from machine_agent.window import Waiting

SPOOL_MOST_BYTES = 256 * 1024 * 1024  # protocol page, "Delivery"
CURVES_GO_PERCENT, FULL_PERCENT = 80, 100
RUNNING_BYTES = 256 * 1024  # of the disk: left to the session that runs when the spool says that it is full
CURVES_AT_ONCE = 200  # curves dropped per transaction, so that new rows never wait long
LATCHES_KEPT = 4_096  # newest first; not by date: a clock that jumps must not make a latch forgotten
PLANS_MOST_MS = 42 * 86_400_000  # protocol page, "Offline": no plan is kept longer
LOG_PAGES = 100  # of 4 kB: the write-ahead log goes into the file after these, and is cut to them
_OPEN_SET = msgspec.json.Decoder(OpenSet)
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS spool (
    seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, session TEXT, payload BLOB NOT NULL, rejected TEXT);
CREATE TABLE IF NOT EXISTS curve (seq INTEGER PRIMARY KEY, figures BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS oversize (seq INTEGER PRIMARY KEY, payload BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS latch (
    subject TEXT, day INTEGER, latch TEXT, PRIMARY KEY (subject, day, latch));
CREATE TABLE IF NOT EXISTS plan (subject TEXT PRIMARY KEY, kept_ms INTEGER NOT NULL, sealed BLOB NOT NULL);
"""
Kept = Keep | KeepPlan | KeepHalt


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What the agent is told after each commit."""

    rows: int
    fill_percent: int
    reps: int = 0  # of the rows


class SpoolFile:
    """One SQLite file; used by one thread at a time, held by one process at a time.

    Curves lie apart from their rows: dropping them gives whole pages back, and a row is never written twice.
    Raises `SpoolError` when the place cannot be used.
    """

    def __init__(self, path: Path, most_bytes: int = SPOOL_MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._folder = path.parent
        self._lock = spool_place.hold(path)
        self.rows = self.reps = 0
        try:
            aside = spool_place.set_damaged_aside(path)
            self._db = _open(path)
            left = None if aside is None else spool_rescue.left_in(aside)
            self.stream = self._meta("stream") or self._begin(left)
            waiting = self.waiting()
        except (OSError, sqlite3.Error) as error:
            self._lock.close()
            raise SpoolError(f"the spool {path} cannot be used: {error}") from error
        self.renamed = aside is not None
        self.has_forgotten = left is not None and not left.is_whole
        self.rows = len(waiting)
        self.reps = sum(row.kind == "rep" for row in waiting)

    def beginning(self) -> Beginning:
        """Say where the spool stands."""
        left = self._meta("open_set")
        latches = self._db.execute("SELECT subject, day, latch FROM latch").fetchall()
        plans = self._db.execute("SELECT subject, kept_ms, sealed FROM plan").fetchall()
        halted = self._meta("halted")
        return Beginning(
            stream=self.stream,
            next_seq=int(self._meta("last_seq") or 0) + 1,
            open_set=_OPEN_SET.decode(left) if left else None,
            latches=tuple(latches),
            plans=tuple(plans),
            halted=State(halted) if halted else None,
            spool_renamed=self.renamed,
            has_forgotten=self.has_forgotten,
        )

    def waiting(self) -> list[Waiting]:
        """List the rows that the service has not committed, by seq."""
        rows = self._db.execute("SELECT seq, kind, session FROM spool WHERE rejected IS NULL ORDER BY seq")
        return [Waiting(seq=seq, kind=kind, session=session) for seq, kind, session in rows]

    def payloads(self, seqs: Sequence[int]) -> list[tuple[str, bytes]]:
        """Read rows back as (kind, bytes); committed and rejected ones are left out."""
        query = "SELECT kind, payload, figures FROM spool LEFT JOIN curve USING (seq)"
        read = self._db.execute
        rows = [read(f"{query} WHERE seq = ? AND rejected IS NULL", (seq,)).fetchone() for seq in seqs]
        return [(row[0], _whole(row[1], row[2])) for row in rows if row is not None]

    def commit(self, records: Iterable[Record], keeps: Iterable[Kept], acks: Iterable[Ack]) -> None:
        """Do all of this in one transaction: after it returns, it is on disk."""
        with self._transaction():
            for record in records:
                self._append(record)
            for keep in keeps:
                match keep:
                    case Keep():
                        self._keep(keep)
                    case KeepPlan():
                        self._keep_plan(keep)
                    case KeepHalt():
                        self._keep_halt(keep)
            for ack in acks:
                self._take(ack)

    def health(self) -> Health:
        """Say how much waits; above 80 % the curves of old reps are dropped first."""
        percent = self._fill_percent()
        if percent >= CURVES_GO_PERCENT:
            self._drop_curves()
            percent = self._fill_percent()
        return self.full(percent)

    def full(self, percent: int) -> Health:
        """Say how much waits, and that the spool is as full as this."""
        return Health(rows=self.rows, reps=self.reps, fill_percent=percent)

    def make_room(self) -> None:
        """Give back what the log takes of a disk that refuses; whether it helps, the next commit tells."""
        with suppress(sqlite3.OperationalError):
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the file and let go of it."""
        self._db.close()
        self._lock.close()

    def _begin(self, left: Left | None) -> str:
        """Begin a stream, with what is left of the file before: all of it, or the file has not begun."""
        with self._transaction():
            if left is not None:
                self._db.executemany("INSERT OR IGNORE INTO latch VALUES (?, ?, ?)", left.latches)
                self._db.executemany("INSERT OR REPLACE INTO plan VALUES (?, ?, ?)", left.plans)
                self._keep_halt(KeepHalt(state=left.halted))
            return self._set_meta("stream", self._new_stream())

    def _new_stream(self) -> str:
        return str(uuid.uuid4())

    def _append(self, record: Record) -> None:
        message, curve = _apart(record.message)
        head, payload = message.head, codec.encode(message)
        kind: str = head.kind
        if len(payload) > codec.UP_LIMIT_BYTES:
            self._db.execute("INSERT INTO oversize VALUES (?, ?)", (head.seq, payload))
            kind, payload, curve = "event", _in_its_place(message, len(payload)), None
        row = (head.seq, kind, head.session, payload)
        self._db.execute("INSERT INTO spool (seq, kind, session, payload) VALUES (?, ?, ?, ?)", row)
        if curve is not None and len(payload) + len(curve) <= codec.UP_LIMIT_BYTES:
            self._db.execute("INSERT INTO curve VALUES (?, ?)", (head.seq, curve))
        self.rows += 1
        self.reps += kind == "rep"
        self._set_meta("last_seq", str(head.seq))
        if record.open_set is None:
            self._db.execute("DELETE FROM meta WHERE key = 'open_set'")
        else:
            self._set_meta("open_set", msgspec.json.encode(record.open_set).decode())

    def _keep(self, keep: Keep) -> None:
        entry = (keep.subject, keep.day, keep.latch)
        self._db.execute("INSERT OR IGNORE INTO latch VALUES (?, ?, ?)", entry)
        oldest = "(SELECT max(rowid) - ? FROM latch)"
        self._db.execute(f"DELETE FROM latch WHERE rowid <= {oldest}", (LATCHES_KEPT,))  # noqa: S608 - no input

    def _keep_plan(self, keep: KeepPlan) -> None:
        self._db.execute("DELETE FROM plan WHERE kept_ms < ?", (keep.kept_ms - PLANS_MOST_MS,))
        self._db.execute("DELETE FROM plan WHERE subject = ?", (keep.subject,))
        if keep.sealed:
            entry = (keep.subject, keep.kept_ms, keep.sealed)
            self._db.execute("INSERT INTO plan VALUES (?, ?, ?)", entry)

    def _keep_halt(self, keep: KeepHalt) -> None:
        if keep.state is None:
            self._db.execute("DELETE FROM meta WHERE key = 'halted'")
        else:
            self._set_meta("halted", keep.state.value)

    def _take(self, ack: Ack) -> None:
        if ack.stream != self.stream:
            return
        for rejected in ack.rejected:
            self._leave(
                "UPDATE spool SET rejected = ? WHERE seq = ? AND rejected IS NULL RETURNING kind",
                (rejected.reason, rejected.seq),
            )
        low = 0
        for first, last in sorted(ack.missing):
            self._delete(low, min(first - 1, ack.upto))
            low = last + 1
        self._delete(low, ack.upto)

    def _delete(self, low: int, high: int) -> None:
        bounds = (low, high)
        self._leave("DELETE FROM spool WHERE seq BETWEEN ? AND ? AND rejected IS NULL RETURNING kind", bounds)
        orphan = "NOT EXISTS (SELECT 1 FROM spool WHERE spool.seq = curve.seq)"
        self._db.execute(f"DELETE FROM curve WHERE seq BETWEEN ? AND ? AND {orphan}", bounds)  # noqa: S608 - no input

    def _leave(self, statement: str, values: tuple[object, ...]) -> None:
        """Let rows wait no more, and count them."""
        kinds = [kind for (kind,) in self._db.execute(statement, values)]
        self.rows -= len(kinds)
        self.reps -= kinds.count("rep")

    def _drop_curves(self) -> None:
        oldest = "SELECT seq FROM curve ORDER BY seq LIMIT ?"
        with self._transaction():
            self._db.execute(f"DELETE FROM curve WHERE seq IN ({oldest})", (CURVES_AT_ONCE,))  # noqa: S608 - no input

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        before = self.rows, self.reps
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            self.rows, self.reps = before
            if self._db.in_transaction:  # a full disk has ended it by itself
                self._db.execute("ROLLBACK")
            raise

    def _fill_percent(self) -> int:
        """Say how full the spool is: of its bound, or of what the disk has left when that is less."""
        (pages,) = self._db.execute("PRAGMA page_count").fetchone()
        (free,) = self._db.execute("PRAGMA freelist_count").fetchone()
        (size,) = self._db.execute("PRAGMA page_size").fetchone()
        used = (pages - free) * size
        room = free * size + shutil.disk_usage(self._folder).free - RUNNING_BYTES
        return int(min(used * 100 // max(min(self._most_bytes, used + room), 1), FULL_PERCENT))

    def _meta(self, key: str) -> str | None:
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def _set_meta(self, key: str, value: str) -> str:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
        return value


def _open(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute(f"PRAGMA wal_autocheckpoint={LOG_PAGES}")
    db.execute(f"PRAGMA journal_size_limit={LOG_PAGES * 4_096}")
    db.executescript(_SCHEMA)
    return db


def _apart(message: Message) -> tuple[Message, bytes | None]:
    """Part a rep from its curve."""
    body = message.body
    if not isinstance(body, Rep) or body.curve is None:
        return message, None
    return replace(message, body=replace(body, curve=None)), msgspec.json.encode(body.curve)


def _whole(payload: bytes, figures: bytes | None) -> bytes:
    if figures is None:
        return payload
    fields = msgspec.json.decode(payload, type=dict[str, msgspec.Raw])
    return msgspec.json.encode(fields | {"curve": msgspec.Raw(figures)})


def _in_its_place(message: Message, size_bytes: int) -> bytes:
    """Write the event that travels instead of a row that is too large: its number leaves no gap."""
    text = f"row {message.head.seq} ({message.head.kind}, {size_bytes} bytes) is too large; it stays here"
    head = replace(message.head, kind="event")
    return codec.encode(Message(head=head, body=Event(what="spool", detail=text)))
