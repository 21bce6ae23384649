from collections.abc import Sequence
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from contract.messages import Ack, Rejected
from machine_agent.window import PLACES, RESERVED, RETRY_MOST_MS, RETRY_MS, Waiting, Window

STREAM = "00000000-0000-4000-8000-00000000000a"
LISTED_MOST = 100  # gaps in an ack of the service
SET_ASIDE = "00000000-0000-4000-8000-00000000000b"


def window(*rows: tuple[str, str | None]) -> Window:
    made = Window(Random(1), STREAM)
    for seq, (kind, session) in enumerate(rows, start=1):
        made.add(Waiting(seq=seq, kind=kind, session=session))
    return made


def ack(upto: int, missing: Sequence[tuple[int, int]] = (), rejected: Sequence[int] = ()) -> Ack:
    return Ack(
        stream=STREAM,
        upto=upto,
        missing=tuple(missing),
        rejected=tuple(Rejected(seq=seq, reason="VALUE") for seq in rejected),
    )


def listed_ack(arrived: set[int]) -> Ack:
    """Acknowledge as the service does: with more gaps than an ack lists, only as far as they are listed."""
    missing = [seq for seq in range(1, max(arrived) + 1) if seq not in arrived]
    gaps = [(seq, seq) for seq in missing]
    if len(gaps) > LISTED_MOST:
        return ack(gaps[LISTED_MOST][0] - 1, gaps[:LISTED_MOST])
    return ack(max(arrived), gaps)


def test_events_go_first_then_the_current_session_then_older_ones() -> None:
    made = window(
        ("sign_in", "a"), ("rep", "a"), ("sign_in", "b"), ("rep", "b"), ("receipt", "b"), ("event", "b")
    )
    assert made.due(0) == [5, 6, 3, 4, 1, 2]


def test_older_sessions_leave_sixteen_places_free() -> None:
    made = window(*[("rep", "a")] * 100)
    assert made.due(0) == list(range(1, PLACES - RESERVED + 1))
    made.add(Waiting(seq=101, kind="sign_in", session="b"))
    made.add(Waiting(seq=102, kind="event", session="b"))
    assert made.due(0) == [102, 101]
    for seq in range(103, 130):
        made.add(Waiting(seq=seq, kind="rep", session="b"))
    assert made.due(0) == list(range(103, 103 + RESERVED - 2))


def test_receipts_never_keep_all_older_rows_from_leaving() -> None:
    made = window(*[("rep", "a"), ("receipt", "a")] * 200, ("sign_in", "b"))
    first = made.due(0)
    assert len(first) == PLACES
    assert [seq for seq in first if seq % 2] == [1, 3, 5, 7, 9, 11, 13, 15]  # the odd ones are no receipts


def test_a_spool_full_of_receipts_drains_although_an_ack_lists_few_gaps() -> None:
    rows = [("rep", "a"), ("receipt", "a")] * 400
    made, arrived, now_ms = window(*rows), set[int](), 0
    while len(arrived) < len(rows):
        sent = made.due(now_ms)
        assert sent, f"nothing moves after {len(arrived)} rows"
        arrived |= set(sent)
        made.take(listed_ack(arrived))
        now_ms += 1
    assert made.due(now_ms + 10 * RETRY_MOST_MS) == []


def test_a_committed_row_makes_room_and_is_never_sent_again() -> None:
    made = window(*[("sign_in", "a")], *[("rep", "a")] * 99)
    assert len(made.due(0)) == PLACES
    assert made.take(ack(10)) == list(range(1, 11))
    assert made.due(1) == list(range(PLACES + 1, PLACES + 11))
    assert made.rows_waiting == 90


def test_an_ack_of_more_than_was_sent_is_narrowed_to_what_was() -> None:
    made = window(*[("rep", "a")] * 100)
    made.due(0)
    made.take(ack(0))  # after a connect the first ack may speak of rows sent before it
    assert made.narrow(ack(1_000, missing=[(2, 3)], rejected=[5])) == ack(
        PLACES - RESERVED, missing=[(2, 3), (5, 5)], rejected=[5]
    )
    assert made.rows_waiting == 100 - (PLACES - RESERVED) + 2
    assert made.narrow(ack(1_000, missing=[(2, 3)])) == ack(0)


@given(seqs=st.sets(st.integers(1, 30)), upto=st.integers(0, 30))
def test_a_narrowed_ack_names_exactly_the_rows_that_are_done(seqs: set[int], upto: int) -> None:
    made = Window(Random(1), STREAM)
    for seq in seqs:
        made.add(Waiting(seq=seq, kind="rep", session=None))
    made.due(0)
    narrowed = made.narrow(ack(upto))
    missing = {seq for low, high in narrowed.missing for seq in range(low, high + 1)}
    assert set(range(1, narrowed.upto + 1)) - missing == {seq for seq in seqs if seq <= upto}


def test_missing_rows_stay_and_rejected_ones_travel_no_more() -> None:
    made = window(*[("rep", "a")] * 6)
    made.due(0)
    assert made.take(ack(5, missing=[(2, 3)], rejected=[5])) == [1, 4]
    assert made.rows_waiting == 3
    made.reconnect()
    assert made.due(0) == [2, 3, 6]


def test_a_row_is_sent_again_after_ten_seconds_and_later_and_later() -> None:
    made = window(("rep", "a"))
    made.due(0)
    waits, now_ms = [], 0
    for _ in range(8):
        due_ms = next(ms for ms in range(now_ms, now_ms + 2 * RETRY_MOST_MS) if made.due(ms))
        waits.append(due_ms - now_ms)
        now_ms = due_ms
    assert all(RETRY_MS <= wait <= RETRY_MOST_MS for wait in waits)
    assert waits[0] <= 2 * RETRY_MS
    assert len(set(waits)) > 4
    assert max(waits) > 3 * RETRY_MS


def test_retries_stand_in_their_lane_among_new_rows() -> None:
    made = window(("sign_in", "a"), ("rep", "a"), ("sign_in", "b"), ("rep", "b"))
    assert made.due(0) == [3, 4, 1, 2]
    made.add(Waiting(seq=5, kind="event", session="b"))
    made.add(Waiting(seq=6, kind="rep", session="b"))
    assert made.due(RETRY_MOST_MS) == [5, 3, 4, 6, 1, 2]


def test_after_a_connect_everything_goes_again_each_row_in_its_lane() -> None:
    made = window(
        ("sign_in", "a"), ("rep", "a"), ("event", "a"), ("sign_in", "b"), ("rep", "b"), ("receipt", "b")
    )
    order = [3, 6, 4, 5, 1, 2]
    assert made.due(0) == order
    assert made.due(5) == []
    made.reconnect()
    assert made.due(10) == order


def test_a_session_that_is_older_by_now_goes_again_as_an_older_one() -> None:
    made = window(("sign_in", "a"), ("rep", "a"))
    assert made.due(0) == [1, 2]
    made.add(Waiting(seq=3, kind="sign_in", session="b"))
    made.reconnect()
    assert made.due(10) == [3, 1, 2]


def test_an_ack_of_the_stream_of_a_spool_set_aside_says_nothing_of_these_rows() -> None:
    made = window(*[("sign_in", "a")], *[("rep", "a")] * 79)
    assert len(made.due(0)) == PLACES
    made.reconnect()
    assert made.take(Ack(stream=SET_ASIDE, upto=812, rejected=(Rejected(seq=70, reason="VALUE"),))) == []
    made.take(ack(0))
    assert made.rows_waiting == 80
    assert made.due(1) == list(range(1, PLACES + 1))
    assert made.take(ack(PLACES)) == list(range(1, PLACES + 1))
    assert made.due(2) == list(range(PLACES + 1, 81))


def test_rows_that_an_earlier_life_sent_are_committed_without_being_sent_again() -> None:
    made = window(*[("rep", "a")] * 100)
    assert made.take(ack(100)) == list(range(1, 101))
    assert made.due(0) == []


@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["add", "due", "ack", "reconnect"]), st.integers(0, 200)), max_size=80
    )
)
def test_every_row_travels_until_it_is_committed(steps: list[tuple[str, int]]) -> None:
    made, added, sent, done, now_ms = Window(Random(2), STREAM), 0, set[int](), 0, 0
    for what, number in steps:
        if what == "add":
            added += 1
            kind = ("rep", "event", "sign_in")[number % 3]
            made.add(Waiting(seq=added, kind=kind, session=str(number % 2)))
        elif what == "due":
            now_ms += number * 500
            sent |= set(made.due(now_ms))
        elif what == "ack":
            upto = min(
                number, max((seq for seq in range(1, added + 1) if set(range(1, seq + 1)) <= sent), default=0)
            )
            made.take(ack(upto))
            done = max(done, upto)
        else:
            made.reconnect()
        assert made.rows_waiting == added - done
    for _ in range(50):
        now_ms += RETRY_MOST_MS
        batch = made.due(now_ms)
        sent |= set(batch)
        for seq in batch:
            made.take(Ack(stream=STREAM, upto=seq, missing=((0, seq - 1),) if seq > 1 else ()))
    assert made.rows_waiting == 0
    assert sent >= set(range(done + 1, added + 1))
