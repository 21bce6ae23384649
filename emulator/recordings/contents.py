"""What a recording holds: times, topics, machines, sessions, gaps, versions, and whether it is whole."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import msgspec

from contract import recording, topics
from contract.recording import Record
from emulator.recordings.mcap_file import GAP, MACHINE, NoRecording
from emulator.recordings.repair import Survey, survey
from emulator.recordings.repeats import Repeats
from emulator.recordings.salvage import Found, Shape
from emulator.recordings.schemas import channel_schema


class Named(msgspec.Struct):
    """What a message says of itself, as far as it does; anything else is left alone."""

    kind: str = ""
    v: int | None = None
    stream: str | None = None
    seq: int | None = None
    session: str | None = None


_NAMED = msgspec.json.Decoder(Named)


@dataclass(slots=True, kw_only=True)
class SessionFound:
    """One session: whose machine, when (log time, ms), and how much was done."""

    session: str
    machine: str
    from_ms: int
    until_ms: int
    reps: int = 0
    sets: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What was found in a file; log times in ms, gaps and missing rows as (from, until) including both."""

    file: str
    size_bytes: int
    is_whole: bool
    source: str
    software: str
    messages: int
    from_ms: int | None
    until_ms: int | None
    duration_s: float
    topics: Mapping[str, int]
    machines: Mapping[str, str]
    sessions: tuple[SessionFound, ...]
    gaps: tuple[tuple[int, int], ...]
    missing_rows: Mapping[str, tuple[tuple[int, int], ...]]  # by stream, within what was recorded
    repeated_rows: int  # came again with the same (origin, machine, stream, seq); counted in no session
    protocol_versions: tuple[int, ...]
    other_schemas: tuple[str, ...]  # channels whose schema inside is not that of this version of the project
    unreadable: int
    lost_bytes: int


@dataclass(slots=True, kw_only=True)
class _Counts:
    topics: Counter[str] = field(default_factory=Counter)
    sessions: dict[str, SessionFound] = field(default_factory=dict)
    seqs: dict[str, set[int]] = field(default_factory=dict)
    repeats: Repeats = field(default_factory=Repeats)
    versions: set[int] = field(default_factory=set)
    shapes: dict[str, bytes] = field(default_factory=dict)
    unreadable: int = 0

    def see(self, part: Found) -> None:
        if isinstance(part, Record):
            self._see_record(part)
        elif isinstance(part, Shape):
            self.shapes[part.name] = part.data

    def _see_record(self, record: Record) -> None:
        self.topics[record.topic] += 1
        address = topics.parse(record.topic)
        if address is not None and address.channel == "local/sample":
            return
        self.unreadable += not recording.is_readable(record.topic, record.payload)
        named = named_in(record.payload)
        if address is None or named is None:
            return
        if named.v is not None:
            self.versions.add(named.v)
        if named.stream is not None and named.seq is not None and address.channel.startswith("up/"):
            self.seqs.setdefault(named.stream, set()).add(named.seq)
            if self.repeats.has(address, named.stream, named.seq):
                return
        if named.session is not None and address.channel != "up/status":
            self._see_session(named.session, named.kind, address.machine, record.log_ms)

    def _see_session(self, session: str, kind: str, machine: str, log_ms: int) -> None:
        if session not in self.sessions:
            self.sessions[session] = SessionFound(
                session=session, machine=machine, from_ms=log_ms, until_ms=log_ms
            )
        found = self.sessions[session]
        found.from_ms, found.until_ms = min(found.from_ms, log_ms), max(found.until_ms, log_ms)
        found.reps += kind == "rep"
        found.sets += kind == "set_end"


def named_in(payload: bytes) -> Named | None:
    """Read what a message says of itself; None when it is no such JSON object."""
    try:
        return _NAMED.decode(payload)
    except (msgspec.DecodeError, UnicodeError, RecursionError, ValueError):
        return None


def contents(path: Path) -> Contents | NoRecording:
    """Look through a recording, whole or not."""
    counts = _Counts()
    seen = survey(path, counts.see)
    if isinstance(seen, NoRecording):
        return seen
    duration_ms = 0 if seen.first_ms is None or seen.last_ms is None else seen.last_ms - seen.first_ms
    return Contents(
        file=str(path),
        size_bytes=path.stat().st_size,
        is_whole=seen.is_whole,
        source=seen.about.source if seen.about else "",
        software=seen.about.software if seen.about else "",
        messages=seen.messages,
        from_ms=seen.first_ms,
        until_ms=seen.last_ms,
        duration_s=duration_ms / 1_000,
        topics=dict(sorted(counts.topics.items())),
        machines=_machines(seen),
        sessions=tuple(counts.sessions.values()),
        gaps=tuple(_gaps(seen)),
        missing_rows={stream: rows for stream, seqs in counts.seqs.items() if (rows := _missing(seqs))},
        repeated_rows=counts.repeats.count,
        protocol_versions=tuple(sorted(counts.versions)),
        other_schemas=tuple(sorted(name for name, data in counts.shapes.items() if not _is_ours(name, data))),
        unreadable=counts.unreadable,
        lost_bytes=sum(one.end - one.start for one in seen.losses),
    )


def _machines(seen: Survey) -> dict[str, str]:
    noted = {
        note.fields.get("machine", ""): note.fields.get("kind", "")
        for note in seen.notes
        if note.name == MACHINE
    }
    return {one.machine: noted.get(one.machine, "") for one in sorted(seen.addresses, key=str)}


def _gaps(seen: Survey) -> Iterator[tuple[int, int]]:
    for note in seen.notes:
        times = (note.fields.get("from_ms", ""), note.fields.get("until_ms", ""))
        if note.name == GAP and all(one.isdecimal() for one in times):
            yield int(times[0]), int(times[1])


def _is_ours(name: str, schema: bytes) -> bool:
    known = next((one for one in topics.TOPICS if one == name), None)
    return known is not None and channel_schema(known) == schema


def _missing(seqs: set[int]) -> tuple[tuple[int, int], ...]:
    """List the runs of numbers between the first and the last that did not come."""
    ordered = sorted(seqs)
    return tuple((low + 1, high - 1) for low, high in pairwise(ordered) if high - low > 1)
