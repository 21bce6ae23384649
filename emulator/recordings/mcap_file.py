"""Recordings as MCAP files: small chunks, flushed each second of the recording, schemas inside."""

import os
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import msgspec
from mcap.exceptions import McapError
from mcap.reader import make_reader
from mcap.writer import MCAP0_MAGIC, Writer
from zstandard import ZstdError

from contract import recording, topics
from contract.recording import About, Record
from emulator.recordings.schemas import ENCODING, channel_schema

CHUNK_BYTES = 64 * 1024  # a file cut off loses at most one chunk ...
FLUSH_MS = 1_000  # ... and no chunk spans so much log time
NS_IN_MS = 1_000_000
PROFILE = "openspine-1"
# Names of metadata records: what the recording is; machine -> kind; each time without a link; number of a
# channel -> its topic, so that a damaged chunk takes no other chunk's topics with it.
ABOUT, MACHINE, GAP, TOPIC = "openspine", "openspine.machine", "openspine.gap", "openspine.topic"
MADE_AGAIN = (ABOUT, MACHINE, TOPIC)  # notes that the writer makes by itself
SALVAGE = "cut off or damaged: ./studio rec repair FILE --out NEW"
UNREADABLE = (McapError, struct.error, ValueError, KeyError, ZstdError)  # what a damaged file raises


@dataclass(frozen=True, slots=True, kw_only=True)
class NoRecording:
    """Why a file cannot be read as a recording."""

    file: str
    problem: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.file}: {self.problem}"


class DamagedRecordingError(ValueError):
    """A file turned out to be damaged in the middle of reading."""


class _SignIn(msgspec.Struct):
    kind: str
    machine_kind: str = ""


_SIGN_IN = msgspec.json.Decoder(_SignIn)


class RecordingWriter:
    """Writes records in the order in which they come; leaving the context finishes the file.

    Only the owner of the file may read it: it holds badges. `messages` and `size_bytes` count what was taken.
    """

    def __init__(self, path: Path, about: About) -> None:
        self._file: IO[bytes] = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
        self._writer = Writer(self._file, chunk_size=CHUNK_BYTES)
        self._writer.start(profile=PROFILE, library=about.software)
        self._channels: dict[tuple[str, bool], int] = {}
        self._schemas: dict[topics.Channel, int] = {}
        self._machines: dict[str, str] = {}
        self._chunk_ms: int | None = None  # log time of the first record that is not yet on its way to disk
        self.messages = 0
        self.note(ABOUT, asdict(about))
        if about.machine:
            self.note_machine(about.machine, about.machine_kind)
        self.flush()

    @property
    def size_bytes(self) -> int:
        """How long the file is; what is not flushed does not count."""
        return self._file.tell()

    def write(self, record: Record) -> None:
        """Add one record."""
        if self._chunk_ms is not None and not 0 <= record.log_ms - self._chunk_ms < FLUSH_MS:
            self.flush()
        channel = self._channel(record)
        self._writer.add_message(
            channel_id=channel,
            log_time=record.log_ms * NS_IN_MS,
            publish_time=record.publish_ms * NS_IN_MS,
            sequence=record.sequence,
            data=record.payload,
        )
        self._chunk_ms = record.log_ms if self._chunk_ms is None else self._chunk_ms
        self.messages += 1

    def note(self, name: str, fields: Mapping[str, object]) -> None:
        """Add what is no message: a gap, a machine's kind, what a repair has lost."""
        self._writer.add_metadata(name, {key: str(value) for key, value in fields.items()})

    def note_machine(self, machine: str, kind: str) -> None:
        """Say once of what kind a machine is; the kind may come later than the machine."""
        if self._machines.get(machine) in (None, "") and (kind or machine not in self._machines):
            self._machines[machine] = kind
            self.note(MACHINE, {"machine": machine, "kind": kind})

    def flush(self) -> None:
        """Hand everything over to the operating system."""
        self._writer.flush()  # type: ignore[no-untyped-call]
        self._chunk_ms = None

    def sync(self) -> None:
        """Wait until the disk has what was flushed; may run in another thread."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Write the index."""
        self._writer.finish()  # type: ignore[no-untyped-call]
        self._file.close()

    def __enter__(self) -> Self:
        """Open already."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Finish the file."""
        self.close()

    def _channel(self, record: Record) -> int:
        """Find the channel of a topic; what is no valid message goes to one without a schema."""
        address = topics.parse(record.topic)
        is_readable = recording.is_readable(record.topic, record.payload)
        if address is not None and is_readable:
            self._learn(address, record.payload)
        key = (record.topic, is_readable)
        if key not in self._channels:
            self._channels[key] = self._register(record.topic, address if is_readable else None)
        return self._channels[key]

    def _register(self, topic: str, address: topics.Address | None) -> int:
        if address is None:
            number = self._writer.register_channel(topic, "application/octet-stream", schema_id=0)
        else:
            number = self._writer.register_channel(topic, "json", self._schema(address.channel))
        self.note(TOPIC, {"channel": number, "topic": topic, "check": topic_check(number, topic)})
        return number

    def _schema(self, channel: topics.Channel) -> int:
        if channel not in self._schemas:
            found = self._writer.register_schema(channel, ENCODING, channel_schema(channel))
            self._schemas[channel] = found
        return self._schemas[channel]

    def _learn(self, address: topics.Address, payload: bytes) -> None:
        kind = ""
        if address.channel == "up/session" and not self._machines.get(address.machine):
            kind = _SIGN_IN.decode(payload).machine_kind
        self.note_machine(address.machine, kind)


def topic_check(channel: int, topic: str) -> int:
    """Sum up a note of a topic: the file format has no checksum for notes."""
    return zlib.crc32(f"{channel} {topic}".encode())


def read_about(path: Path) -> About | NoRecording:
    """Read what a recording says of itself."""
    notes = read_notes(path, ABOUT)
    if isinstance(notes, NoRecording):
        return notes
    found = about_of(notes[0]) if notes else None
    if found is None:
        return NoRecording(file=str(path), problem="an MCAP file, but not a recording of this project")
    return found


def about_of(fields: Mapping[str, str]) -> About | None:
    """Understand the metadata record of that name; None when a field is missing or nonsense."""
    try:
        return About(
            machine=fields["machine"],
            machine_kind=fields["machine_kind"],
            origin="real" if fields["origin"] == "real" else "sim",
            source=fields["source"],
            software=fields["software"],
            open_loop=int(fields["open_loop"]),
        )
    except (KeyError, ValueError):
        return None


def read_machines(path: Path) -> dict[str, str] | NoRecording:
    """Read which machines a recording holds, and of what kind (empty when nobody said)."""
    notes = read_notes(path, MACHINE)
    return notes if isinstance(notes, NoRecording) else {one["machine"]: one["kind"] for one in notes}


def read_notes(path: Path, name: str) -> list[dict[str, str]] | NoRecording:
    """Read the metadata records of one name, in the order in which they were written."""
    notes = read_all_notes(path)
    return notes if isinstance(notes, NoRecording) else [fields for one, fields in notes if one == name]


def read_all_notes(path: Path) -> list[tuple[str, dict[str, str]]] | NoRecording:
    """Read every metadata record as (name, fields)."""
    try:
        with path.open("rb") as file:
            problem = _unfinished(file)
            file.seek(0)
            if problem is None:
                return [(one.name, one.metadata) for one in make_reader(file).iter_metadata()]
    except FileNotFoundError:
        problem = "no such file; check the path"
    except OSError as error:
        problem = f"not readable ({error.strerror})"
    except UNREADABLE:
        problem = SALVAGE
    return NoRecording(file=str(path), problem=problem)


def first_ms(path: Path) -> int | NoRecording:
    """Read the log time of the first record; 0 of a recording without any."""
    about = read_about(path)
    if isinstance(about, NoRecording):
        return about
    return next((record.log_ms for record in read_records(path)), 0)


def _unfinished(file: IO[bytes]) -> str | None:
    """Tell what is wrong with the first and the last bytes."""
    starts = file.read(len(MCAP0_MAGIC)) == MCAP0_MAGIC
    size = file.seek(0, os.SEEK_END)
    if not starts:
        return "not an MCAP file"
    file.seek(max(size - len(MCAP0_MAGIC), 0))
    return None if file.read() == MCAP0_MAGIC and size > 2 * len(MCAP0_MAGIC) else SALVAGE


def read_records(path: Path, start_ms: int | None = None, until_ms: int | None = None) -> Iterator[Record]:
    """Go through a recording in the order of log time, in [`start_ms`, `until_ms`).

    Raises `DamagedRecordingError` in the middle of a file that only `read_about` could read.
    """
    start = None if start_ms is None else start_ms * NS_IN_MS
    until = None if until_ms is None else until_ms * NS_IN_MS
    with path.open("rb") as file:
        try:
            reader = make_reader(file, validate_crcs=True)
            for _, channel, message in reader.iter_messages(starting_at=start, ending_before=until):
                yield Record(
                    topic=channel.topic,
                    log_ms=message.log_time // NS_IN_MS,
                    publish_ms=message.publish_time // NS_IN_MS,
                    sequence=message.sequence,
                    payload=message.data,
                )
        except UNREADABLE as error:
            raise DamagedRecordingError(f"{path}: {SALVAGE}") from error
