import msgspec
from builders import MACHINE, a_plan, a_rep, a_set_end, a_setting

from contract import codec, topics
from contract.messages import Ack, Answer, Message, Receipt, Rep, SetEnd, SignIn
from openspine.bench import raw
from openspine.bench.load import MESSAGES_IN_SESSION, REPS_IN_SET, LoadMachine, Tally


def said(machine: LoadMachine, payload: bytes) -> Message:
    kind = msgspec.json.decode(payload)["kind"]
    message = codec.decode_up(topics.name_for_kind("sim", machine.name, kind), payload)
    assert isinstance(message, Message)
    return message


def a_machine(*, skipped: int = 0) -> LoadMachine:
    tally = Tally()
    return LoadMachine(name=MACHINE, kind="lumbar_extension", badge="b", tally=tally, skipped=skipped)


def test_a_session_follows_the_mix_of_the_loop() -> None:
    machine = a_machine()
    heard = said(machine, machine.begin())
    bodies = [heard.body]
    while machine.tally.sessions == 0:
        channel, payload = raw.answer(heard)
        answer = machine.hear(channel, payload)
        assert answer is not None
        heard = said(machine, answer)
        bodies.append(heard.body)
    kinds = [type(body) for body in bodies]
    one_set = [Receipt, *[Rep] * REPS_IN_SET]
    assert kinds == [SignIn, *one_set, SetEnd, Answer, *one_set, SignIn]
    assert len(machine.tally.rep_ms) == 2 * REPS_IN_SET
    assert len(machine.tally.setting_ms) == 2


def test_rows_are_numbered_without_gaps() -> None:
    machine = a_machine()
    heard = said(machine, machine.begin())
    seqs = [heard.head.seq]
    for _ in range(8):
        answer = machine.hear(*raw.answer(heard))
        assert answer is not None
        heard = said(machine, answer)
        seqs.append(heard.head.seq)
    assert seqs == list(range(1, 10))


def test_a_machine_waits_for_the_answer_to_its_own_message() -> None:
    machine = a_machine()
    machine.begin()
    assert machine.hear("down/plan", codec.encode(a_plan())) is None, "the plan of another session"
    assert machine.hear("down/ack", codec.encode(Ack(stream=machine.stream, upto=1))) is None, "no plan yet"
    plan = a_plan(session=machine.session, settings=(a_setting(),))
    assert machine.hear("down/plan", codec.encode(plan)) is not None
    assert machine.hear("down/ack", codec.encode(Ack(stream=machine.stream, upto=1))) is None, "an old ack"
    assert machine.hear("down/ack", codec.encode(Ack(stream=machine.stream, upto=2))) is not None


def test_a_machine_that_begins_in_mid_session_does_not_end_a_set_it_never_began() -> None:
    for skipped in range(MESSAGES_IN_SESSION):
        machine = a_machine(skipped=skipped)
        channel, payload = raw.answer(said(machine, machine.begin()))
        following = machine.hear(channel, payload)
        assert following is not None
        assert isinstance(said(machine, following).body, Receipt | Rep | SignIn)


def test_only_what_is_answered_while_it_is_open_counts() -> None:
    tally = Tally()
    tally.note(a_rep(), 1.0)
    tally.begin()
    tally.note(a_rep(), 2.0)
    tally.note(a_set_end(), 3.0)
    tally.end()
    tally.note(a_rep(), 4.0)
    assert (tally.rep_ms, tally.setting_ms) == ([2.0], [3.0])


def test_what_is_taken_back_was_never_said() -> None:
    machine = a_machine()
    heard = said(machine, machine.begin())
    assert machine.hear(*raw.answer(heard)) is not None
    machine.take_back()
    assert (machine.seq, machine.answered) == (1, 1)
    assert said(machine, machine.begin()).head.seq == 2


def test_a_row_that_was_given_up_counts_as_neither_answered_nor_lost() -> None:
    machine = a_machine()
    heard = said(machine, machine.begin())
    assert machine.hear(*raw.answer(heard)) is not None
    machine.begin()
    assert machine.unanswered == {2}
