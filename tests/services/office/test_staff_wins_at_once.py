"""Staff beats model also where both act at the same moment, in two transactions that wait for one another."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pytest
from scripted_machine import ScriptedMachine, setting_in
from scripted_studio import Studio, open_studio
from seesaw import Seesaw
from sqlalchemy import Connection, select
from studio_door import Door

from contract.messages import Plan, Setting
from services.coaching import Delivery, overriding
from services.store import sessions, tables

ROUNDS = 1_000  # N of the full run, on each database
CONTROLS = 40  # rounds in which a planted fault must show
ANSWERS = 2  # rounds between two sets
PERCENT = (50, 60, 70, 80)  # of the planned load; staff want another one each round
KIND = "lumbar_extension"


@pytest.fixture
def studio(database_url: str, tmp_path: Path) -> Iterator[Studio]:
    """A studio of its own on every database: on SQLite one of two writers waits, on PostgreSQL both run."""
    yield from open_studio(database_url, tmp_path)


@dataclass
class Duel:
    """Rounds in which staff want a dose for the next set while the coaching hears what makes it decide."""

    studio: Studio
    door: Door
    seesaw: Seesaw = field(default_factory=Seesaw)
    broken: list[str] = field(default_factory=list)

    def play(self, rounds: int) -> None:
        """Play to the end of the visit in which something breaks, or the last round is."""
        for number in count():
            if self.broken or len(self.seesaw.firsts) >= rounds:
                return
            machine = ScriptedMachine(f"lumbar-{number}")
            self._visit(machine, _welcomed(self.studio, machine, f"badge-v{number}"))

    def _visit(self, machine: ScriptedMachine, plan: Plan) -> None:
        for row, following in pairwise(plan.settings):
            *done, end = machine.train(row)
            self.studio.hear(*done)
            if following.mode != "train":
                self.studio.hear(end)
                continue
            last_rep = machine.seq - 1
            self._round(machine, following, end, last_rep)
            for _ in range(ANSWERS):
                self._round(machine, following, machine.answer("rir", "many", row.set), last_rep)

    def _round(self, machine: ScriptedMachine, following: Setting, heard: Delivery, last_rep: int) -> None:
        share = PERCENT[len(self.seesaw.firsts) % len(PERCENT)]
        wanted_g = following.load_g * share // 100 // 100 * 100
        body = {"side": "both", "because": "other", "reason": "Seen", "load_kg": wanted_g / 1_000}
        path = f"/v1/sessions/{machine.session}/override"
        before = len(self._sent(machine))
        answer, outcome = self.seesaw.both(
            lambda: self.door.client.post(path, json=body), lambda: self.studio.hear(heard)
        )
        assert (answer.status_code, outcome.rejected) == (201, 0), answer.text
        (decided,) = self.studio.settings(machine, outcome)
        sent = self._sent(machine)[before:]
        self.seesaw.tip("model" if decided.id == sent[0].id else "staff")
        takes = [one for one in sent if one.set == following.set and one.basis.seq >= last_rep]
        if not _obeys(takes, wanted_g):
            said = [(one.seq, one.policy, one.load_g) for one in takes]
            self.broken.append(f"staff wanted {wanted_g} g: {said}")
        self.door.post(f"/sessions/{machine.session}/give-back", {}, 204)

    def _sent(self, machine: ScriptedMachine) -> list[Setting]:
        """Read the settings of the visit, oldest command first."""
        topic = tables.outbox.c.topic
        wanted = topic.endswith("down/setting") & topic.contains(f"/{machine.machine}/")
        with self.studio.engine.connect() as connection:
            payloads = connection.scalars(select(tables.outbox.c.payload).where(wanted)).all()
        found = (setting_in(one, machine) for one in payloads)
        return sorted((one for one in found if one.session == machine.session), key=lambda one: one.seq)


def _welcomed(studio: Studio, machine: ScriptedMachine, badge: str) -> Plan:
    """Bring somebody new, who has been here once, to the first set of today."""
    studio.enrol(badge, KIND)
    plan = studio.plan(machine, studio.hear(machine.sign_in(badge)))
    for row in plan.settings:
        studio.hear(machine.weigh(), *machine.train(row), machine.answer("rir", "many", row.set))
    studio.hear(machine.sign_out())
    machine.rest(4)
    plan = studio.plan(machine, studio.hear(machine.sign_in(badge)))
    studio.hear(machine.weigh(), machine.answer("pain_before", 2))
    return plan


def _obeys(takes: list[Setting], wanted_g: int) -> bool:
    """Tell whether the newest command is staff's dose; of two with one number the machine takes either."""
    newest = [(one.policy, one.load_g) for one in takes if one.seq == takes[-1].seq]
    return newest == [("staff", wanted_g)]


def _not_locked(connection: Connection, ids: list[str]) -> list[dict[str, Any]]:
    found = select(tables.session).where(tables.session.c.id.in_(ids))
    return [dict(row) for row in connection.execute(found).mappings()]


def test_staff_win_whoever_is_first(
    studio: Studio, door: Door, counted: Callable[[int], int], record_property: Callable[[str, object], None]
) -> None:
    duel = Duel(studio, door)
    duel.play(counted(ROUNDS))
    record_property("firsts", dict(duel.seesaw.counts()))
    assert duel.broken == []
    assert set(duel.seesaw.firsts) == {"staff", "model"}
    assert duel.seesaw.overlaps > 0


def test_a_coaching_that_lets_go_of_the_order_is_found_out(
    studio: Studio, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overriding, "chosen", lambda _case, _row, dose, _asked: (dose, None))
    duel = Duel(studio, door)
    duel.play(CONTROLS)
    assert duel.broken


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)  # SQLite has one writer, and no locks
def test_a_coaching_that_does_not_lock_the_session_is_found_out(
    studio: Studio, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "locked", _not_locked)
    duel = Duel(studio, door)
    duel.play(CONTROLS)
    assert duel.broken
