"""The CONNECT packet of MQTT 5 (section 3.1 of the standard), as far as the protocol page asks for it."""

from dataclasses import dataclass

CONNECT = 0x10  # first byte of the packet
VERSION_5 = 5
SESSION_EXPIRY, WILL_DELAY = 0x11, 0x18  # property identifiers, table 2-4
_ONE = frozenset({0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A})  # properties of one byte
_TWO = frozenset({0x13, 0x21, 0x22, 0x23})
_FOUR = frozenset({0x02, SESSION_EXPIRY, WILL_DELAY, 0x27})
_TEXT = frozenset({0x03, 0x08, 0x09, 0x12, 0x15, 0x16, 0x1A, 0x1C, 0x1F})  # two bytes of length, then so many


@dataclass(frozen=True, slots=True, kw_only=True)
class Will:
    """What the broker says when the connection is gone."""

    topic: str
    payload: bytes
    qos: int
    retain: bool
    delay_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Connect:
    """Who connects, and how."""

    version: int
    client_id: str
    clean_start: bool
    expiry_s: int
    keep_alive_s: int
    will: Will | None
    username: str | None


@dataclass(slots=True)
class _Reader:
    data: bytes
    at: int = 0

    def take(self, count: int) -> bytes:
        if self.at + count > len(self.data):
            raise ValueError("the packet ends too early")
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, count: int) -> int:
        return int.from_bytes(self.take(count))

    def binary(self) -> bytes:
        return self.take(self.number(2))

    def text(self) -> str:
        return self.binary().decode()

    def length(self) -> int:
        """Read a variable byte integer (section 1.5.5)."""
        value = shift = 0
        while True:
            byte = self.number(1)
            value |= (byte & 0x7F) << shift
            if not byte & 0x80:
                return value
            shift += 7


def read_connect(packet: bytes) -> Connect | None:
    """Read the first packet of a connection; None when it is no CONNECT that can be read."""
    if not packet or packet[0] != CONNECT:
        return None
    try:
        return _connect(_Reader(packet, at=1))
    except (ValueError, UnicodeDecodeError):
        return None


def _connect(reader: _Reader) -> Connect:
    reader.length()
    reader.text()  # "MQTT"
    version, flags, keep_alive_s = reader.number(1), reader.number(1), reader.number(2)
    found = _properties(reader) if version == VERSION_5 else {}
    client_id = reader.text()
    will = _will(reader, flags, version) if flags & 0x04 else None
    return Connect(
        version=version,
        client_id=client_id,
        clean_start=bool(flags & 0x02),
        expiry_s=found.get(SESSION_EXPIRY, 0),
        keep_alive_s=keep_alive_s,
        will=will,
        username=reader.text() if flags & 0x80 else None,
    )


def _will(reader: _Reader, flags: int, version: int) -> Will:
    found = _properties(reader) if version == VERSION_5 else {}
    topic, payload = reader.text(), reader.binary()
    qos, retain = flags >> 3 & 0x03, bool(flags & 0x20)
    return Will(topic=topic, payload=payload, qos=qos, retain=retain, delay_s=found.get(WILL_DELAY, 0))


def _properties(reader: _Reader) -> dict[int, int]:
    """Read properties; only those that are numbers of four bytes are kept."""
    inner = _Reader(reader.take(reader.length()))
    found: dict[int, int] = {}
    while inner.at < len(inner.data):
        identifier = inner.number(1)
        if identifier in _FOUR:
            found[identifier] = inner.number(4)
        else:
            _skip(inner, identifier)
    return found


def _skip(reader: _Reader, identifier: int) -> None:
    if identifier in _ONE:
        reader.take(1)
    elif identifier in _TWO:
        reader.take(2)
    elif identifier in _TEXT:
        reader.binary()
    elif identifier == 0x26:  # a user property is a pair of strings
        reader.binary()
        reader.binary()
    else:
        raise ValueError(f"no property of MQTT 5: {identifier}")
