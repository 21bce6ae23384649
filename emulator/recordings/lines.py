"""Records as lines: for people, and as JSON with the payload as it was."""

import json
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import msgspec

from contract import topics
from contract.recording import Record

HEAD = ("v", "kind", "machine", "stream", "seq", "boot", "mono_ms", "wall_ms", "session")  # said elsewhere
LONGEST = 160  # characters of a payload in a readable line
SHORT_LISTS = 4  # a longer list is told by its length


def json_line(record: Record) -> bytes:
    """Write a record as one line of JSON; bytes that are no JSON come as base64."""
    head: dict[str, object] = {
        "log_ms": record.log_ms,
        "publish_ms": record.publish_ms,
        "sequence": record.sequence,
        "topic": record.topic,
    }
    try:
        fields = msgspec.json.decode(record.payload)
    except (msgspec.DecodeError, UnicodeError, RecursionError, ValueError):
        return msgspec.json.encode(head | {"payload_base64": b64encode(record.payload).decode()})
    as_it_was = b"\n" not in record.payload and b"\r" not in record.payload
    return msgspec.json.encode(head | {"payload": msgspec.Raw(record.payload) if as_it_was else fields})


def readable_line(record: Record) -> str:
    """Write a record for people: time (UTC), machine, channel, number, kind, and the values."""
    address = topics.parse(record.topic)
    time = datetime.fromtimestamp(record.log_ms / 1_000, UTC).isoformat(sep=" ", timespec="milliseconds")[:-6]
    place = f"{address.machine:<12} {address.channel:<12}" if address else record.topic
    try:
        fields = json.loads(record.payload)
    except ValueError:
        return f"{time}  {place}  {len(record.payload)} bytes that are no JSON"
    if not isinstance(fields, dict):
        return f"{time}  {place}  {_shown(fields)}"
    values = " ".join(f"{name}={_shown(value)}" for name, value in fields.items() if _tells(name, value))
    number = f"#{record.sequence}" if record.sequence else ""
    text = values if len(values) <= LONGEST else values[: LONGEST - 3] + "..."
    return f"{time}  {place} {number:>6} {fields.get('kind', ''):<11} {text}"


def _tells(name: str, value: Any) -> bool:
    return name not in HEAD and value is not None and name != "sig"


def _shown(value: Any) -> str:
    if isinstance(value, list) and len(value) > SHORT_LISTS:
        return f"[{len(value)}]"
    if isinstance(value, dict):
        return "{" + ",".join(value) + "}"
    return f"{value:g}" if isinstance(value, float) else str(value)
