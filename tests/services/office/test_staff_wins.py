"""Staff beats model in every interleaving of set ends, answers, orders, receipts and crashes."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from scripted_machine import ScriptedMachine, setting_in
from scripted_studio import Studio
from sqlalchemy import select, update
from studio_door import Door

from contract.messages import Answer, Applied, Plan, Receipt, Setting
from services.coaching import Delivery, overriding
from services.store import tables

WORLDS = 200  # N of the full run
STEPS = 14
CONTROLS = 12  # worlds in which a planted fault must show
NONE = Applied(load_g=0, start_cdeg=0, end_cdeg=0)


@dataclass
class Agent:
    """A machine that judges numbers, basis and age as the guard does; the newest setting of a set wins."""

    machine: ScriptedMachine
    plan: Plan
    next_set: int = 1
    newest: int = 0
    last_rep: int = 0
    queued: Setting | None = None
    inbox: list[Setting] = field(default_factory=list)
    said: list[Delivery] = field(default_factory=list)

    def hear(self, setting: Setting) -> list[Delivery]:
        if setting.seq <= self.newest or setting.set != self.next_set:
            return [self._refuse(setting, "SEQ")]
        if setting.basis.seq < self.last_rep:
            return [self._refuse(setting, "BASIS")]
        if self.machine.seq - setting.basis.seq > 2:  # rows stand for seconds here
            return [self._refuse(setting, "EXPIRED")]
        self.newest, self.queued = setting.seq, setting
        return []

    def train(self) -> tuple[Setting, list[Delivery]]:
        planned = next(row for row in self.plan.settings if row.set == self.next_set)
        setting = self.queued if self.queued and self.queued.set == self.next_set else planned
        rows = self.machine.train(setting, reps=2)
        self.last_rep = self.machine.seq - 1
        self.next_set, self.queued = self.next_set + 1, None
        return setting, rows

    def _refuse(self, setting: Setting, reason: str) -> Delivery:
        return self.machine.say(Receipt(result="refused", reason=reason, setting=setting.id, applied=NONE))


@dataclass
class World:
    """One seed: what is on its way, what staff want, and what was done."""

    studio: Studio
    door: Door
    agent: Agent
    chance: random.Random
    wanted_g: int | None = None
    is_known: bool = False  # the machine has taken a setting that carries it
    broken: list[str] = field(default_factory=list)
    last_g: int | None = None  # of the last set

    def step(self) -> None:
        act = self.chance.choice(("train", "answer", "order", "order", "back", "deliver", "deliver", "crash"))
        getattr(self, f"_{act}")()

    def _hear(self, rows: list[Delivery]) -> None:
        for delivery in rows:
            outcome = self.studio.hear(delivery)
            self.agent.said.append(delivery)
            self.agent.inbox += self.studio.settings(self.agent.machine, outcome)
        self._publish()

    def _publish(self) -> None:
        """Take what staff's acts put into the outbox, in any order with what is on its way."""
        outbox = tables.outbox
        with self.studio.engine.begin() as connection:
            rows = connection.execute(
                select(outbox.c.id, outbox.c.payload).where(
                    outbox.c.topic.endswith("down/setting"), outbox.c.published_ms.is_(None)
                )
            ).all()
            connection.execute(update(outbox).values(published_ms=1))
        known = {one.id for one in self.agent.inbox}
        fresh = [setting_in(row.payload, self.agent.machine) for row in rows]
        self.agent.inbox += [one for one in fresh if one.policy == "staff" and one.id not in known]

    def _train(self) -> None:
        if self.agent.next_set > len(self.agent.plan.settings):
            return
        setting, rows = self.agent.train()
        if self.is_known and self.wanted_g is not None and not self.carries(setting):
            self.broken.append(f"set {setting.set} at {setting.load_g} g, staff wanted {self.wanted_g} g")
        if self.wanted_g is None and setting.policy == "staff" and self.is_known:
            self.broken.append("staff's dose after it was given back")
        self.is_known, self.last_g = False, setting.load_g
        self._hear(rows)

    def _answer(self) -> None:
        done = self.agent.next_set - 1
        if done:
            self._hear([self.agent.machine.say(Answer(question="rir", value="many", set=done))])

    def _order(self) -> None:
        following = [row for row in self.agent.plan.settings if row.set >= self.agent.next_set]
        if not following or following[0].mode != "train" or following[0].load_g == 0:
            return
        load_g = self.chance.choice((40, 60, 80)) * following[0].load_g // 100 // 100 * 100
        body = {"side": "both", "because": "other", "reason": "Seen", "load_kg": load_g / 1000}
        answer = self.door.client.post(f"/v1/sessions/{self.agent.machine.session}/override", json=body)
        if answer.status_code == 201:
            self.wanted_g, self.is_known = load_g, False
        self._publish()

    def _back(self) -> None:
        path = f"/v1/sessions/{self.agent.machine.session}/give-back"
        if self.door.client.post(path, json={}).status_code == 204:
            self.wanted_g, self.is_known = None, False

    def _deliver(self) -> None:
        """Hand over what is on its way, in any order, each perhaps twice."""
        waiting, self.agent.inbox = self.agent.inbox, []
        self.chance.shuffle(waiting)
        for setting in waiting + waiting[: self.chance.randrange(2)]:
            refusals = self.agent.hear(setting)
            if not refusals:
                self.is_known = self.carries(setting)
            self._hear(refusals)

    def _crash(self) -> None:
        """The service died before the broker heard: all its rows come again."""
        for delivery in self.agent.said[-6:]:
            assert self.studio.settings(self.agent.machine, self.studio.hear(delivery)) == []

    def settle(self) -> bool:
        """Let everything arrive; tell whether the machine ends up with staff's dose."""
        for _ in range(8):
            self._deliver()
        queued = self.agent.queued
        return self.wanted_g is None or (queued is not None and self.carries(queued))

    def carries(self, setting: Setting) -> bool:
        """Tell whether it is staff's dose, or as near to it as one step above the last set allows."""
        wanted_g = self.wanted_g
        if setting.policy != "staff" or wanted_g is None:
            return False
        is_step = self.last_g is not None and self.last_g < setting.load_g < wanted_g
        return setting.load_g == wanted_g or is_step


def open_world(studio: Studio, door: Door, seed: int) -> World:
    badge, machine = f"badge-w{seed}", ScriptedMachine(f"lumbar-w{seed}")
    studio.enrol(badge, "lumbar_extension")
    plan = studio.plan(machine, studio.hear(machine.sign_in(badge)))
    for row in plan.settings:
        studio.hear(machine.weigh(), *machine.train(row), machine.answer("rir", "many", row.set))
    studio.hear(machine.sign_out())
    machine.rest(4)
    plan = studio.plan(machine, studio.hear(machine.sign_in(badge)))
    studio.hear(machine.weigh(), machine.answer("pain_before", 2))
    world = World(studio, door, Agent(machine, plan), random.Random(seed))
    while (
        world.agent.next_set <= len(plan.settings)
        and world.agent.plan.settings[world.agent.next_set - 1].mode != "train"
    ):
        world._train()
    world.agent.inbox.clear()
    return world


def played(studio: Studio, door: Door, seeds: range) -> tuple[list[tuple[int, list[str], int | None]], int]:
    """Play worlds; returns what went wrong by seed, and in how many staff's order stood at the end."""
    failures, orders = [], 0
    for seed in seeds:
        world = open_world(studio, door, seed)
        for _ in range(STEPS):
            world.step()
        orders += world.wanted_g is not None
        has_set = world.agent.next_set <= len(world.agent.plan.settings)
        if world.broken or (has_set and not world.settle()):
            failures.append((seed, world.broken, world.wanted_g))
    return failures, orders


def test_no_interleaving_lets_the_model_undo_what_staff_chose(
    studio: Studio, door: Door, counted: Callable[[int], int]
) -> None:
    failures, orders = played(studio, door, range(counted(WORLDS)))
    assert failures == []
    assert orders > 0


def test_a_service_that_lets_go_of_the_order_is_found_out(
    studio: Studio, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overriding, "chosen", lambda _case, _row, dose, _asked: (dose, None))
    assert any(played(studio, door, range(seed, seed + 1))[0] for seed in range(CONTROLS))
