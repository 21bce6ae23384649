"""MQTT control packets in a stream of bytes, as far as a fault needs to know them."""

PUBLISH = 3  # upper half of a packet's first byte (MQTT 5, table 2-1)
DUP, QOS1 = 0x08, 0x02  # flags of a PUBLISH
LENGTH_BYTES_MOST = 4  # of the "remaining length"


class Packets:
    """Cuts one direction of a connection into whole packets."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Take bytes; return the packets that are complete now."""
        self._rest += data
        whole = []
        while (size := _size(self._rest)) is not None and size <= len(self._rest):
            whole.append(self._rest[:size])
            self._rest = self._rest[size:]
        return whole


def is_row(packet: bytes) -> bool:
    """Tell whether the packet is a PUBLISH that is acknowledged (QoS 1)."""
    return packet[0] >> 4 == PUBLISH and bool(packet[0] & QOS1)


def sent_again(packet: bytes) -> bytes:
    """Return a QoS 1 PUBLISH as a client sends it a second time."""
    return bytes([packet[0] | DUP]) + packet[1:]


def _size(data: bytes) -> int | None:
    """Return the length of the first packet, None while its head is incomplete."""
    length = 0
    for index, byte in enumerate(data[1 : 1 + LENGTH_BYTES_MOST]):
        length |= (byte & 0x7F) << 7 * index
        if not byte & 0x80:
            return 2 + index + length
    return None
