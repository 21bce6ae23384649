"""Rules of delivery on transcripts written by hand: each planted fault is seen, and the honest one passes."""

from collections.abc import Sequence

import pytest

from contract import codec
from contract.messages import Ack, Head, Message, Rejected, SignOut
from emulator.conformance.rule import Result, judged
from emulator.conformance.rules import RULES
from emulator.conformance.transcript import Entry, Heard, Said, Transcript

STREAM = "00000000-0000-4000-8000-00000000000a"


def row(seq: int, at_s: float) -> Heard:
    head = Head(
        v=1, kind="sign_out", machine="le-1", stream=STREAM, seq=seq, boot=STREAM, mono_ms=seq, wall_ms=seq
    )
    message = Message(head=head, body=SignOut())
    return Heard(
        at_s=at_s,
        act="",
        channel="up/session",
        payload=codec.encode(message),
        qos=1,
        retain=False,
        message=message,
    )


def ack(upto: int, at_s: float, rejected: int | None = None) -> Said:
    dead = () if rejected is None else (Rejected(seq=rejected, reason="VALUE"),)
    message = Ack(stream=STREAM, upto=upto, rejected=dead)
    return Said(
        at_s=at_s,
        act="",
        channel="down/ack",
        payload=codec.encode(message),
        label="ack",
        message=message,
    )


def result(rule: str, entries: Sequence[Entry]) -> Result:
    wanted = next(one for one in RULES if one.id == rule)
    return wanted.judge(Transcript(entries, "le-1")).result


def test_a_rule_of_an_act_that_was_not_reached_is_skipped() -> None:
    wanted = next(one for one in RULES if one.act == "pain")
    assert judged(wanted, Transcript([], "le-1")).finding.result == "skip"


@pytest.mark.parametrize(("again_s", "expected"), [(3.0, "fail"), (11.0, "pass")])
def test_a_row_may_not_come_again_too_early(again_s: float, expected: Result) -> None:
    assert result("DEL-02", [row(1, 0.0), row(1, again_s)]) == expected


@pytest.mark.parametrize(("upto", "expected"), [(1, "fail"), (0, "pass")])
def test_a_committed_row_may_never_come_again(upto: int, expected: Result) -> None:
    assert result("DEL-03", [row(1, 0.0), ack(upto, 1.0), row(1, 12.0)]) == expected


@pytest.mark.parametrize(("dead", "expected"), [(1, "fail"), (2, "pass")])
def test_a_rejected_row_may_never_come_again(dead: int, expected: Result) -> None:
    entries: list[Entry] = [row(1, 0.0), row(2, 0.0), ack(0, 1.0, rejected=dead), row(1, 12.0)]
    assert result("DEL-05", entries) == expected


@pytest.mark.parametrize(("seqs", "expected"), [((1, 3, 2), "fail"), ((1, 2, 3), "pass")])
def test_rows_come_in_the_order_of_their_numbers(seqs: tuple[int, ...], expected: Result) -> None:
    assert result("DEL-06", [row(seq, float(place)) for place, seq in enumerate(seqs)]) == expected


@pytest.mark.parametrize(("rows", "expected"), [(65, "fail"), (64, "skip")])
def test_no_more_than_64_rows_are_on_their_way(rows: int, expected: Result) -> None:
    assert result("DEL-07", [row(seq, 0.0) for seq in range(1, rows + 1)]) == expected


def test_an_ack_makes_room() -> None:
    entries: list[Entry] = [*(row(seq, 0.0) for seq in range(1, 65)), ack(10, 1.0), row(65, 2.0)]
    assert result("DEL-07", entries) == "skip"  # never more than 64; never shown to be full either


@pytest.mark.parametrize(("seqs", "expected"), [((1, 3), "fail"), ((1, 2), "pass")])
def test_a_number_that_never_came_is_a_gap(seqs: tuple[int, ...], expected: Result) -> None:
    assert result("HEAD-02", [row(seq, 0.0) for seq in seqs]) == expected
