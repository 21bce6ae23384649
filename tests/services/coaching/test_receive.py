from hypothesis import given
from hypothesis import strategies as st

from services.coaching.receive import MISSING_MOST, Mark

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
