"""Recordings as MCAP files: small chunks, flushed each second of the recording, schemas inside."""

import json
import struct
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from mcap.exceptions import McapError
from mcap.reader import make_reader
from mcap.writer import Writer

from contract import topics
from contract.recording import About, Record
from contract.schemas import message_schemas

CHUNK_BYTES = 64 * 1024  # a file cut off loses at most one chunk
FLUSH_MS = 1_000
NS_IN_MS = 1_000_000
ABOUT = "openspine"  # name of the metadata record
PROFILE = "openspine-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoRecording:
    """Why a file cannot be read as a recording."""

    file: str
    problem: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.file}: {self.problem}"


class RecordingWriter:
    """Writes records in the order in which they come; leaving the context finishes the file."""

    def __init__(self, path: Path, about: About) -> None:
        self._about = about
        self._file: IO[bytes] = path.open("wb")
        self._writer = Writer(self._file, chunk_size=CHUNK_BYTES)
        self._writer.start(profile=PROFILE, library=about.software)
        self._channels: dict[str, int] = {}
        self._flushed_ms: int | None = None

    def write(self, record: Record) -> None:
        """Add one record."""
        if record.topic not in self._channels:
            self._channels[record.topic] = self._channel(record.topic)
        self._writer.add_message(
            channel_id=self._channels[record.topic],
            log_time=record.log_ms * NS_IN_MS,
            publish_time=record.publish_ms * NS_IN_MS,
            sequence=record.sequence,
            data=record.payload,
        )
        self._flushed_ms = record.log_ms if self._flushed_ms is None else self._flushed_ms
        if record.log_ms - self._flushed_ms >= FLUSH_MS:
            self._flushed_ms = record.log_ms
            self._writer.flush()  # type: ignore[no-untyped-call]
            self._file.flush()

    def close(self) -> None:
        """Write what the recording says of itself and its index."""
        self._writer.add_metadata(ABOUT, {key: str(value) for key, value in asdict(self._about).items()})
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

    def _channel(self, topic: str) -> int:
        address = topics.parse(topic)
        name = address.channel if address else "unknown"
        schema = self._writer.register_schema(name=name, encoding="jsonschema", data=_schema(name))
        return self._writer.register_channel(topic=topic, message_encoding="json", schema_id=schema)


def read_about(path: Path) -> About | NoRecording:
    """Read what a recording says of itself."""
    try:
        with path.open("rb") as file:
            found = next((one for one in make_reader(file).iter_metadata() if one.name == ABOUT), None)
    except FileNotFoundError:
        return NoRecording(file=str(path), problem="no such file; check the path")
    except (OSError, McapError, struct.error) as error:  # struct: a file of under eight bytes
        return NoRecording(
            file=str(path), problem=f"not a readable MCAP file ({error or type(error).__name__})"
        )
    if found is None:
        return NoRecording(file=str(path), problem="an MCAP file, but not a recording of this project")
    fields = dict(found.metadata)
    return About(
        machine=fields["machine"],
        machine_kind=fields["machine_kind"],
        origin="real" if fields["origin"] == "real" else "sim",
        source=fields["source"],
        software=fields["software"],
        open_loop=int(fields["open_loop"]),
    )


def read_records(path: Path, start_ms: int | None = None, until_ms: int | None = None) -> Iterator[Record]:
    """Go through a recording in the order of log time, in [`start_ms`, `until_ms`)."""
    with path.open("rb") as file:
        start = None if start_ms is None else start_ms * NS_IN_MS
        until = None if until_ms is None else until_ms * NS_IN_MS
        for _, channel, message in make_reader(file).iter_messages(starting_at=start, ending_before=until):
            yield Record(
                topic=channel.topic,
                log_ms=message.log_time // NS_IN_MS,
                publish_ms=message.publish_time // NS_IN_MS,
                sequence=message.sequence,
                payload=message.data,
            )


@cache
def _schema(channel: str) -> bytes:
    """Give the JSON Schema of everything that travels on a channel."""
    kinds = [kind for kind, one in topics.CHANNEL_OF_KIND.items() if one == channel]
    known = message_schemas()
    if len(kinds) == 1:
        return json.dumps(known[kinds[0]]).encode()
    return json.dumps({"title": channel, "type": "object", "anyOf": [known[kind] for kind in kinds]}).encode()
