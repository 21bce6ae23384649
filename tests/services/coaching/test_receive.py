import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_machine import ScriptedMachine
from scripted_studio import Studio

from services.coaching import Delivery
from services.coaching.mark import MISSING_MOST, Mark
from services.coaching.receive import Poison, bury_alone
from services.store import engine as store
from services.store import tables
from services.store.ledger import Ledger

STREAM = "11111111-1111-4111-8111-111111111111"


@given(st.lists(st.integers(1, 60), min_size=1))
def test_a_mark_knows_exactly_what_is_missing(seqs: list[int]) -> None:
    mark = Mark()
    for seq in seqs:
        mark.add(seq)

    missing = {seq for first, last in mark.missing for seq in range(first, last + 1)}
    assert mark.upto == max(seqs)
    assert missing == set(range(1, max(seqs))) - set(seqs)
    assert mark.missing == sorted(mark.missing)


@given(st.lists(st.integers(1, 1_000), min_size=1, max_size=400))
def test_an_ack_never_claims_what_is_not_stored(seqs: list[int]) -> None:
    mark = Mark()
    for seq in seqs:
        mark.add(seq)
    ack = mark.ack(STREAM)

    missing = {seq for first, last in ack.missing for seq in range(first, last + 1)}
    claimed = set(range(1, ack.upto + 1)) - missing
    assert len(ack.missing) <= MISSING_MOST
    assert claimed <= set(seqs)


def test_a_gap_counts_only_between_two_rows() -> None:
    mark = Mark()
    for seq in (1, 2, 5, 6, 9):
        mark.add(seq)

    assert mark.has_gap(2, 5)
    assert mark.has_gap(1, 9)
    assert not mark.has_gap(5, 6)
    assert not mark.has_gap(1, 2)


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 60)), min_size=1), st.integers(1, 60))
def test_a_gap_is_found_where_a_row_is_missing(asked: list[tuple[int, int]], step: int) -> None:
    stored = {seq for seq, _ in asked}
    mark = Mark()
    for seq in sorted(stored, key=lambda seq: seq * step % 61):
        mark.add(seq)
    for above, width in asked:
        below = above + width
        is_missing = any(one not in stored and one < max(stored) for one in range(above + 1, below))
        assert mark.has_gap(above, below) == is_missing


@given(st.lists(st.integers(1, 80), min_size=1, max_size=200))
def test_a_mark_with_many_gaps_takes_only_rows_that_make_no_more(seqs: list[int]) -> None:
    mark = Mark()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("services.coaching.mark.GAPS_MOST", 5)
        for seq in seqs:
            before = len(mark.missing)
            if mark.takes(seq):
                mark.add(seq)
                assert len(mark.missing) <= max(before, 5)
            else:
                assert before == 5
        for seq in range(1, 81):  # rows in order, as a machine sends its oldest ones again: all are taken
            assert mark.takes(seq)
            mark.add(seq)
    assert (mark.upto, mark.missing) == (80, [])


def test_a_row_above_too_many_gaps_is_the_machines_until_they_close(
    studio: Studio, machine: ScriptedMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.coaching.mark.GAPS_MOST", 2)
    rows = [machine.sign_in(), *(machine.weigh() for _ in range(7))]
    outcome = studio.hear(*rows[0::2])
    [ack] = [one.ack for one in outcome.acks]
    assert (ack.upto, ack.missing, ack.rejected) == (5, ((2, 2), (4, 4)), ())
    assert [row["reason"] for row in studio.rows(tables.dead_letter)] == ["GAPS"]
    assert (outcome.stored, outcome.rejected) == (3, 1)

    studio.hear(*rows[:7])
    [ack] = [one.ack for one in studio.hear(*rows).acks]
    assert (ack.upto, ack.missing, ack.rejected) == (8, (), ())
    assert len(studio.rows(tables.gravity)) == 7


@pytest.mark.parametrize("payload", [b"\xff", b'{"stream":"\xff"}', b"[" * 600, b"", b"9" * 5_000])
@pytest.mark.parametrize("topic", ["openspine-sim/v1/lumbar-1/up/rep", "nowhere/\ud800\x00"])
def test_no_bytes_keep_a_message_from_being_buried(studio: Studio, topic: str, payload: bytes) -> None:
    delivery, ledger = Delivery(topic=topic, payload=payload, received_ms=1), Ledger(1)
    why = Poison(reason="FAILED", detail="a\x00b\ud800")
    with store.writing(studio.engine) as connection:
        assert bury_alone(delivery, why, connection, ledger).rejected == 1
        ledger.flush(connection)
    (row,) = studio.rows(tables.dead_letter)
    assert (row["raw"], row["reason"], row["detail"]) == (payload, "FAILED", "ab?")
