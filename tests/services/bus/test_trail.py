"""One rep is found again in the log: in the line of its decision, and from there in the setting that left."""

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from scripted_machine import ScriptedMachine
from scripted_studio import Studio, open_studio

from contract import codec
from contract.messages import Ack, Plan, Setting
from services.bus import Bus, Parcel
from services.bus.rim import Confirmed, unasked
from services.bus.trail import note_decided
from services.coaching import Delivery
from services.log import json_logger
from services.store import tables

PATIENCE_S = 90.0  # only so that a hang ends
FIELDS = {
    "decision", "origin", "machine", "stream", "seq", "kind", "session", "side", "set", "reps", "settings",
    "sent", "event", "level", "timestamp",
}  # fmt: skip


def seq_of(row: Delivery) -> int:
    return int(json.loads(row.payload)["seq"])


class PromptRim:
    """A broker in memory that acknowledges whatever is said."""

    is_connected = True

    def __init__(self) -> None:
        self.hand_over: Callable[[Parcel], None]
        self.sent: list[object] = []
        self._running, self._said = asyncio.Event(), asyncio.Event()

    async def connected(self) -> None:
        await self._running.wait()

    async def run(self, on_parcel: Callable[[Parcel], None]) -> None:
        self.hand_over = on_parcel
        self._running.set()
        await asyncio.Event().wait()

    async def publish(
        self, topic: str, payload: bytes, _expiry_s: int | None, confirmed: Confirmed = unasked
    ) -> None:
        self.sent.append(codec.decode_down(topic, payload))
        confirmed(True)
        self._said.set()

    async def hear(self, *rows: Delivery) -> None:
        """Hand rows over, and wait until the last of them is stored and answered."""
        newest = seq_of(rows[-1])
        for row in rows:
            self.hand_over(Parcel(topic=row.topic, payload=row.payload, settle=lambda: None))
        async with asyncio.timeout(PATIENCE_S):
            while not any(isinstance(one, Ack) and one.upto >= newest for one in self.sent):
                self._said.clear()
                await self._said.wait()


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    yield from open_studio(f"sqlite:///{tmp_path / 'studio.sqlite'}", tmp_path)


async def first_set(studio: Studio, machine: ScriptedMachine) -> tuple[Delivery, list[object]]:
    """Train the first set of a plan; return its third rep, and all that was sent."""
    rim = PromptRim()
    bus = Bus(rim, studio.engine, studio.desk, lambda *_: None, lambda: machine.wall_ms)
    bus.note = json_logger().info
    task = asyncio.create_task(bus.run())
    try:
        await rim.connected()
        await rim.hear(machine.sign_in())
        plan = next(one for one in rim.sent if isinstance(one, Plan))
        rows = machine.train(plan.settings[0])
        await rim.hear(*rows[:4])  # the decision finds them in the store
        await rim.hear(*rows[4:])
        await rim.hear(machine.weigh())  # by then the log has the setting as published
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    return rows[3], rim.sent


async def test_one_rep_is_followed_to_the_setting_that_left(
    studio: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = ScriptedMachine()
    rep, sent = await first_set(studio, machine)
    said = capsys.readouterr().out
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    decided = [line for line in lines if line["event"] == "decided"]
    (found,) = [line for line in decided if seq_of(rep) in line["reps"].get(machine.stream, ())]
    assert (found["machine"], found["kind"], found["set"]) == (machine.machine, "set_end", 1)
    kept = {row["id"]: row for row in studio.rows(tables.decision)}
    assert (kept[found["decision"]]["session_id"], found["session"]) == (machine.session, machine.session)

    (setting,) = [one for one in sent if isinstance(one, Setting)]
    assert (found["settings"], found["sent"]) == ([setting.id], setting.id)
    rows = {row["id"]: row["decision_id"] for row in studio.rows(tables.setting)}
    assert rows[setting.id] == found["decision"]
    assert setting.id in [one for line in lines if line["event"] == "published" for one in line["messages"]]

    assert [set(line) for line in decided] == [FIELDS] * len(decided)
    patient = studio.rows(tables.patient)[0]
    assert [word for word in ("Mr Lee", "badge-1", patient["id"], patient["code"]) if word in said] == []


def test_a_plan_is_followed_from_its_sign_in_and_sends_its_settings_in_one_message(studio: Studio) -> None:
    machine, noted = ScriptedMachine(), list[dict[str, Any]]()
    outcome = studio.hear(machine.sign_in())
    note_decided(lambda event, **facts: noted.append({"event": event, **facts}), outcome.traces)
    (line,) = noted
    plan = studio.plan(machine, outcome)
    assert (line["kind"], line["seq"], line["reps"]) == ("sign_in", machine.seq, {})
    assert line["settings"] == tuple(one.id for one in plan.settings)
    assert line["sent"] == outcome.outgoing[0].id


def test_what_was_answered_after_a_wait_is_followed_too(studio: Studio) -> None:
    machine = ScriptedMachine()
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    rows = machine.train(plan.settings[0])
    del rows[3]
    seqs = [seq_of(row) for row in rows[1:-1]]
    assert studio.hear(*rows).traces == ()  # the end of the set waits for the rep
    (trace,) = studio.wait(machine.wall_ms + 60_000).traces
    assert (trace.head.kind, trace.reps) == ("set_end", {machine.stream: seqs})
