"""New recordings from old ones: a part of one, or several in one."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from contract import topics
from contract.recording import About, Record
from emulator.recordings.contents import named_in
from emulator.recordings.mcap_file import (
    MACHINE,
    MADE_AGAIN,
    NoRecording,
    RecordingWriter,
    read_about,
    read_all_notes,
    read_records,
)
from emulator.recordings.pseudonyms import Pseudonyms
from emulator.recordings.selection import topic_fits


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which records: log times [`start_ms`, `until_ms`), topics, machines, sessions; nothing named: all."""

    start_ms: int | None = None
    until_ms: int | None = None
    topics: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    machines: tuple[str, ...] = ()
    sessions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """How many messages went into the new file, of how many."""

    out: str
    messages: int
    of: int


@dataclass(slots=True)
class _Span:
    """When one session was on one machine."""

    machine: str
    from_ms: int
    until_ms: int


def filter_recording(
    path: Path, out: Path, wanted: Wanted, *, hide_people: bool = False
) -> Rewritten | NoRecording:
    """Write the wanted records of a recording into a new one; with `hide_people` as `Pseudonyms` do."""
    about = read_about(path)
    if isinstance(about, NoRecording):
        return about
    counted = 0

    def counting() -> Iterator[Record]:
        nonlocal counted
        for record in read_records(path):
            counted += 1
            yield record

    with RecordingWriter(out, about) as writer:
        _copy_notes(path, writer)
        pseudonyms = Pseudonyms()
        for record in chosen(path, wanted, counting()):
            shown = pseudonyms.hidden(record) if hide_people else record
            if shown is not None:
                writer.write(shown)
        return Rewritten(out=str(out), messages=writer.messages, of=counted)


def chosen(path: Path, wanted: Wanted, records: Iterator[Record] | None = None) -> Iterator[Record]:
    """Go through the wanted records of a recording; `records` in place of all that it holds.

    A session is every message that names it, and whatever its machine said and heard meanwhile.
    """
    spans = _spans(path, wanted.sessions)
    for record in read_records(path) if records is None else records:
        if _is_wanted(record, wanted) and (not wanted.sessions or _is_within(record, wanted.sessions, spans)):
            yield record


def merge_recordings(paths: Sequence[Path], out: Path) -> Rewritten | NoRecording:
    """Put several recordings into one, by log time; at the same time the first file's comes first."""
    abouts = [read_about(path) for path in paths]
    for about in abouts:
        if isinstance(about, NoRecording):
            return about
    whole = _joined([about for about in abouts if isinstance(about, About)])
    with RecordingWriter(out, whole) as writer:
        for path in paths:
            _copy_notes(path, writer)
        for record in heapq.merge(*map(read_records, paths), key=lambda record: record.log_ms):
            writer.write(record)
        return Rewritten(out=str(out), messages=writer.messages, of=writer.messages)


def _joined(abouts: Sequence[About]) -> About:
    """Keep what all recordings say of themselves."""
    first = abouts[0]
    is_one = len({(one.machine, one.machine_kind) for one in abouts}) == 1
    return replace(
        first,
        machine=first.machine if is_one else "",
        machine_kind=first.machine_kind if is_one else "",
        origin="real" if any(one.origin == "real" for one in abouts) else "sim",
        source="; ".join(dict.fromkeys(one.source for one in abouts)),
        open_loop=max(one.open_loop for one in abouts),
    )


def _copy_notes(path: Path, writer: RecordingWriter) -> None:
    notes = read_all_notes(path)
    for name, fields in [] if isinstance(notes, NoRecording) else notes:
        if name not in MADE_AGAIN:
            writer.note(name, fields)
        elif name == MACHINE:
            writer.note_machine(fields["machine"], fields["kind"])


def _is_wanted(record: Record, wanted: Wanted) -> bool:
    if wanted.start_ms is not None and record.log_ms < wanted.start_ms:
        return False
    if wanted.until_ms is not None and record.log_ms >= wanted.until_ms:
        return False
    if wanted.topics and not any(topic_fits(one, record.topic) for one in wanted.topics):
        return False
    if any(topic_fits(one, record.topic) for one in wanted.exclude):
        return False
    address = topics.parse(record.topic)
    return not wanted.machines or (address is not None and address.machine in wanted.machines)


def _spans(path: Path, sessions: Sequence[str]) -> list[_Span]:
    found: dict[tuple[str, str], _Span] = {}
    for record in read_records(path) if sessions else ():
        address, named = topics.parse(record.topic), _session(record)
        if address is None or named is None or named not in sessions:
            continue
        new = _Span(address.machine, record.log_ms, record.log_ms)
        span = found.setdefault((address.machine, named), new)
        span.from_ms, span.until_ms = min(span.from_ms, record.log_ms), max(span.until_ms, record.log_ms)
    return list(found.values())


def _is_within(record: Record, sessions: Sequence[str], spans: Sequence[_Span]) -> bool:
    named, address = _session(record), topics.parse(record.topic)
    if named is not None or address is None:
        return named in sessions
    return any(
        one.machine == address.machine and one.from_ms <= record.log_ms <= one.until_ms for one in spans
    )


def _session(record: Record) -> str | None:
    if record.topic.endswith(("local/sample", "up/frame")):
        return None
    named = named_in(record.payload)
    return named.session if named is not None else None
