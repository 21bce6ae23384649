"""Rows in any order: the answers are those of the right order, or the model abstains after two seconds."""

import random
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
from builders import a_message
from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio, open_studio

from contract.messages import Event, SignOut
from ml.request import Request
from services.coaching import Delivery
from services.coaching.mark import Mark
from services.coaching.waiting import WAIT_MS, is_early
from services.store import tables

Chunks = list[list[Delivery]]


def _told(studio: Studio) -> dict[str, Any]:
    """Everything that must not depend on the order in which rows came."""

    def picked(table: Any, *columns: str) -> list[tuple[Any, ...]]:
        return sorted(tuple(row[name] for name in columns) for row in studio.rows(table))

    return {
        "decisions": picked(tables.decision, "id", "basis_seq", "set_number", "request", "answer"),
        "settings": picked(tables.setting, "seq", "id", "load_g", "end_cdeg"),
        "sets": picked(tables.finished_set, "set_number", "load_g", "reps", "rir", "pain_set", "mode"),
        "beliefs": [row["latest"] for row in studio.rows(tables.belief)],
        "visits": picked(tables.visit, "pain_before", "spasm", "new_symptoms"),
        "alerts": picked(tables.alert, "raised_ms", "code", "detail", "severity", "id"),
        "waiting": studio.rows(tables.postponed),
    }


def _session(studio: Studio, machine: ScriptedMachine) -> Chunks:
    """Train all sets but the last, one row after the other; return the rows, cut where a set begins."""

    def hear(*rows: Delivery) -> list[Delivery]:
        now = [replace(row, received_ms=NOW_MS) for row in rows]
        for row in now:
            studio.hear(row)
        return now

    sign_in = replace(machine.sign_in(), received_ms=NOW_MS)
    plan = studio.plan(machine, studio.hear(sign_in))
    chunks = [
        [sign_in, *hear(machine.weigh(), machine.answer("pain_before", 3), machine.answer("spasm", "no"))]
    ]
    for row in plan.settings[:-1]:
        said = [machine.answer("rir", "1-2", row.set), machine.answer("pain_set", 2, row.set)]
        chunks.append(hear(*machine.train(row), *said))
    return chunks


def _dealt(rows: Sequence[Delivery], chance: random.Random) -> Iterator[list[Delivery]]:
    """Deal rows out to workers that are not equally fast, some of them twice."""
    left = [*rows, *chance.sample(list(rows), 2)]
    chance.shuffle(left)
    while left:
        size = chance.randint(1, 4)
        yield left[:size]
        del left[:size]


def test_any_order_gives_the_decisions_of_the_right_order(
    tmp_path: Path, counted: Callable[[int], int]
) -> None:
    machine = ScriptedMachine()
    studios = open_studio(f"sqlite:///{tmp_path / 'in-order.sqlite'}", tmp_path)
    chunks, right = _with(studios, lambda studio: (_session(studio, machine), _told(studio)))
    assert len(right["decisions"]) > len(chunks)
    for seed in range(counted(250)):
        chance = random.Random(seed)
        url = f"sqlite:///{tmp_path / f'{seed}.sqlite'}"

        def shuffled(studio: Studio, chance: random.Random = chance) -> dict[str, Any]:
            for chunk in chunks:
                for batch in _dealt(chunk, chance):
                    studio.hear(*batch)
            return _told(studio)

        assert _with(open_studio(url, tmp_path), shuffled) == right, f"seed {seed}"


def _with(studios: Iterator[Studio], work: Callable[[Studio], Any]) -> Any:
    found = work(next(studios))
    for _ in studios:
        raise AssertionError("one studio")
    return found


def _newest(studio: Studio) -> Request:
    newest = max(studio.rows(tables.decision), key=lambda row: int(row["basis_seq"]))
    return msgspec.json.decode(zlib.decompress(newest["request"]), type=Request)


def test_after_two_seconds_the_model_abstains_and_says_so_in_its_inputs(
    studio: Studio, machine: ScriptedMachine
) -> None:
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    rows = machine.train(plan.settings[0])
    at_ms = rows[-1].received_ms
    assert studio.hear(*rows[:2], *rows[3:]).outgoing == ()

    assert studio.wait(at_ms + WAIT_MS - 1).outgoing == ()
    (setting,) = studio.settings(machine, studio.wait(at_ms + WAIT_MS))

    assert _newest(studio).abstain == "gap"
    assert setting.load_g <= plan.settings[1].load_g
    assert studio.rows(tables.postponed) == []
    assert studio.wait(at_ms + 2 * WAIT_MS).outgoing == ()


def test_what_waits_waits_again_for_nobody_who_died(studio: Studio, machine: ScriptedMachine) -> None:
    """The wait is in the store: whoever looks next answers, also after a crash."""
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    rows = machine.train(plan.settings[0])
    studio.hear(*rows[:2], *rows[3:])
    (row,) = studio.rows(tables.postponed)
    assert (row["seq"], row["session_id"]) == (machine.seq, machine.session)
    assert row["due_ms"] == rows[-1].received_ms + WAIT_MS

    (setting,) = studio.settings(machine, studio.hear(rows[2]))
    assert setting.basis.seq == machine.seq
    assert _newest(studio).abstain is None
    assert studio.rows(tables.postponed) == []


def test_a_model_that_fails_ends_the_wait(studio: Studio, machine: ScriptedMachine) -> None:
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    rows = machine.train(plan.settings[0])
    studio.hear(*rows[:2], *rows[3:])

    def fail(_asked: object) -> Any:
        raise ZeroDivisionError

    studio.desk = replace(studio.desk, adjust=fail)
    assert studio.wait(rows[-1].received_ms + WAIT_MS).outgoing == ()
    assert studio.rows(tables.postponed) == []
    assert "model_failed" in {row["code"] for row in studio.rows(tables.alert)}


def test_a_spool_set_aside_in_mid_session_buries_nothing(studio: Studio, machine: ScriptedMachine) -> None:
    """A row waits in one stream while the session goes on in another, with numbers of its own."""
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    rows = machine.train(plan.settings[0])
    studio.hear(*rows[:2], *rows[3:])
    before, machine.stream = machine.stream, str(uuid4())
    studio.hear(machine.answer("rir", "3-5", 1))
    studio.hear(rows[2])
    assert studio.rows(tables.dead_letter) == []
    assert before not in {row["stream"] for row in studio.rows(tables.postponed)}


def test_rows_of_another_session_that_are_missing_delay_nothing(
    studio: Studio, machine: ScriptedMachine
) -> None:
    studio.hear(machine.sign_in())
    machine.say(Event(what="spool", detail="lost"))  # of the session before, still on its way
    machine.say(SignOut())
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    outcome = studio.hear(*machine.train(plan.settings[0]))
    assert outcome.acks[0].ack.missing == ((2, 3),)
    assert len(studio.settings(machine, outcome)) == 1


def test_a_row_is_early_when_rows_of_its_session_are_missing_below_it() -> None:
    mark = Mark(upto=9, missing=[(2, 3), (7, 7)])
    known = {"kind": "lumbar_extension", "first_seq": 4}
    assert not is_early(mark, known, a_message(seq=6).head)
    assert is_early(mark, known, a_message(seq=8).head)
    before_its_sign_in = {"kind": None, "first_seq": 4}
    assert is_early(mark, before_its_sign_in, a_message(seq=6).head)
