"""On PostgreSQL whoever works on a person keeps others out before anything of that person is read."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio, open_studio
from sqlalchemy import event

from openspine.postgres import Postgres
from services.bus import transactions
from services.coaching import take_back
from services.store import dead_letters, locks, tables
from services.store.engine import writing

WAITED_MS = 600_000
KINDS = {locks.MACHINE: "machines", locks.PERSON: "persons"}


@pytest.fixture
def studio(postgres_server: Postgres, tmp_path: Path) -> Iterator[Studio]:
    yield from open_studio(postgres_server.create_database(f"locks_{uuid4().hex}"), tmp_path)


def _listen(studio: Studio) -> list[str]:
    """Write down what is locked and what is read."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, *_more: object) -> None:
        if "pg_advisory_xact_lock" in statement:
            found.append(f"{KINDS[given['kind']]} {len(given['names'])}")
        elif "FOR UPDATE" in statement and "FROM session" in statement.replace("\n", ""):
            found.append("sessions")
        elif "json_agg" in statement:
            found.append("facts")

    event.listen(studio.engine, "before_cursor_execute", note)
    return found


def _once(found: list[str]) -> list[str]:
    return [name for name, _ in groupby(found)]


def test_a_person_is_locked_before_the_facts_of_the_visit_are_read(studio: Studio) -> None:
    machine = ScriptedMachine()
    studio.hear(machine.sign_in())
    found = _listen(studio)
    studio.hear(machine.answer("pain_before", 1))
    assert _once(found) == ["machines 1", "persons 1", "sessions", "facts"]


def test_all_persons_of_what_has_waited_long_enough_are_locked_before_their_sessions(studio: Studio) -> None:
    studio.enrol("badge-2", "lumbar_extension")
    machines = {badge: ScriptedMachine(f"lumbar-{badge}") for badge in ("badge-1", "badge-2")}
    for badge, machine in machines.items():
        plan = studio.plan(machine, studio.hear(machine.sign_in(badge)))
        rows = machine.train(plan.settings[0])
        del rows[3]
        studio.hear(*rows)  # the end of the set waits for the rep
    found = _listen(studio)
    assert len(studio.wait(NOW_MS + WAITED_MS).traces) == len(machines)
    assert found[:2] == ["machines 2", "persons 2"]


def test_all_machines_and_persons_of_letters_that_are_tried_again_are_locked_at_once(studio: Studio) -> None:
    studio.enrol("badge-2", "lumbar_extension")
    for badge in ("badge-1", "badge-2"):
        studio.hear(ScriptedMachine(f"lumbar-{badge}", "trunk_rotation").sign_in())
        assert studio.hear(ScriptedMachine(f"lumbar-{badge}").sign_in(badge)).rejected == 1  # another kind
    with writing(studio.engine) as connection:
        for letter in studio.rows(tables.dead_letter):
            assert dead_letters.ask_again(connection, letter["id"], NOW_MS) == "asked"
    found = _listen(studio)
    with writing(studio.engine) as connection:
        assert take_back(connection, studio.desk, NOW_MS).rejected == 2
    assert found[:2] == ["machines 2", "persons 2"]


def test_letters_lock_machines_only_after_what_was_due_is_committed(studio: Studio) -> None:
    studio.hear(ScriptedMachine("lumbar-2", "trunk_rotation").sign_in())
    assert studio.hear(ScriptedMachine("lumbar-2").sign_in()).rejected == 1
    (letter,) = studio.rows(tables.dead_letter)
    with writing(studio.engine) as connection:
        assert dead_letters.ask_again(connection, letter["id"], NOW_MS) == "asked"
    machine = ScriptedMachine()
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    rows = machine.train(plan.settings[0])
    del rows[3]
    studio.hear(*rows)  # the end of the set waits for the rep
    found = _listen(studio)
    event.listen(studio.engine, "commit", lambda _connection: found.append("commit"))
    outcome = transactions.look(studio.engine, studio.desk, (), NOW_MS + WAITED_MS)
    assert (len(outcome.traces), outcome.rejected) == (1, 1)
    until = found.index("commit")
    assert found[:2] == ["machines 1", "persons 1"]
    assert "machines 1" not in found[2:until]
    assert "machines 1" in found[until:]
