from builders import a_message, a_set_end

from contract import codec
from contract.messages import Ack, Answer, Event, Message, Receipt, RecordedBody, Rejected, SignOut
from contract.messages.up import Applied
from emulator.replay.outstanding import LISTED_MOST, Outstanding, goes_alone
from emulator.replay.rewriting import Rewriting, Spoken, spoken
from emulator.replay.tape import Row

RECEIPT = Receipt(result="applied", applied=Applied(load_g=0, start_cdeg=0, end_cdeg=1))


def row(message: Message | None) -> Row:
    payload = b"" if message is None else codec.encode(message)
    return Row(at_ms=0, origin="sim", machine="lumbar-1", channel="up/rep", payload=payload, message=message)


def said(seq: int, stream: str = "s", machine: str = "m") -> Spoken:
    return Spoken(machine=machine, topic="t", payload=b"", qos=1, stream=stream, seq=seq)


def test_whatever_may_change_a_decision_goes_alone() -> None:
    alone: list[RecordedBody] = [
        a_set_end(),
        Answer(question="rir", value="1-2", set=1),
        Event(what="pain"),
        SignOut(),
    ]
    assert all(goes_alone(row(a_message(body)), 0) for body in alone)
    assert not goes_alone(row(a_message(seq=5)), 4)
    assert not goes_alone(row(a_message(RECEIPT, seq=5)), 4)
    assert not goes_alone(row(None), 4)


def test_a_rep_that_comes_late_goes_alone() -> None:
    assert goes_alone(row(a_message(seq=5)), 6)


def test_rows_wait_until_they_are_committed_or_rejected() -> None:
    waits = Outstanding()
    for seq in (1, 2, 3, 4):
        waits.add(said(seq))
    waits.add(said(2, stream="other"))
    waits.hear("m", Ack(stream="s", upto=3, missing=((2, 2),), rejected=(Rejected(seq=3, reason="VALUE"),)))
    assert (waits.waiting, waits.acknowledged, waits.rejected) == (3, 1, 1)
    waits.hear("another", Ack(stream="s", upto=9))
    assert waits.waiting == 3
    waits.hear("m", Ack(stream="s", upto=4))
    waits.hear("m", Ack(stream="other", upto=2, missing=((1, 1),)))
    assert (waits.sent, waits.waiting, waits.acknowledged, waits.rejected) == (5, 0, 4, 1)


def test_what_is_no_row_waits_for_nothing() -> None:
    waits = Outstanding()
    status = Row(at_ms=0, origin="sim", machine="lumbar-1", channel="up/status", payload=b"{}")
    waits.add(spoken(status, Rewriting()))
    assert (waits.sent, waits.waiting) == (0, 0)


def test_beyond_the_gaps_that_an_ack_can_name_it_counts_for_all() -> None:
    waits = Outstanding()
    waits.add(said(500))
    gaps = tuple((seq, seq) for seq in range(1, 2 * LISTED_MOST, 2))
    waits.hear("m", Ack(stream="s", upto=200, missing=gaps[1:]))
    assert waits.waiting == 1
    waits.hear("m", Ack(stream="s", upto=200, missing=gaps))
    assert waits.waiting == 0


def test_the_newest_number_is_of_each_stream_alone() -> None:
    waits = Outstanding()
    waits.add(said(7))
    waits.add(said(3))
    assert (waits.newest_seq(said(9)), waits.newest_seq(said(9, machine="n"))) == (7, 0)
