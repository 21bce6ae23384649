"""Repair of a recording that was cut off or damaged: all that can be read goes into a new file."""

import mmap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from contract import topics
from contract.recording import About, Record
from emulator.recordings.mcap_file import ABOUT, MACHINE, MADE_AGAIN, NoRecording, RecordingWriter, about_of
from emulator.recordings.salvage import Found, Lost, Note, Total, salvage

LOST = "openspine.lost"  # name of the metadata record of each loss
UNKNOWN = "repaired; what it said of itself is lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairReport:
    """What was kept and what was lost; `messages_lost` is None when the file was never finished.

    A file that was cut off loses less than a second of log time: what was last in the making.
    """

    file: str
    out: str
    was_whole: bool
    messages: int
    messages_lost: int | None
    bytes_lost: int
    lost: tuple[Lost, ...]
    last_ms: int | None


@dataclass(slots=True, kw_only=True)
class Survey:
    """What a look through a file has found; losses lie between the log times of what stands beside them."""

    messages: int = 0
    total: int | None = None
    first_ms: int | None = None
    last_ms: int | None = None
    about: About | None = None
    addresses: set[topics.Address] = field(default_factory=set)
    notes: list[Note] = field(default_factory=list)
    losses: list[Lost] = field(default_factory=list)
    _bounded: int = 0  # losses before this one know their end

    @property
    def is_whole(self) -> bool:
        """Tell whether the file was finished and nothing in it is damaged."""
        return self.total == self.messages and not self.losses

    def see(self, found: Found) -> None:
        """Take the next part."""
        if isinstance(found, Record):
            self._see_record(found)
        elif isinstance(found, Lost):
            self.losses.append(found if found.from_ms is not None else replace(found, from_ms=self.last_ms))
        elif isinstance(found, Total):
            self.total = found.messages
        elif isinstance(found, Note):
            self.notes.append(found)
            if found.name == ABOUT:
                self.about = self.about or about_of(found.fields)

    def _see_record(self, record: Record) -> None:
        self.messages += 1
        self.first_ms = record.log_ms if self.first_ms is None else min(self.first_ms, record.log_ms)
        self.last_ms = record.log_ms if self.last_ms is None else max(self.last_ms, record.log_ms)
        address = topics.parse(record.topic)
        if address is not None:
            self.addresses.add(address)
        for place in range(self._bounded, len(self.losses)):
            if self.losses[place].until_ms is None:
                self.losses[place] = replace(self.losses[place], until_ms=record.log_ms)
        self._bounded = len(self.losses)


def survey(path: Path, look: Callable[[Found], None] | None = None) -> Survey | NoRecording:
    """Look through a file, whatever its state; `look` sees every part too."""
    seen = Survey()
    try:
        for found in read_parts(path):
            seen.see(found)
            if look is not None:
                look(found)
    except FileNotFoundError:
        return NoRecording(file=str(path), problem="no such file; check the path")
    except OSError as error:
        return NoRecording(file=str(path), problem=f"not readable ({error.strerror})")
    if seen.about is None and seen.messages == 0:
        return NoRecording(file=str(path), problem="nothing of a recording can be read in it")
    return seen


def read_parts(path: Path) -> Iterator[Found]:
    """Go through all that can be read of a file, in its order."""
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield from salvage(data)


def repair(path: Path, out: Path) -> RepairReport | NoRecording:
    """Write all that can be read of a recording into a new file; nothing is written when that is nothing."""
    seen = survey(path)
    if isinstance(seen, NoRecording):
        return seen
    with RecordingWriter(out, seen.about or _made_up(seen)) as writer:
        for found in read_parts(path):
            if isinstance(found, Record):
                writer.write(found)
            elif isinstance(found, Note):
                _keep(found, writer)
        for loss in seen.losses:
            writer.note(LOST, {"reason": loss.reason, "from_ms": loss.from_ms, "until_ms": loss.until_ms})
    return RepairReport(
        file=str(path),
        out=str(out),
        was_whole=seen.is_whole,
        messages=seen.messages,
        messages_lost=None if seen.total is None else seen.total - seen.messages,
        bytes_lost=sum(one.end - one.start for one in seen.losses),
        lost=tuple(seen.losses),
        last_ms=seen.last_ms,
    )


def _keep(note: Note, writer: RecordingWriter) -> None:
    if note.name == MACHINE and topics.is_machine_id(note.fields.get("machine", "")):
        writer.note_machine(note.fields["machine"], note.fields.get("kind", ""))
    elif note.name not in MADE_AGAIN:
        writer.note(note.name, note.fields)


def _made_up(seen: Survey) -> About:
    """Make up from the topics for what the file no longer says of itself."""
    machines = {one.machine for one in seen.addresses}
    return About(
        machine=machines.pop() if len(machines) == 1 else "",
        machine_kind="",
        origin="real" if any(one.origin == "real" for one in seen.addresses) else "sim",
        source=UNKNOWN,
        software=UNKNOWN,
    )
