from typing import Any

from contract.messages import Event, Rep, SetEnd
from machine_agent.clock import Now


def test_rows_are_numbered_without_gaps_and_carry_both_clocks(room: Any) -> None:
    room.ready()
    room.lift_set()
    heads = [row.head for row in room.rows]
    assert [head.seq for head in heads] == list(range(1, len(heads) + 1))
    assert {(head.machine, head.stream, head.boot) for head in heads} == {
        ("le-1", heads[0].stream, heads[0].boot)
    }
    assert len({head.session for head in heads}) == 1
    assert heads[-1].mono_ms == room.mono_ms
    assert heads[-1].wall_ms == room.now.wall_ms


def test_only_rows_of_this_session_can_be_a_basis(room: Any) -> None:
    room.ready()
    writer = room.agent._live.writer
    first = dict(writer.rows)
    assert set(first) == {row.head.seq for row in room.rows}
    writer.open_session(None)
    assert writer.rows == {}
    row = writer.row(Event(what="stop"), Now(body_ms=0, mono_ms=77, wall_ms=0), None)
    assert writer.rows == {row.message.head.seq: 77}
    assert row.message.head.session is None


def test_the_newest_rep_is_remembered(room: Any) -> None:
    room.ready()
    room.lift_set()
    newest = max(row.head.seq for row in room.rows if isinstance(row.body, Rep))
    assert room.agent._live.writer.last_rep_seq == newest


def test_the_running_set_travels_with_its_rows(room: Any) -> None:
    room.ready()
    room.effects.clear()
    room.lift_set()
    carried = [
        (type(effect.message.body).__name__, effect.open_set.reps if effect.open_set else None)
        for effect in room.effects
        if type(effect).__name__ == "Record"
    ]
    assert carried == [("Receipt", 0), ("Rep", 1), ("Rep", 2), ("Rep", 3), ("SetEnd", None)]
    assert isinstance(room.rows[-1].body, SetEnd)
