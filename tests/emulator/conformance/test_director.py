"""When the played service ends a run."""

import pytest

from contract import codec
from contract.messages import Head, Message, SignOut
from emulator.conformance import credentials
from emulator.conformance.director import Director
from emulator.conformance.orders import Times

STREAM = "00000000-0000-4000-8000-00000000000a"
TIMES = Times()


def row(seq: int) -> bytes:
    head = Head(
        v=1, kind="sign_out", machine="le-1", stream=STREAM, seq=seq, boot=STREAM, mono_ms=seq, wall_ms=seq
    )
    return codec.encode(Message(head=head, body=SignOut()))


def heard(director: Director, seq: int, at_s: float) -> None:
    director.hear("up/session", row(seq), at_s, qos=1, retain=False)


@pytest.fixture
def director() -> Director:
    return Director([], "le-1", "sim", credentials.new(), TIMES)


def test_it_ends_soon_when_every_row_was_heard(director: Director) -> None:
    for seq in (1, 2):
        heard(director, seq, 1.0)
    director.tick(2.0)
    assert not director.is_over
    director.tick(2.0 + TIMES.end_s + 0.1)
    assert (director.is_over, director.problem) == (True, None)


def test_it_waits_for_a_row_that_is_sent_again_and_not_for_ever(director: Director) -> None:
    heard(director, 2, 1.0)
    director.tick(2.0)
    director.tick(2.0 + TIMES.retry_first_most_s)
    assert not director.is_over
    again = 2.0 + TIMES.retry_first_most_s
    heard(director, 1, again)
    director.tick(again)
    assert director.is_over


def test_it_ends_without_a_row_that_never_comes(director: Director) -> None:
    heard(director, 2, 1.0)
    director.tick(2.0)
    director.tick(2.0 + TIMES.retry_most_s + TIMES.slack_s + 0.1)
    assert director.is_over
