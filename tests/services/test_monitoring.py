"""A challenger in the shadow of a scripted studio: it sees every question, and touches no answer."""

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from scripted_machine import ScriptedMachine
from scripted_studio import Studio, open_studio

from ml.decision import Decision
from ml.effort.features import FEATURES
from ml.effort.model import RuleEffort
from ml.request import Request
from services.chosen import Chosen
from services.monitoring import BATCH, look
from services.store import monitoring as store
from services.store import tables
from services.store.engine import writing

LINEAR = Chosen(policy="linear", effort=RuleEffort())


class Broken(Chosen):
    """A challenger that fails on every question."""

    @property
    def adjust(self) -> Callable[[Sequence[Request]], Sequence[Decision]]:
        def fail(_requests: Sequence[Request]) -> Sequence[Decision]:
            raise ArithmeticError("nobody expected this")

        return fail


@pytest.fixture
def studio(database_url: str, tmp_path: Path) -> Iterator[Studio]:
    yield from open_studio(database_url, tmp_path)


def a_visit(studio: Studio) -> list[Decision]:
    """Let somebody train one session; return what the store says was decided."""
    machine = ScriptedMachine()
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    studio.hear(machine.weigh(), machine.answer("pain_before", 1))
    for row in plan.settings:
        studio.hear(*machine.train(row))
        studio.hear(machine.answer("rir", "3-5", row.set), machine.answer("pain_set", 1, row.set))
    studio.hear(machine.sign_out())
    return [row["answer"] for row in studio.rows(tables.decision)]


def test_every_decision_is_answered_again_and_nothing_else_changes(studio: Studio) -> None:
    decided = a_visit(studio)
    sent = len(studio.rows(tables.outbox))
    assert look(studio.engine, LINEAR) == len(decided) > 2
    shadows = studio.rows(tables.shadow)
    assert len(shadows) == len(decided)
    assert {(row["policy"], row["model"], row["failed"]) for row in shadows} == {("linear", "rule-1", None)}
    assert all(b'"policy":"linear"' in zlib.decompress(row["answer"]) for row in shadows)
    assert [row["violations"] for row in shadows] == [0] * len(shadows)
    assert [row["answer"] for row in studio.rows(tables.decision)] == decided
    assert len(studio.rows(tables.outbox)) == sent
    assert look(studio.engine, LINEAR) == 0


def test_every_work_set_is_seen_once_as_the_newest_decision_saw_it(studio: Studio) -> None:
    a_visit(studio)
    look(studio.engine, None)
    sets = studio.rows(tables.monitored)
    ends = studio.rows(tables.finished_set)
    assert len(sets) == len([row for row in ends if row["mode"] == "train"]) > 0
    assert all(len(row["features"]) == len(FEATURES) for row in sets)
    first = min(row["set_number"] for row in ends if row["mode"] == "train")
    told = {row["set_number"]: row["source"] for row in sets if row["innovation"] is not None}
    assert told == {first: "reported"}


def test_who_fails_in_shadow_leaves_a_note_and_the_champion_alone(studio: Studio) -> None:
    decided = a_visit(studio)
    assert look(studio.engine, Broken(policy="linear", effort=RuleEffort())) == len(decided)
    shadows = studio.rows(tables.shadow)
    assert {(row["failed"], row["answer"]) for row in shadows} == {("ArithmeticError", None)}
    assert [row["answer"] for row in studio.rows(tables.decision)] == decided
    assert studio.rows(tables.unmonitored) == []


def test_the_champion_is_no_challenger_of_itself(studio: Studio) -> None:
    a_visit(studio)
    look(studio.engine, replace(LINEAR, policy="steady"))
    assert studio.rows(tables.shadow) == []


def test_a_decision_that_cannot_be_read_holds_up_nobody(studio: Studio) -> None:
    decided = a_visit(studio)
    first = studio.rows(tables.decision)[0]["id"]
    with writing(studio.engine) as connection:
        broken = tables.decision.update().where(tables.decision.c.id == first).values(request=b"no zlib")
        connection.execute(broken)
    assert look(studio.engine, LINEAR) == len(decided)
    assert len(studio.rows(tables.shadow)) == len(decided) - 1
    assert look(studio.engine, LINEAR) == 0


def test_what_waits_is_taken_in_batches_and_doubles_are_harmless(studio: Studio) -> None:
    for _ in range(4):
        a_visit(studio)
    waiting = len(studio.rows(tables.unmonitored))
    assert waiting > BATCH
    with studio.engine.connect() as connection:
        rows = store.waiting(connection, BATCH)
    assert look(studio.engine, LINEAR) == BATCH
    with writing(studio.engine) as connection:  # another worker had read the same ones
        tables_row = [{"decision_id": row.id} for row in rows]
        connection.execute(tables.unmonitored.insert(), tables_row)
    done = BATCH
    while step := look(studio.engine, LINEAR):
        done += step
    assert done == waiting + BATCH
    assert len(studio.rows(tables.shadow)) == waiting
