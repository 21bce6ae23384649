"""What a recording of messages holds for a replay: what machines said, in the order in which it was heard."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from contract import codec, topics
from contract.messages import Message, Origin, SignIn
from contract.recording import Record
from contract.topics import Channel
from emulator.recordings.mcap_file import SALVAGE, UNREADABLE, NoRecording, read_about, read_records
from emulator.recordings.selection import topic_fits


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which part is played: ms from the first record on, filters of topics that are, and that are not."""

    start_ms: int = 0
    until_ms: int | None = None
    topics: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def takes(self, topic: str) -> bool:
        """Tell whether records of this topic are played."""
        is_wanted = not self.topics or any(topic_fits(one, topic) for one in self.topics)
        return is_wanted and not any(topic_fits(one, topic) for one in self.exclude)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that a machine said; `message` is missing in statuses, frames and what cannot be read."""

    at_ms: int  # from the first record of the recording on
    origin: Origin
    machine: str
    channel: Channel
    payload: bytes
    message: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tape:
    """What is played; `left_out` counts by reason what is not; `samples` waits for the true agent."""

    rows: tuple[Row, ...] = ()
    samples: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def length_ms(self) -> int:
        """When the last row is due, from the first record of the recording on."""
        return self.rows[-1].at_ms if self.rows else 0

    def sign_ins(self) -> Iterator[tuple[Message, SignIn]]:
        """Go through the arrivals of people."""
        for row in self.rows:
            if row.message is not None and isinstance(row.message.body, SignIn):
                yield row.message, row.message.body


def read_tape(path: Path, selection: Selection) -> Tape | NoRecording:
    """Read a recording whole: one that is cut off or damaged is refused before anything is sent."""
    about = read_about(path)
    if isinstance(about, NoRecording):
        return about
    try:
        return tape_of(read_records(path), selection)
    except OSError as error:
        return NoRecording(file=str(path), problem=f"not readable ({error.strerror})")
    except UNREADABLE:
        return NoRecording(file=str(path), problem=SALVAGE)


def tape_of(records: Iterator[Record], selection: Selection) -> Tape:
    """Put together what is played of these records, which come in the order of their log time."""
    rows: list[Row] = []
    left_out: Counter[str] = Counter()
    samples, first_ms = 0, None
    for record in records:
        first_ms = record.log_ms if first_ms is None else first_ms
        address = topics.parse(record.topic)
        if address is not None and address.channel == "local/sample":
            samples += 1
        elif address is None or not address.channel.startswith("up/"):
            left_out["not said by a machine"] += 1
        elif not selection.takes(record.topic):
            left_out["not selected"] += 1
        elif not _is_between(record.log_ms - first_ms, selection):
            left_out["outside of start and until"] += 1
        else:
            rows.append(_row(record, address, record.log_ms - first_ms))
    return Tape(rows=tuple(rows), samples=samples, left_out=dict(left_out))


def _is_between(at_ms: int, selection: Selection) -> bool:
    return selection.start_ms <= at_ms and (selection.until_ms is None or at_ms < selection.until_ms)


def _row(record: Record, address: topics.Address, at_ms: int) -> Row:
    message = codec.decode_up(record.topic, record.payload)
    return Row(
        at_ms=at_ms,
        origin=address.origin,
        machine=address.machine,
        channel=address.channel,
        payload=record.payload,
        message=message if isinstance(message, Message) else None,
    )
