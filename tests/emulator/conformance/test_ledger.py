from typing import Any

import pytest

from contract import codec
from contract.messages import Head, Message, SignOut
from emulator.conformance.ledger import Ledger
from emulator.conformance.transcript import Heard, Row

STREAM, OTHER = "00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"


def row(seq: int, stream: str = STREAM, kind: Any = "rep") -> Row:
    head = Head(v=1, kind=kind, machine="le-1", stream=stream, seq=seq, boot=STREAM, mono_ms=seq, wall_ms=seq)
    message = Message(head=head, body=SignOut())
    heard = Heard(
        at_s=0.0,
        act="",
        channel="up/rep",
        payload=codec.encode(message),
        qos=1,
        retain=False,
        message=message,
    )
    return Row(place=0, at_s=0.0, heard=heard, head=head, body=message.body)


@pytest.fixture
def ledger() -> Ledger:
    made = Ledger()
    for seq in (2, 3, 5):
        assert made.take(row(seq))
    return made


def test_what_was_never_heard_is_missing(ledger: Ledger) -> None:
    ack = ledger.ack()
    assert (ack.stream, ack.upto, ack.missing) == (STREAM, 5, ((1, 1), (4, 4)))


def test_a_row_is_new_only_once(ledger: Ledger) -> None:
    assert not ledger.take(row(3))


def test_another_stream_begins_anew(ledger: Ledger) -> None:
    assert ledger.take(row(1, OTHER))
    assert (ledger.ack().stream, ledger.ack().upto, ledger.ack().missing) == (OTHER, 1, ())


def test_after_a_silence_one_row_is_missing_until_it_comes_again_and_one_is_rejected(ledger: Ledger) -> None:
    ledger.hush()
    for seq in (6, 7, 8):
        ledger.take(row(seq, kind="answer" if seq == 8 else "rep"))
    ledger.speak(resent=6)
    ack = ledger.ack()
    assert (7, 7) in ack.missing
    assert [one.seq for one in ack.rejected] == [8]
    assert not ledger.take(row(7))
    assert (7, 7) not in ledger.ack().missing


def test_a_silence_in_which_nothing_came_again_rejects_nothing(ledger: Ledger) -> None:
    ledger.hush()
    ledger.take(row(6))
    ledger.speak(resent=None)
    assert ledger.ack().rejected == ()
    assert ledger.ack().upto == 6
