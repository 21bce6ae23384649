import pytest

from emulator.conformance.connect import Connect, Will, read_connect


def text(value: str) -> bytes:
    return len(value).to_bytes(2) + value.encode()


def connect(*, flags: int, properties: bytes, rest: bytes, version: int = 5) -> bytes:
    head = text("MQTT") + bytes([version, flags]) + (10).to_bytes(2)
    body = head + (bytes([len(properties)]) + properties if version == 5 else b"") + rest
    return b"\x10" + bytes([len(body)]) + body


EXPIRY = b"\x11" + (600).to_bytes(4)
WILL = bytes([5]) + b"\x18" + (5).to_bytes(4) + text("a/b") + text("{}")


def test_a_whole_packet_is_read() -> None:
    user_property = b"\x26" + text("name") + text("value")
    largest, topics_most = b"\x27" + (65_536).to_bytes(4), b"\x22" + (3).to_bytes(2)
    packet = connect(
        flags=0x02 | 0x04 | 0x08 | 0x20 | 0x80,
        properties=EXPIRY + largest + topics_most + user_property + b"\x17\x01",
        rest=text("le-1") + WILL + text("somebody"),
    )
    assert read_connect(packet) == Connect(
        version=5,
        client_id="le-1",
        clean_start=True,
        expiry_s=600,
        keep_alive_s=10,
        will=Will(topic="a/b", payload=b"{}", qos=1, retain=True, delay_s=5),
        username="somebody",
    )


def test_an_older_version_has_no_properties() -> None:
    found = read_connect(connect(flags=0, properties=b"", rest=text("le-1"), version=4))
    assert found is not None
    assert (found.version, found.clean_start, found.expiry_s, found.will) == (4, False, 0, None)


def test_what_is_cut_off_is_no_connect() -> None:
    packet = connect(flags=0x02, properties=EXPIRY, rest=text("le-1"))
    assert all(read_connect(packet[:size]) is None for size in range(len(packet)))


@pytest.mark.parametrize("packet", [b"\x30\x00", connect(flags=0, properties=b"\x7f\x00", rest=text("x"))])
def test_another_packet_or_an_unknown_property_is_no_connect(packet: bytes) -> None:
    assert read_connect(packet) is None
