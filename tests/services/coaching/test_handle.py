import zlib
from collections.abc import Sequence
from dataclasses import replace

import msgspec
import pytest
from builders import a_rep
from scripted_machine import ScriptedMachine
from scripted_studio import Studio
from sqlalchemy import select

from contract import signing
from contract.messages import Event, Setting
from ml.decision import Decision
from ml.request import Request
from ml.runner import decide
from services.coaching import Delivery
from services.coaching.names import made_id
from services.store import tables


def _settings(studio: Studio, machine: ScriptedMachine, *batch: Delivery) -> list[Setting]:
    return studio.settings(machine, studio.hear(*batch))


def test_a_session_from_sign_in_to_sign_out(any_studio: Studio, machine: ScriptedMachine) -> None:
    studio = any_studio
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    assert plan.greeting == "Mr Lee"
    assert signing.is_signed_by(plan, studio.keys.command.key.public_key())
    assert [row.seq for row in plan.settings] == list(range(1, len(plan.settings) + 1))

    studio.hear(machine.weigh())
    before = _settings(studio, machine, machine.answer("pain_before", 2))
    assert [one.set for one in before] == [1]

    newest = {row.set: row for row in (*plan.settings, *before)}
    for number in sorted(newest):
        sent = _settings(studio, machine, *machine.train(newest[number]))
        sent += _settings(studio, machine, machine.answer("rir", "3-5", number))
        sent += _settings(studio, machine, machine.answer("pain_set", 2, number))
        is_last = number == len(newest)
        assert [one.set for one in sent] == ([] if is_last else [number + 1] * 3)
        newest |= {one.set: one for one in sent}

    outcome = studio.hear(machine.sign_out())
    assert outcome.acks[0].ack.upto == machine.seq
    assert outcome.acks[0].session_open is False
    (summary,) = studio.rows(tables.summary)
    assert summary["sets"] == len(newest)
    assert summary["load_g"] == newest[len(newest)].load_g
    assert {row["rir"] for row in studio.rows(tables.finished_set)} == {"3-5"}


def test_every_row_is_stored_once_however_often_it_comes(studio: Studio, machine: ScriptedMachine) -> None:
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    rows = machine.train(plan.settings[0])

    first = studio.hear(*rows, *rows)
    again = studio.hear(*rows)

    assert (first.stored, first.duplicates) == (len(rows), len(rows))
    assert (again.stored, again.duplicates, again.outgoing) == (0, len(rows), ())
    assert again.acks[0].ack.upto == machine.seq
    assert len(studio.rows(tables.rep)) == plan.settings[0].reps


def test_a_whole_session_in_one_batch_sends_nothing_for_sets_that_are_over(
    studio: Studio, machine: ScriptedMachine
) -> None:
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    other = ScriptedMachine("lumbar-2")
    backlog = [other.sign_in(), other.weigh()]
    for row in plan.settings:
        backlog += other.train(replace(row, id=made_id(row.set)))

    outcome = studio.hear(*backlog, other.sign_out())

    assert [one.topic.rsplit("/", 1)[1] for one in outcome.outgoing] == ["plan"]
    assert [row["machine"] for row in studio.rows(tables.finished_set)] == ["lumbar-2"] * len(plan.settings)
    assert {row["side"] for row in studio.rows(tables.summary)} == {"both"}


def test_a_missing_row_makes_the_model_abstain(studio: Studio, machine: ScriptedMachine) -> None:
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    studio.hear(machine.weigh())
    rows = machine.train(plan.settings[0])
    lost = rows.pop(3)

    waiting = studio.hear(*rows)
    assert waiting.acks[0].ack.missing == ((5 + 1, 5 + 1),)
    assert waiting.outgoing == ()
    assert studio.wait(rows[-1].received_ms + 1_999).outgoing == ()
    (setting,) = studio.settings(machine, studio.wait(rows[-1].received_ms + 2_000))
    assert setting.load_g <= plan.settings[1].load_g
    assert _newest_request(studio).abstain == "gap"

    late = studio.hear(lost)
    assert late.acks[0].ack.missing == ()
    (corrected,) = studio.settings(machine, late)
    assert (corrected.set, corrected.basis.seq) == (2, machine.seq)
    assert corrected.seq > setting.seq
    request = _newest_request(studio)
    assert request.abstain is None
    assert [rep.rep for rep in request.sets[0].reps] == list(range(1, plan.settings[0].reps + 1))


def _newest_request(studio: Studio) -> Request:
    with studio.engine.connect() as connection:
        newest = select(tables.decision.c.request).join(tables.setting).order_by(tables.setting.c.seq.desc())
        return msgspec.json.decode(zlib.decompress(connection.scalars(newest).first() or b""), type=Request)


def test_rows_that_come_before_their_sign_in_make_a_placeholder(
    studio: Studio, machine: ScriptedMachine
) -> None:
    sign_in = machine.sign_in()
    studio.hear(machine.say(a_rep()))
    (placeholder,) = studio.rows(tables.session)
    assert placeholder["patient_id"] is None

    plan = studio.plan(machine, studio.hear(sign_in))

    assert plan.settings
    (session,) = studio.rows(tables.session)
    assert session["patient_id"] is not None
    assert session["id"] == placeholder["id"]


def test_paired_stations_take_turns(studio: Studio) -> None:
    machine = ScriptedMachine("rotation-1", "trunk_rotation")
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    studio.hear(machine.weigh())

    assert [row.side for row in plan.settings[:4]] == ["left", "right", "left", "right"][: len(plan.settings)]
    assert {row.side for row in plan.settings} == {"left", "right"}
    both = _settings(studio, machine, machine.answer("pain_before", 1))
    assert [(one.side, one.set) for one in both] == [("left", 1), ("right", 2)]
    (following,) = _settings(studio, machine, *machine.train(plan.settings[0]))
    assert (following.side, following.set) == ("left", 3)


def test_an_event_without_a_session_is_kept_and_told(studio: Studio, machine: ScriptedMachine) -> None:
    outcome = studio.hear(machine.say(Event(what="fault", detail="encoder")))

    assert outcome.stored == 1
    (alert,) = studio.rows(tables.alert)
    assert (alert["code"], alert["severity"], alert["detail"]) == ("fault", "red", "encoder")


def test_a_foreign_session_is_refused(studio: Studio, machine: ScriptedMachine) -> None:
    studio.hear(machine.sign_in())
    thief = ScriptedMachine("lumbar-2")
    thief.session = machine.session

    outcome = studio.hear(thief.say(a_rep()))

    assert [one.reason for one in outcome.acks[0].ack.rejected] == ["SESSION"]
    assert studio.rows(tables.rep) == []


def test_one_poison_does_not_sink_its_batch(any_studio: Studio, machine: ScriptedMachine) -> None:
    studio = any_studio
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    rows = machine.train(plan.settings[0])
    poison = machine.say(a_rep(set=1, rep=2**53))  # more than an integer of PostgreSQL holds

    outcome = studio.hear(rows[0], poison, *rows[1:])

    is_poison = studio.engine.dialect.name == "postgresql"
    assert outcome.rejected == is_poison
    assert outcome.stored == len(rows) + (not is_poison)
    assert len(studio.settings(machine, outcome)) == 1
    rejected = [one.reason for ack in outcome.acks for one in ack.ack.rejected]
    assert rejected == (["FAILED"] if is_poison else [])
    assert len(studio.rows(tables.finished_set)) == 1


def test_a_model_that_fails_loses_no_fact(studio: Studio, machine: ScriptedMachine) -> None:
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    rows = machine.train(plan.settings[0])

    def fail(_requests: Sequence[Request]) -> list[Decision]:
        raise ArithmeticError("planted")

    studio.desk = replace(studio.desk, adjust=fail)
    outcome = studio.hear(*rows)

    assert (outcome.stored, outcome.outgoing) == (len(rows), ())
    assert ("model_failed", "red") in [(row["code"], row["severity"]) for row in studio.rows(tables.alert)]


def test_every_logged_decision_is_the_same_when_it_is_asked_again(
    studio: Studio, machine: ScriptedMachine
) -> None:
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    studio.hear(machine.weigh(), machine.answer("pain_before", 2))
    for row in plan.settings:
        studio.hear(*machine.train(row))
        studio.hear(machine.answer("rir", "3-5", row.set), machine.answer("pain_set", 1, row.set))

    logged = studio.rows(tables.decision)
    assert len(logged) == 2 + 3 * len(plan.settings) - 1  # of the last set, only what has seen all counts
    for one in logged:
        assert decide(zlib.decompress(one["request"])) == zlib.decompress(one["answer"])


def test_the_model_learns_from_what_was_applied(studio: Studio, machine: ScriptedMachine) -> None:
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    free, ramp = plan.settings[:2]
    half = replace(ramp, load_g=ramp.load_g // 200 * 100)

    studio.hear(*machine.train(free), *machine.train(half))

    done = studio.rows(tables.finished_set)
    assert [row["load_g"] for row in done] == [0, half.load_g]
    assert half.load_g != ramp.load_g


@pytest.mark.parametrize("value", [0, 7])
def test_pain_of_the_visit_is_kept_and_reaches_the_model(
    studio: Studio, machine: ScriptedMachine, value: int
) -> None:
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    studio.hear(machine.answer("pain_before", value))
    (setting,) = _settings(studio, machine, *machine.train(plan.settings[0]))

    assert [row["pain_before"] for row in studio.rows(tables.visit)] == [value]
    assert (setting.load_g < plan.settings[1].load_g) == (value == 7)
