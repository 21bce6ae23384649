import hashlib
import hmac

from builders import NONCE
from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio

from contract import codec, recording
from contract.messages import Plan
from ml.belief.state import CAPACITY, PAIN
from services.coaching.enrol import pin_secret
from services.keys.site import subject
from services.store import tables


def _plan(studio: Studio, machine: ScriptedMachine, **sign_in: object) -> Plan:
    return studio.plan(machine, studio.hear(machine.sign_in(**sign_in)))  # type: ignore[arg-type]


def _proof(pin: str) -> str:
    return hmac.new(pin_secret(pin, "code-badge-1"), NONCE.encode(), hashlib.sha256).hexdigest()


def _with_pin(studio: Studio, machine: ScriptedMachine, pin: str) -> Plan:
    return _plan(studio, machine, badge=None, code="code-badge-1", pin_proof=_proof(pin))


def test_an_unknown_badge_gets_guided_stations_only(studio: Studio, machine: ScriptedMachine) -> None:
    plan = _plan(studio, machine, badge="nobody")

    assert (plan.settings, plan.greeting, plan.envelope.max_load_g) == ((), "", 0)
    assert plan.envelope.subject == subject(studio.keys.site, "nobody")
    assert studio.rows(tables.session)[0]["patient_id"] is None


def test_the_envelope_is_the_one_signed_for_what_was_shown(studio: Studio, machine: ScriptedMachine) -> None:
    by_badge = _plan(studio, machine)
    by_pin = _with_pin(studio, machine, "123456")

    assert by_badge.envelope.subject == subject(studio.keys.site, "badge-1")
    assert by_pin.envelope.subject == subject(studio.keys.site, "code-badge-1")
    assert by_badge.envelope.version == by_pin.envelope.version == 1
    assert by_pin.settings


def test_a_wrong_pin_answers_like_an_unknown_person_and_locks(
    studio: Studio, machine: ScriptedMachine
) -> None:
    for _ in range(5):
        assert _with_pin(studio, machine, "000000").settings == ()
    assert _with_pin(studio, machine, "123456").settings == ()

    machine.rest(16 / 24 / 60)
    assert _with_pin(studio, machine, "123456").settings


def test_wrong_pins_at_several_machines_at_once_count_one_by_one(studio: Studio) -> None:
    machines = [ScriptedMachine(f"lumbar-{number}") for number in range(1, 7)]
    wrong = {"badge": None, "code": "code-badge-1", "pin_proof": _proof("000000")}
    right = wrong | {"pin_proof": _proof("123456")}
    studio.hear(*(machine.sign_in(**wrong) for machine in machines[:3]))
    assert {row["failures"] for row in studio.rows(tables.credential) if row["kind"] == "pin"} == {3}

    said = studio.hear(*(machine.sign_in(**wrong) for machine in machines[3:5]), machines[5].sign_in(**right))
    plans = [codec.decode_down(one.topic, one.payload) for one in said.outgoing]
    assert [one.settings for one in plans if isinstance(one, Plan)] == [(), (), ()]
    (pin,) = (row for row in studio.rows(tables.credential) if row["kind"] == "pin")
    assert (pin["failures"], pin["locked_until_ms"] > NOW_MS) == (0, True)


def test_the_proof_that_a_recording_leaves_out_opens_nothing_and_is_no_try(
    studio: Studio, machine: ScriptedMachine
) -> None:
    for _ in range(6):
        left_out = _plan(studio, machine, badge=None, code="code-badge-1", pin_proof=recording.REDACTED)
        assert left_out.settings == ()
    assert _with_pin(studio, machine, "123456").settings


def test_the_proof_of_a_pin_is_never_recorded(studio: Studio, machine: ScriptedMachine) -> None:
    _with_pin(studio, machine, "123456")

    assert all(_proof("123456").encode() not in row["raw"] for row in studio.rows(tables.inbox))


def test_a_real_machine_does_not_enrol_itself(studio: Studio) -> None:
    real = ScriptedMachine(origin="real")
    refused = studio.hear(real.sign_in())
    assert [one.reason for one in refused.acks[0].ack.rejected] == ["MACHINE"]
    assert studio.rows(tables.session) == []


def test_expired_limits_allow_nothing(studio: Studio, machine: ScriptedMachine) -> None:
    machine.rest(43)

    assert _plan(studio, machine).settings == ()


def test_the_patient_on_the_wire_is_another_one_each_session(
    studio: Studio, machine: ScriptedMachine
) -> None:
    first, second = _plan(studio, machine), _plan(studio, machine)

    assert first.patient != second.patient
    assert studio.rows(tables.patient)[0]["id"] not in (first.patient, second.patient)


def test_signing_in_again_closes_the_session_before(studio: Studio, machine: ScriptedMachine) -> None:
    _plan(studio, machine)
    _plan(studio, machine)

    closed = [row["closed_ms"] is not None for row in studio.rows(tables.session)]
    assert sorted(closed) == [False, True]


def test_history_flags_and_questions_follow_the_past(studio: Studio, machine: ScriptedMachine) -> None:
    first = _plan(studio, machine)
    assert first.flags == ("calibrating",)
    assert first.questions[:3] == ("pain_before", "spasm", "new_symptoms")
    studio.hear(machine.weigh(), machine.answer("pain_before", 2))
    for row in first.settings:
        studio.hear(*machine.train(row))
    work = first.settings[-1]

    machine.rest(0.01)
    same_day = _plan(studio, machine)
    assert same_day.history["both"].day_start_g == work.load_g
    assert "pain_before" not in same_day.questions

    machine.rest(3)
    later = _plan(studio, machine)
    assert later.history["both"].median3_g == work.load_g
    assert later.history["both"].last_regular_g == work.load_g
    assert later.history["both"].peak_cdeg == work.end_cdeg
    assert later.history["both"].day_start_g == 0
    assert later.questions[0] == "pain_next_morning"
    assert [row["number"] for row in studio.rows(tables.visit)] == [1, 2]

    machine.rest(20)
    away = _plan(studio, machine)
    assert {"no_increase", "returning"} <= set(away.flags)


def test_the_morning_after_belongs_to_the_visit_before(studio: Studio, machine: ScriptedMachine) -> None:
    first = _plan(studio, machine)
    studio.hear(*machine.train(first.settings[0]), *machine.train(first.settings[1]))
    machine.rest(3)
    _plan(studio, machine)
    studio.hear(machine.answer("pain_next_morning", 6))

    assert [row["morning_nrs"] for row in studio.rows(tables.visit)] == [6, None]
    assert [row["morning_nrs"] for row in studio.rows(tables.summary)] == [6]
    assert machine.wall_ms > NOW_MS


def test_another_machine_of_the_visit_knows_what_the_first_learned_of_the_person(
    studio: Studio, machine: ScriptedMachine
) -> None:
    first = _plan(studio, machine)
    work = first.settings[-1]
    studio.hear(machine.weigh(), machine.answer("pain_before", 2), *machine.train(work))
    studio.hear(machine.answer("pain_set", 4, work.set))
    rotation = ScriptedMachine("rotation-1", "trunk_rotation")
    rotation.wall_ms = machine.wall_ms
    _plan(studio, rotation)

    rows = {row["machine"]: row for row in studio.rows(tables.session)}
    learned = next(row for row in studio.rows(tables.belief) if row["kind"] == "lumbar_extension")["latest"]
    assert rows["rotation-1"]["frame"]["elsewhere"] == [learned]
    assert rows["lumbar-1"]["frame"]["elsewhere"] == []
    shared = {row["side"]: row["latest"]["mean"] for row in studio.rows(tables.belief)}
    assert shared["left"][PAIN] == learned["mean"][PAIN] != 0.0
    assert shared["left"][CAPACITY] != learned["mean"][CAPACITY]
