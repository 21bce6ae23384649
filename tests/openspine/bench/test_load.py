import msgspec
from builders import MACHINE, a_plan, a_setting

from contract import codec, topics
from contract.messages import Ack, Answer, Message, Receipt, Rep, SetEnd, SignIn
from openspine.bench import raw
from openspine.bench.load import REPS_IN_SET, LoadMachine, Tally


def said(machine: LoadMachine, payload: bytes) -> Message:
    kind = msgspec.json.decode(payload)["kind"]
    message = codec.decode_up(topics.name_for_kind("sim", machine.name, kind), payload)
    assert isinstance(message, Message)
    return message


def a_machine() -> LoadMachine:
    return LoadMachine(name=MACHINE, kind="lumbar_extension", badge="b", tally=Tally())


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
