from builders import a_rep, a_set_end
from scripted_machine import ScriptedMachine

from contract import codec
from contract.messages import Message
from services.coaching import Delivery
from services.coaching.batch import BEYOND, begun_sets, is_late, segments
from services.coaching.receive import Fact


def _fact(row: Delivery) -> Fact:
    message = codec.decode_up(row.topic, row.payload)
    assert isinstance(message, Message)
    return Fact(message=message, origin="sim", delivery=row)


def _kinds(facts: list[Fact]) -> list[list[str]]:
    return [[fact.message.head.kind for fact in segment] for segment in segments(facts)]


def test_machines_that_do_not_wait_for_an_answer_share_a_segment() -> None:
    machines = [ScriptedMachine(f"lumbar-{number}") for number in range(1, 4)]

    assert _kinds([_fact(machine.sign_in()) for machine in machines]) == [["sign_in"] * 3]
    assert _kinds([_fact(machine.weigh()) for machine in machines]) == [["gravity"] * 3]


def test_what_follows_a_sign_in_waits_for_its_plan() -> None:
    machine, other = ScriptedMachine("lumbar-1"), ScriptedMachine("lumbar-2")
    rows = [machine.sign_in(), other.sign_in(), machine.weigh(), other.weigh(), machine.sign_out()]
    rows.append(machine.sign_in())

    assert _kinds([_fact(row) for row in rows]) == [
        ["sign_in", "sign_in"],
        ["gravity", "gravity", "sign_out"],
        ["sign_in"],
    ]


def test_a_set_has_begun_with_its_first_rep_and_all_are_over_after_the_sign_out() -> None:
    machine, other = ScriptedMachine("lumbar-1"), ScriptedMachine("lumbar-2")
    machine.sign_in()
    other.sign_in()
    rows = [machine.say(a_rep(set=2)), machine.say(a_set_end(set=1)), other.sign_out()]

    assert begun_sets([_fact(row) for row in rows]) == {machine.session: 2, other.session: BEYOND}


def test_a_rep_is_late_when_something_newer_was_answered() -> None:
    machine = ScriptedMachine()
    machine.sign_in()
    rep = _fact(machine.say(a_rep()))

    assert is_late(rep, {"last_seq": 3})
    assert not is_late(rep, {"last_seq": 2})
    assert not is_late(_fact(machine.answer("rir", "0", 1)), {"last_seq": 9})
