"""What `rec info` and `rec repair` say to people."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emulator.recordings.contents import Contents
    from emulator.recordings.repair import RepairReport

SECOND_MS = 1_000


def lines_of(found: "Contents") -> Iterator[str]:
    """Tell what a recording holds."""
    state = "whole" if found.is_whole else "NOT whole"
    yield f"{found.file}: {state}, {found.size_bytes / 1e6:.2f} MB, {found.source} ({found.software})"
    times = f", {_time(found.from_ms)} to {_time(found.until_ms)} UTC, {found.duration_s:.1f} s"
    yield f"{found.messages} messages" + (times if found.messages else "")
    for topic, count in found.topics.items():
        yield f"  {count:>8}  {topic}"
    yield "machines: " + (
        ", ".join(f"{name} ({kind or 'kind unknown'})" for name, kind in found.machines.items()) or "none"
    )
    for one in found.sessions:
        lasted_s = (one.until_ms - one.from_ms) / SECOND_MS
        yield f"session {one.session} on {one.machine}: {one.sets} sets, {one.reps} reps, {lasted_s:.0f} s"
    for from_ms, until_ms in found.gaps:
        yield f"gap: no link for {(until_ms - from_ms) / SECOND_MS:.1f} s from {_time(from_ms)}"
    for stream, runs in found.missing_rows.items():
        rows = ", ".join(str(low) if low == high else f"{low}-{high}" for low, high in runs)
        yield f"missing rows of {stream}: {rows}"
    if found.repeated_rows:
        yield f"{found.repeated_rows} rows came again, and are counted once in their session"
    versions = ", ".join(map(str, found.protocol_versions)) or "none"
    other = f"; schemas of another version: {', '.join(found.other_schemas)}" if found.other_schemas else ""
    yield f"protocol version: {versions}{other}"
    if found.unreadable:
        yield f"{found.unreadable} messages are no valid messages of the protocol"


def lines_of_repair(done: "RepairReport") -> Iterator[str]:
    """Tell what a repair has kept and lost."""
    until = f", the last at {_time(done.last_ms)} UTC" if done.last_ms is not None else ""
    yield f"{done.out}: {done.messages} messages{until}"
    if done.was_whole:
        yield "nothing was damaged"
        return
    if done.messages_lost is None:
        yield "the file was not finished: what was recorded in its last second may be missing"
    else:
        yield f"{done.messages_lost} messages are lost"
    for one in done.lost:
        known = [
            f" {word} {_time(at)}" for word, at in (("after", one.from_ms), ("until", one.until_ms)) if at
        ]
        when = "".join(known)
        yield f"lost: {one.end - one.start} bytes at {one.start} ({one.reason}){when}"


def _time(at_ms: int | None) -> str:
    if at_ms is None:
        return "?"
    try:
        return datetime.fromtimestamp(at_ms / 1_000, UTC).strftime("%Y-%m-%d %H:%M:%S")
    except (ValueError, OverflowError):
        return f"{at_ms} ms"
