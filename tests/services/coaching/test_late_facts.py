from typing import Any

from scripted_machine import ScriptedMachine
from scripted_studio import Studio

from services.store import tables


def _beliefs(studio: Studio) -> list[dict[str, Any]]:
    return sorted(studio.rows(tables.belief), key=lambda row: int(row["opened_ms"]))


def _session(studio: Studio, machine: ScriptedMachine, *, keep_back: bool = False) -> list[Any]:
    """Train one session; with `keep_back` its answers stay in the spool."""
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    studio.hear(machine.weigh(), machine.answer("pain_before", 1))
    held = []
    for row in plan.settings:
        studio.hear(*machine.train(row))
        answer = machine.answer("rir", "0", row.set)
        if keep_back:
            held.append(answer)
        else:
            studio.hear(answer)
    studio.hear(machine.sign_out())
    return held


def test_late_answers_move_every_later_belief_and_no_past_decision(
    studio: Studio, machine: ScriptedMachine
) -> None:
    late = _session(studio, machine, keep_back=True)
    machine.rest(3)
    _session(studio, machine)
    before, decisions = _beliefs(studio), studio.rows(tables.decision)
    assert before[1]["before"] == before[0]["latest"]

    outcome = studio.hear(*late)

    after = _beliefs(studio)
    assert outcome.outgoing == ()
    assert after[0]["before"] == before[0]["before"]
    assert after[0]["latest"] != before[0]["latest"]
    assert after[1]["before"] == after[0]["latest"]
    assert after[1]["latest"] != before[1]["latest"]
    known = {row["id"]: row for row in studio.rows(tables.decision)}
    assert all(known[row["id"]] == row for row in decisions)


def test_the_next_session_starts_from_the_corrected_belief(studio: Studio, machine: ScriptedMachine) -> None:
    late = _session(studio, machine, keep_back=True)
    studio.hear(*late)
    machine.rest(3)
    studio.hear(machine.sign_in())

    first, second = _beliefs(studio)
    assert second["before"] == first["latest"]
