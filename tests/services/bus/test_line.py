"""The waiting lines by values: order, fairness, pace, and what is turned away."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.bus.line import PLAN_WORK, SLOW_MOST, Item, Line, Pace, pace_at
from services.settings import Settings

PACE = Pace(rate_per_s=50.0, burst=200, waiting_most=256, at_once=1_000)


def _all(line: Line[Item], now_s: float) -> list[Item]:
    """Take batch after batch of one moment."""
    taken: list[Item] = []
    while batch := line.take(1_000, now_s):
        taken += batch
    return taken


def test_a_rate_of_zero_is_no_limit_and_the_usual_one_is_the_protocols() -> None:
    assert pace_at(0.0) is None
    assert pace_at(Settings().machine_rate_per_s) == Pace(rate_per_s=50.0, burst=200, waiting_most=256)


def test_without_a_pace_everything_goes_at_once_and_in_order() -> None:
    line: Line[int] = Line(None)
    assert {line.add("a", number, 0.0) for number in range(5_000)} == {"now"}
    assert line.ready_in_s(0.0) == 0.0
    taken = [number for _ in range(5_000 // SLOW_MOST) for number in line.take(6_000, 0.0)]
    assert taken == list(range(5_000))
    assert line.ready_in_s(0.0) is None


def _with_backlogs() -> Line[str]:
    line: Line[str] = Line(None, lambda item: 5 if item == "decision" else PLAN_WORK if item == "plan" else 1)
    for machine in range(50):
        for number in range(20):
            line.add(f"late-{machine}", f"late {number}", 0.0)
    return line


def test_who_catches_up_leaves_room_for_who_trains() -> None:
    line = _with_backlogs()
    for machine in range(12):
        line.add(f"live-{machine}", "live", 0.0)
    first = line.take(500, 0.0)
    assert first.count("live") == 12
    assert len(first) == SLOW_MOST + 12
    assert len(line.take(500, 0.0)) == SLOW_MOST


def test_behind_a_batch_of_backlogs_who_trains_has_one_of_its_own() -> None:
    line = _with_backlogs()
    line.take(500, 0.0)
    line.add("live", "live 1", 0.0)
    assert line.take(500, 0.0) == ["live 1"]
    line.add("live", "live 2", 0.0)
    third = line.take(500, 0.0)
    assert len(third) == SLOW_MOST + 1, "every second batch goes on with the backlogs"
    assert "live 2" in third


def test_who_must_wait_for_the_pace_keeps_no_batch_to_itself() -> None:
    line: Line[str] = Line(Pace(rate_per_s=1.0, burst=20, waiting_most=100))
    for number in range(21):
        line.add("flooder", f"flood {number}", 0.0)
    assert len(_all(line, 0.0)) == 20
    for number in range(20):
        line.add("late", f"late {number}", 0.0)
    assert [len(line.take(4, 0.0)) for _ in range(3)] == [4, 4, 4]


def test_plans_and_decisions_count_for_the_reps_they_take_as_long_as() -> None:
    line = _with_backlogs()
    for machine in range(50):
        line.add(f"new-{machine}", "plan", 0.0)
    for machine in range(8):
        line.add(f"live-{machine}", "decision", 0.0)
    taken = line.take(500, 0.0)
    assert taken.count("decision") == 8, "nobody waits for a decision because others catch up or sign in"
    assert len(taken) == SLOW_MOST + 8
    assert "plan" not in taken


def test_where_many_train_backlogs_and_plans_get_half_of_each_batch() -> None:
    line = _with_backlogs()
    for machine in range(200):
        line.add(f"live-{machine}", "live", 0.0)
    for _ in range(2):
        taken = line.take(1_000, 0.0)
        assert (taken.count("live"), len(taken)) == (200, 400)
        for machine in range(200):
            line.add(f"live-{machine}", "live", 0.0)


def test_a_crowd_that_signs_in_is_let_in_by_and_by() -> None:
    line = _with_backlogs()
    _all(line, 0.0)
    for machine in range(50):
        line.add(f"new-{machine}", "plan", 0.0)
    batches = [len(line.take(500, 0.0)) for _ in range(8)]
    assert batches == [-(-SLOW_MOST // PLAN_WORK)] * 7 + [1]


def test_many_who_train_fill_a_batch() -> None:
    line: Line[int] = Line(None)
    for machine in range(500):
        line.add(machine, machine, 0.0)
    assert len(line.take(500, 0.0)) == 500


def test_a_flooder_gets_its_burst_then_its_rate_and_the_rest_is_turned_away() -> None:
    line: Line[int] = Line(PACE)
    kept = [line.add("flooder", number, 0.0) for number in range(1_000)]
    assert kept == ["now"] * 200 + ["waits"] * 256 + ["full"] * 544
    assert _all(line, 0.0) == list(range(200))
    assert _all(line, 0.0) == []
    assert line.ready_in_s(0.0) == pytest.approx(0.02)
    assert _all(line, 1.0) == list(range(200, 250))


def test_no_machine_fills_a_batch_alone() -> None:
    line: Line[str] = Line(Pace(at_once=25))
    for number in range(100):
        line.add("flooder", f"flood {number}", 0.0)
    line.add("quiet", "quiet", 0.0)
    first = line.take(500, 0.0)
    assert (len(first), "quiet" in first) == (26, True)
    assert line.ready_in_s(0.0) == 0.0
    assert line.take(500, 0.0) == [f"flood {number}" for number in range(25, 50)]


def test_what_has_waited_long_enough_makes_room() -> None:
    line: Line[int] = Line(PACE)
    for number in range(456):
        line.add("a", number, 0.0)
    _all(line, 0.0)
    assert line.add("a", 456, 0.0) == "full"
    _all(line, 1.0)
    assert line.add("a", 457, 1.0) == "waits"
    _all(line, 60.0)
    assert line.add("a", 458, 60.0) == "waits"  # seven that came before it have not had their turn
    assert len(_all(line, 61.0)) > 0


def test_others_go_first_while_a_flooder_waits() -> None:
    line: Line[str] = Line(PACE)
    for number in range(400):
        line.add("flooder", f"flood {number}", 0.0)
    line.add("hip-1", "rep 1", 0.0)
    line.add("neck-1", "rep 1 too", 0.0)
    assert line.take(4, 0.0) == ["flood 0", "rep 1", "rep 1 too", "flood 1"]
    _all(line, 0.0)
    line.add("hip-1", "rep 2", 0.1)
    assert line.take(1, 0.1) == ["flood 200"]  # it has earned five by now
    assert line.take(1, 0.1) == ["rep 2"]


def test_a_machine_that_rested_saves_no_more_than_a_burst() -> None:
    line: Line[int] = Line(PACE)
    line.add("a", 0, 0.0)
    assert line.take(10, 0.0) == [0]
    for number in range(400):
        line.add("a", number, 3_600.0)
    assert len(_all(line, 3_600.0)) == 200


def test_who_waits_for_acks_is_never_turned_away() -> None:
    """An agent has 64 rows under way at most, and sends the next when one of them is acknowledged."""
    line: Line[int] = Line(PACE)
    numbers, now_s, done = count(), 0.0, 0
    for _ in range(64):
        assert line.add("a", next(numbers), now_s) != "full"
    while done < 2_000:
        now_s += line.ready_in_s(now_s) or 0.0
        for _ in line.take(500, now_s):
            done += 1
            assert line.add("a", next(numbers), now_s) != "full"
    assert now_s == pytest.approx((2_000 - 200) / 50.0, abs=0.1)


arrivals = st.lists(
    st.tuples(st.integers(0, 3), st.floats(0.0, 0.2), st.booleans()), min_size=1, max_size=300
)


@given(events=arrivals, rate=st.floats(1.0, 100.0), burst=st.integers(1, 20))
def test_nothing_kept_is_lost_or_swapped_and_nobody_is_faster_than_allowed(
    events: list[tuple[int, float, bool]], rate: float, burst: int
) -> None:
    line: Line[tuple[int, int]] = Line(Pace(rate_per_s=rate, burst=burst, waiting_most=5))
    kept: dict[int, list[int]] = {}
    out: dict[int, list[int]] = {}
    now_s = 0.0
    for number, (machine, later_s, is_taking) in enumerate(events):
        now_s += later_s
        if line.add(machine, (machine, number), now_s) != "full":
            kept.setdefault(machine, []).append(number)
        if is_taking:
            for who, which in line.take(7, now_s):
                out.setdefault(who, []).append(which)
    assert all(len(given_out) <= burst + rate * now_s + 1e-6 for given_out in out.values())
    for _ in range(len(events) + 1):
        now_s += line.ready_in_s(now_s) or 0.0
        for who, which in line.take(7, now_s + 1e-9):
            out.setdefault(who, []).append(which)
    assert len(line) == 0
    assert out == kept


def test_what_is_dropped_takes_no_turn_and_the_others_keep_theirs() -> None:
    line: Line[str] = Line(None)
    for key, item in (("a", "old 1"), ("b", "old 2"), ("a", "new 1"), ("c", "new 2"), ("a", "old 3")):
        line.add(key, item, 0.0)
    assert sorted(line.drop(lambda item: item.startswith("old"))) == ["old 1", "old 2", "old 3"]
    assert len(line) == 2
    assert line.take(9, 0.0) == ["new 1", "new 2"]
    assert line.ready_in_s(0.0) is None
    line.add("b", "newer", 0.0)
    assert line.take(9, 0.0) == ["newer"]
