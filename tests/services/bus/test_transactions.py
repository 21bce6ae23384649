"""What others leave in the store is done by whoever looks first, once."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio, open_studio
from sqlalchemy import Connection, text, update
from sqlalchemy.exc import OperationalError

from contract import codec, topics
from contract.messages import Hold
from services.bus import transactions
from services.bus.transactions import LEASE_MS
from services.coaching import Delivery, Outcome, requeue
from services.coaching.names import made_id
from services.store import commands, dead_letters, tables
from services.store.commands import Command
from services.store.engine import writing


@pytest.fixture
def any_studio(database_url: str, tmp_path: Path) -> Any:
    yield from open_studio(database_url, tmp_path)


@pytest.fixture
def machine() -> ScriptedMachine:
    return ScriptedMachine()


@pytest.fixture
def studio(tmp_path: Path) -> Any:
    yield from open_studio(f"sqlite:///{tmp_path / 'studio.sqlite'}", tmp_path)


def _look(studio: Studio, now_ms: int, published: tuple[str, ...] = ()) -> Outcome:
    return transactions.look(studio.engine, studio.desk, published, now_ms)


def _hold(studio: Studio, session: str, now_ms: int) -> Hold:
    """Hold a session as staff do, in a transaction of their own."""
    with writing(studio.engine) as connection:
        place = commands.allot(connection, session)
        assert place is not None
        hold = Hold(
            id=str(uuid4()), session=session, action="pause", reason="dizzy", by="staff", seq=place.seq
        )
        topic = topics.name(place.origin, place.machine, "down/hold")
        sent = Command(id=hold.id, topic=topic, payload=codec.encode(hold), expiry_s=30, seq=place.seq)
        commands.send(connection, sent, now_ms)
    return hold


def test_staff_and_model_share_one_counter(any_studio: Studio, machine: ScriptedMachine) -> None:
    studio = any_studio
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    hold = _hold(studio, machine.session or "", NOW_MS)
    (setting,) = studio.settings(machine, studio.hear(machine.answer("pain_before", 1)))
    assert (hold.seq, setting.seq) == (len(plan.settings) + 1, len(plan.settings) + 2)


def test_what_staff_send_goes_out_once_and_in_order(studio: Studio, machine: ScriptedMachine) -> None:
    studio.hear(machine.sign_in())
    first, second = (_hold(studio, machine.session or "", NOW_MS) for _ in range(2))
    sent = _look(studio, NOW_MS + 100).outgoing
    assert [one.id for one in sent] == [first.id, second.id]
    assert _look(studio, NOW_MS + 200).outgoing == ()
    assert _look(studio, NOW_MS + 300, tuple(one.id for one in sent)).outgoing == ()
    published = {row["id"]: row["published_ms"] for row in studio.rows(tables.outbox)}
    assert [published[one.id] for one in sent] == [NOW_MS + 300] * 2


def test_what_a_worker_took_and_never_sent_is_sent_by_another(
    studio: Studio, machine: ScriptedMachine
) -> None:
    studio.hear(machine.sign_in())
    hold = _hold(studio, machine.session or "", NOW_MS)
    _look(studio, NOW_MS)
    assert _look(studio, NOW_MS + LEASE_MS).outgoing == ()
    assert hold.id in [one.id for one in _look(studio, NOW_MS + LEASE_MS + 1).outgoing]


def test_what_the_broker_has_is_noted_before_anything_is_taken(
    studio: Studio, machine: ScriptedMachine
) -> None:
    (plan,) = studio.hear(machine.sign_in()).outgoing
    assert _look(studio, NOW_MS + LEASE_MS + 1_000, (plan.id,)).outgoing == ()


def test_the_lease_of_a_row_that_waited_in_line_begins_when_it_is_handled(
    studio: Studio, machine: ScriptedMachine
) -> None:
    row = machine.sign_in()
    at_ms = row.received_ms + 10_000
    outcome = transactions.handle_batch(studio.engine, studio.desk, [row], (), at_ms)
    (plan,) = outcome.outgoing
    assert _look(studio, at_ms + LEASE_MS).outgoing == ()
    assert [one.id for one in _look(studio, at_ms + LEASE_MS + 1).outgoing] == [plan.id]


def test_nothing_is_sent_that_is_too_old(studio: Studio, machine: ScriptedMachine) -> None:
    studio.hear(machine.sign_in())
    _hold(studio, machine.session or "", NOW_MS)
    assert _look(studio, NOW_MS + 60_000).outgoing == ()
    assert all(row["published_ms"] is not None for row in studio.rows(tables.outbox))


def test_nobody_holds_an_unknown_session(studio: Studio) -> None:
    with writing(studio.engine) as connection:
        assert commands.allot(connection, made_id("nobody")) is None


def _refused(studio: Studio) -> tuple[ScriptedMachine, Delivery, str]:
    """A machine whose sign-in was refused: it was enrolled as another kind."""
    studio.hear(ScriptedMachine("lumbar-3", "trunk_rotation").sign_in())
    machine = ScriptedMachine("lumbar-3")
    refused = studio.hear(sign_in := machine.sign_in())
    assert [one.reason for one in refused.acks[0].ack.rejected] == ["MACHINE"]
    (letter,) = studio.rows(tables.dead_letter)
    return machine, sign_in, letter["id"]


def _ask(studio: Studio, number: str) -> str:
    with writing(studio.engine) as connection:
        return dead_letters.ask_again(connection, number, NOW_MS)


def test_a_letter_is_taken_when_its_cause_is_mended(any_studio: Studio) -> None:
    studio = any_studio
    machine, sign_in, number = _refused(studio)
    with writing(studio.engine) as connection:
        connection.execute(
            update(tables.machine).where(tables.machine.c.id == "lumbar-3").values(kind=machine.kind)
        )
    assert _ask(studio, number) == "asked"
    outcome = _look(studio, NOW_MS + 5)
    assert len(studio.plan(machine, outcome).settings) > 0
    (ack,) = [one.ack for one in outcome.acks]
    assert (ack.upto, ack.missing, ack.rejected) == (machine.seq, (), ())
    (letter,) = studio.rows(tables.dead_letter)
    assert (letter["asked_ms"], letter["requeued_ms"], letter["failed_ms"]) == (None, NOW_MS + 5, None)
    assert _ask(studio, number) == "done"
    assert studio.hear(sign_in).duplicates == 1


def test_a_letter_that_fails_again_says_so(studio: Studio) -> None:
    _, _, number = _refused(studio)
    assert _ask(studio, number) == "asked"
    assert _look(studio, NOW_MS + 5).outgoing == ()
    (letter,) = studio.rows(tables.dead_letter)
    assert (letter["asked_ms"], letter["requeued_ms"], letter["failed_ms"]) == (None, None, NOW_MS + 5)
    assert _ask(studio, number) == "asked"


def test_a_letter_that_cannot_be_looked_into_is_tried_all_the_same(
    any_studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = any_studio
    _, _, number = _refused(studio)
    assert _ask(studio, number) == "asked"

    def fail(connection: Connection, _letters: object) -> None:
        connection.execute(text("SELECT 1 / 0"))  # which PostgreSQL refuses
        raise ZeroDivisionError

    monkeypatch.setattr(requeue, "_lock", fail)
    assert _look(studio, NOW_MS + 5).rejected == 1
    (letter,) = studio.rows(tables.dead_letter)
    assert (letter["asked_ms"], letter["failed_ms"]) == (None, NOW_MS + 5)


@pytest.mark.parametrize(
    ("place", "error"),
    [
        ((requeue, "_lock"), OperationalError("", None, Exception("deadlock detected"))),
        ((transactions, "take_back"), ZeroDivisionError()),
    ],
    ids=["the database fails", "a bug"],
)
def test_what_is_due_is_told_though_the_letters_have_to_wait(
    any_studio: Studio, monkeypatch: pytest.MonkeyPatch, place: tuple[Any, str], error: Exception
) -> None:
    studio = any_studio
    _, _, number = _refused(studio)
    machine = ScriptedMachine()
    (plan,) = studio.hear(machine.sign_in()).outgoing
    hold = _hold(studio, machine.session or "", NOW_MS)
    assert _ask(studio, number) == "asked"

    def fail(*_given: object) -> None:
        raise error

    with monkeypatch.context() as during:
        during.setattr(*place, fail)
        assert [one.id for one in _look(studio, NOW_MS + 5, (plan.id,)).outgoing] == [hold.id]
    (letter,) = studio.rows(tables.dead_letter)
    assert (letter["asked_ms"], letter["failed_ms"]) == (NOW_MS, None)
    assert _look(studio, NOW_MS + 10, (hold.id,)).rejected == 1
    published = {row["id"]: row["published_ms"] for row in studio.rows(tables.outbox)}
    assert (published[plan.id], published[hold.id]) == (NOW_MS + 5, NOW_MS + 10)


def test_a_letter_of_which_only_the_beginning_is_kept_cannot_be_tried(studio: Studio) -> None:
    machine = ScriptedMachine()
    studio.hear(
        Delivery(
            topic=topics.name("sim", machine.machine, "up/rep"), payload=b"{" * 70_000, received_ms=NOW_MS
        )
    )
    (letter,) = studio.rows(tables.dead_letter)
    assert _ask(studio, letter["id"]) == "cut"
    assert _ask(studio, made_id("nothing")) == "unknown"
