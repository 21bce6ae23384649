"""Read what can be read of a damaged recording: every part is checked, and search goes on after a bad one."""

import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from mmap import mmap
from typing import Any, Final

from mcap.data_stream import ReadDataStream
from mcap.opcode import Opcode
from mcap.records import (
    Attachment,
    AttachmentIndex,
    Channel,
    Chunk,
    ChunkIndex,
    DataEnd,
    Footer,
    Header,
    McapRecord,
    Message,
    MessageIndex,
    Metadata,
    MetadataIndex,
    Schema,
    Statistics,
    SummaryOffset,
)
from mcap.stream_reader import breakup_chunk
from mcap.writer import MCAP0_MAGIC

from contract.recording import Record
from emulator.recordings.mcap_file import ABOUT, NS_IN_MS, TOPIC, UNREADABLE, topic_check

HEAD = struct.Struct("<BQ")  # opcode and length of every record
CHUNK_HEAD = struct.Struct("<QQQIL4s")  # times, size, checksum, and how the compression's name begins
COMPRESSIONS = {0: b"", 3: b"lz4", 4: b"zstd"}
UNPACKED_MOST_BYTES = 64 * 1024 * 1024  # larger than any chunk: such a length is damage
PARSERS: Final[Mapping[int, Any]] = {
    Opcode.HEADER: Header, Opcode.FOOTER: Footer, Opcode.SCHEMA: Schema, Opcode.CHANNEL: Channel,
    Opcode.CHUNK: Chunk, Opcode.MESSAGE_INDEX: MessageIndex, Opcode.CHUNK_INDEX: ChunkIndex,
    Opcode.ATTACHMENT_INDEX: AttachmentIndex, Opcode.STATISTICS: Statistics, Opcode.METADATA: Metadata,
    Opcode.ATTACHMENT: Attachment,
    Opcode.METADATA_INDEX: MetadataIndex, Opcode.SUMMARY_OFFSET: SummaryOffset, Opcode.DATA_END: DataEnd,
}  # fmt: skip
LANDMARKS = re.compile(bytes([0x5B, Opcode.CHUNK, Opcode.METADATA, 0x5D]))  # where search may set in again
DAMAGED = (*UNREADABLE, MemoryError, OverflowError, RuntimeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """Bytes [`start`, `end`) that cannot be read; log times (ms) of a chunk whose head is still legible."""

    start: int
    end: int
    reason: str
    from_ms: int | None = None
    until_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A metadata record."""

    name: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """The end of a finished file: how many messages were written into it."""

    messages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A schema that the file carries."""

    name: str
    data: bytes


Found = Record | Note | Total | Shape | Lost


def salvage(data: bytes | mmap) -> Iterator[Found]:
    """Go through the bytes of a recording in their order; without a `Total` the file was never finished."""
    topics: dict[int, str] = {}
    orphans = 0
    for part in _parts(data):
        topics |= _topic(part)
        if isinstance(part, Message) and part.channel_id not in topics and orphans == 0:
            topics = _topics(data) | topics  # what named them is damaged; the index at the end may know
        if isinstance(part, Message) and part.channel_id not in topics:
            orphans += 1
            continue
        found = _understood(part, topics)
        if found is not None:
            yield found
    if orphans:
        reason = f"{orphans} messages whose topic was in a damaged part"
        yield Lost(start=len(data), end=len(data), reason=reason)


def _topics(data: bytes | mmap) -> dict[int, str]:
    found: dict[int, str] = {}
    for part in _parts(data):
        found |= _topic(part)
    return found


def _understood(part: McapRecord | Lost, topics: dict[int, str]) -> Found | None:
    """Say what a part means for a recording; None for what is only of the file format."""
    if isinstance(part, Message):
        return _record(topics[part.channel_id], part)
    if isinstance(part, Metadata):
        return Note(name=part.name, fields=part.metadata)
    if isinstance(part, Statistics):
        return Total(messages=part.message_count)
    if isinstance(part, Schema):
        return Shape(name=part.name, data=part.data)
    return part if isinstance(part, Lost) else None


def _topic(part: McapRecord | Lost) -> dict[int, str]:
    """Read which channel has which topic, of a channel or of the note beside it."""
    if isinstance(part, Channel):
        return {part.id: part.topic}
    if not isinstance(part, Metadata) or part.name != TOPIC:
        return {}
    channel, topic, check = (part.metadata.get(name, "") for name in ("channel", "topic", "check"))
    is_number = channel.isdecimal() and len(channel) <= 5  # a channel is numbered with 16 bits
    is_whole = is_number and check == str(topic_check(int(channel), topic))
    return {int(channel): topic} if is_whole else {}


def _record(topic: str, message: Message) -> Record:
    return Record(
        topic=topic,
        log_ms=message.log_time // NS_IN_MS,
        publish_ms=message.publish_time // NS_IN_MS,
        sequence=message.sequence,
        payload=message.data,
    )


def _parts(data: bytes | mmap) -> Iterator[McapRecord | Lost]:
    """Yield the records of the file and of its chunks; what is damaged comes as a loss."""
    size = len(data)
    at = len(MCAP0_MAGIC)
    if data[:at] != MCAP0_MAGIC:
        at = _landmark(data, 0)
        yield Lost(start=0, end=at, reason="the beginning is not that of an MCAP file")
    while at < size:
        end, part = _part(data, at)
        if part is None:
            end = _landmark(data, at + 1)
            yield Lost(start=at, end=end, reason="cut off" if end == size else "damaged")
        elif isinstance(part, Chunk):
            yield from _broken_up(part, at, end)
        else:
            yield part
        if isinstance(part, Footer):
            return
        at = end


def _part(data: bytes | mmap, at: int) -> tuple[int, McapRecord | None]:
    """Read one record; None when its length is not exactly that of what it says it is."""
    if at + HEAD.size > len(data):
        return at, None
    opcode, length = HEAD.unpack_from(data, at)
    start, end = at + HEAD.size, at + HEAD.size + length
    if opcode not in PARSERS or end > len(data):
        return at, None
    stream = ReadDataStream(BytesIO(data[start:end]))
    try:
        part: McapRecord = PARSERS[opcode].read(stream)
    except DAMAGED:
        return at, None
    return (end, part) if stream.count == length else (at, None)


def _broken_up(chunk: Chunk, start: int, end: int) -> Iterator[McapRecord | Lost]:
    try:
        if chunk.uncompressed_size > UNPACKED_MOST_BYTES:
            raise ValueError("no chunk is so large")
        yield from breakup_chunk(chunk, validate_crc=True)
    except DAMAGED:
        yield Lost(
            start=start,
            end=end,
            reason="damaged",
            from_ms=chunk.message_start_time // NS_IN_MS,
            until_ms=chunk.message_end_time // NS_IN_MS,
        )


def _landmark(data: bytes | mmap, at: int) -> int:
    """Find the next place from which on the file can be read again: a whole chunk, or a note of ours."""
    for found in LANDMARKS.finditer(data, at):
        if _is_landmark(data, found.start()):
            return found.start()
    return len(data)


def _is_landmark(data: bytes | mmap, at: int) -> bool:
    start = at + HEAD.size
    if start + CHUNK_HEAD.size > len(data) or HEAD.unpack_from(data, at)[1] > len(data) - start:
        return False
    if data[at] == Opcode.CHUNK:
        *_, letters, name = CHUNK_HEAD.unpack_from(data, start)
        if name[:letters] != COMPRESSIONS.get(letters):
            return False
    _, part = _part(data, at)
    if isinstance(part, Metadata):
        return part.name.startswith(ABOUT)
    return isinstance(part, Chunk) and not isinstance(next(_broken_up(part, at, at), None), Lost)
