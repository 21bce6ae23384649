"""What the service sends to machines names nobody, but for one greeting in the plan."""

from scripted_machine import ScriptedMachine
from scripted_studio import Studio

from services.store import tables

NAME = "Mr Lee"


def trained(studio: Studio, machine: ScriptedMachine) -> tuple[bytes, list[bytes]]:
    """A whole session; the plan, and everything else that was sent."""
    signed_in = studio.hear(machine.sign_in())
    plan = studio.plan(machine, signed_in)
    sent = [one.payload for one in signed_in.outgoing]
    heard = [machine.weigh(), machine.answer("pain_before", 2)]
    heard += machine.train(plan.settings[0])
    heard += [machine.answer("rir", "3-5", 1), machine.sign_out()]
    for one in heard:
        sent += [out.payload for out in studio.hear(one).outgoing]
    plans = [payload for payload in sent if b'"greeting"' in payload]
    assert len(plans) == 1
    return plans[0], [payload for payload in sent if payload is not plans[0]]


def test_no_name_badge_code_or_id_is_sent_but_the_greeting(studio: Studio, machine: ScriptedMachine) -> None:
    patient = studio.rows(tables.patient)[0]
    plan, others = trained(studio, machine)
    assert len(others) >= 2
    secret = [patient["id"], patient["code"], "badge-1", str(patient["birth_year"])]
    for payload in (plan, *others):
        assert [word for word in secret if str(word).encode() in payload] == []
    assert plan.count(NAME.encode()) == 1
    assert f'"greeting":"{NAME}"'.encode() in plan
    assert [payload for payload in others if NAME.encode() in payload] == []


def test_the_reference_of_a_person_is_another_in_every_session(studio: Studio) -> None:
    references = set()
    for number in (1, 2):
        machine = ScriptedMachine(machine=f"lumbar-{number}")
        references.add(studio.plan(machine, studio.hear(machine.sign_in())).patient)
    assert len(references) == 2
