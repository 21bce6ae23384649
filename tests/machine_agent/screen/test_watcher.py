import asyncio

from screen_states import EMPTY, WORKING, FakeAgent

from contract.messages import Head, Message, SetEnd
from machine_agent.clock import Now
from machine_agent.inputs import Confirm, PatientInput, Press
from machine_agent.screen import Screen
from machine_agent.screen.watcher import TOUCHES_MOST

NOW = Now(body_ms=0, mono_ms=0, wall_ms=0)
END = SetEnd(set=2, side="both", setting="s", reps=9, partial_reps=0, ended_by="target", duration_s=60.0)


def test_a_screen_may_share_the_inputs_of_somebody_else() -> None:
    inputs: asyncio.Queue[PatientInput] = asyncio.Queue()
    screen = Screen(inputs)
    assert screen.put(Confirm())
    assert inputs.get_nowait() == Confirm()


def test_it_has_a_view_after_the_first() -> None:
    screen = Screen()
    assert not screen.has_view
    screen.on_view(EMPTY, NOW)
    assert screen.has_view


def test_a_full_queue_refuses_all_but_the_buttons() -> None:
    screen = Screen()
    assert all(screen.put(Confirm()) for _ in range(TOUCHES_MOST))
    assert not screen.put(Confirm())
    assert screen.put(Press(button="unwell"))
    assert screen.inputs.qsize() == TOUCHES_MOST + 1


def test_a_row_on_disk_is_remembered() -> None:
    agent = FakeAgent()
    agent.show(WORKING)
    head = Head(
        v=1, kind="set_end", machine="le-1", stream="a", seq=1, boot="b", mono_ms=0, wall_ms=0, session="c"
    )
    agent.screen.on_record(Message(head=head, body=END), NOW)
    last = agent.screen.feed._memory.last_set
    assert last is not None
    assert last.reps == 9
