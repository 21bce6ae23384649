import itertools

from hypothesis import given
from hypothesis import strategies as st

from emulator.faults.packets import Packets, is_row, sent_again

PING = b"\xc0\x00"
ROW = b"\x32\x07\x00\x01a\x00\x01\x00x"  # PUBLISH, QoS 1, topic "a", id 1, no properties, "x"
FRAME = b"\x30\x05\x00\x01a\x00x"  # the same with QoS 0
LONG = b"\x32\x88\x01" + bytes(136)


@given(cuts=st.lists(st.integers(0, 200), max_size=8))
def test_packets_are_whole_wherever_the_stream_is_cut(cuts: list[int]) -> None:
    stream = PING + ROW + LONG + FRAME
    bounds = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    packets = Packets()
    found = [packet for low, high in itertools.pairwise(bounds) for packet in packets.feed(stream[low:high])]
    assert found == [PING, ROW, LONG, FRAME]


def test_only_what_is_acknowledged_is_a_row() -> None:
    assert [is_row(packet) for packet in (PING, ROW, LONG, FRAME)] == [False, True, True, False]


def test_a_second_sending_differs_in_its_flag_alone() -> None:
    assert sent_again(ROW) == b"\x3a" + ROW[1:]
    assert sent_again(sent_again(ROW)) == sent_again(ROW)
