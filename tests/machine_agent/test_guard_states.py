"""Agent and guard under any order of touches, settings, holds, reps and silence: the safety page holds."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar, Literal, get_args

import pytest
from agent_room import STAFF_PIN, STREAM
from agent_shadow import ShadowRoom
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from contract.codec import Undecodable
from contract.messages import Flag, History, Hold, HoldAction, Plan
from machine_agent import guard
from machine_agent.agent import State
from machine_agent.inputs import (
    Button,
    Confirm,
    EmergencyStop,
    MoveArm,
    PatientInput,
    Press,
    Reply,
    Reset,
    Resume,
    SignOff,
    StaffPin,
    Start,
    Weighed,
)

STEPS = 50  # of one example
COARSE_MS = 50  # between two samples
pytestmark = pytest.mark.usefixtures("coarse")
LOADS = st.sampled_from((0, 1_000, 1_900, 2_000, 2_100, 2_200, 2_300, 2_400, 2_500, 2_600, 60_000))
MORE = st.sampled_from((-500, 0, 100, 100, 100, 200, 300, 60_000))
ENDS = st.sampled_from((2_000, 2_400, 2_500, 2_600, 3_000, 3_049, 3_050, 3_051, 6_000, 6_001))
FLAGS: st.SearchStrategy[set[Flag]] = st.sets(st.sampled_from(("calibrating", "returning", "no_increase")))
QUICK = {"reps": 2, "rest_ms": 7_000, "end_cdeg": 2_500}
TOUCHES: tuple[PatientInput, ...] = (
    *(Press(button=button) for button in get_args(Button)),
    EmergencyStop(), Confirm(), MoveArm(), Reset(), SignOff(), StaffPin(pin="0000"),
    Weighed(deg=(1.0,) * 3, nm=(0.0,) * 3),
)  # fmt: skip


Mishap = HoldAction | Literal["touch", "garbled", "sensor"]
MISHAPS: tuple[Mishap, ...] = ("touch", "garbled", "sensor", "touch", "stop", "pause", "freeze", "touch")


class Edge(RuleBasedStateMachine):
    """One machine through a day; the shadow judges every step, and its verdict is the oracle's."""

    steps: ClassVar[int] = 0
    judged: ClassVar[int] = 0
    rises: ClassVar[int] = 0
    met: ClassVar[set[State]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.room = ShadowRoom()
        self.room.arm.out_s, self.room.arm.back_s, self.room.arm.high_deg = 0.8, 0.8, 26.0
        self.plan: Plan | None = None
        self.seen = self.room.view

    @precondition(lambda self: self.seen.state is State.IDLE)
    @rule(
        flags=FLAGS,
        median3_g=st.sampled_from((0, 1_800, 2_000, 2_400)),
        day_start_g=st.sampled_from((0, 0, 1_800, 2_000)),
        peak_cdeg=st.sampled_from((0, 2_500, 5_000)),
        load_g=st.sampled_from((1_000, 2_000)),
        nrs=st.sampled_from((0, 0, 0, 0, 6)),
        spasm=st.sampled_from((0, 0, 0, 0, 0, "yes")),
    )
    def arrive(self, flags: set[Flag], load_g: int, nrs: int, spasm: int | str, **history: int) -> None:
        """Sign in and get ready for the first set."""
        past = History(last_regular_g=2_200, peak_regular_cdeg=2_500, **history)
        row = QUICK | {"load_g": load_g}
        changes: dict[str, Any] = {
            "flags": tuple(sorted(flags)),
            "ceiling_g": 40_000,
            "history": {"both": past},
        }
        self.plan = self.room.sign_in((row, row, row), **changes)
        self.room.touch(Confirm())
        self.room.touch(Weighed(deg=(10.0, 30.0, 50.0), nm=(0.0, 0.0, 0.0)))
        for asked in self.room.view.questions:
            self.room.touch(Reply(question=asked.question, value=spasm if asked.question == "spasm" else nrs))

    @precondition(lambda self: self.seen.awaits == "start")
    @rule()
    def begin(self) -> None:
        """Start a set and take up the load."""
        self.room.touch(Start())
        self.room.run(0.5)

    @precondition(lambda self: self.seen.awaits == "start")
    @rule(more_g=MORE, nrs=st.sampled_from((0, 2, 2, 2, 6)))
    def train(self, more_g: int, nrs: int) -> None:
        """A whole set, its questions, what the service makes of it, and the rest."""
        self.room.touch(Start())
        self.lift(posture=True)
        for _ in range(200):
            if self.room.view.state is not State.WORKING:
                break
            self.room.step()
        self.room.arm.rest()
        for asked in self.room.view.questions:
            self.room.touch(Reply(question=asked.question, value=nrs))
        if self.plan is not None and self.room.view.state is State.REST:
            asked_g = max(self.room.in_force_g + more_g, 0)
            self.room.hear(self.room.next_setting(self.plan, set=self.room.view.set or 3, load_g=asked_g))
        self.room.run(7.2)

    @precondition(lambda self: self.seen.state is State.WORKING)
    @rule(posture=st.booleans())
    def lift(self, posture: bool) -> None:
        """Wait for the load and do one rep, perhaps a short one."""
        for _ in range(60):
            if self.room.view.awaits != "loading":
                break
            self.room.step()
        self.room.arm.lift()
        self.room.arm.high_deg = 26.0 if posture else 20.0
        self.room.run(2.2)

    @precondition(lambda self: self.seen.session)
    @rule(
        number=st.integers(1, 3), load_g=LOADS, end_cdeg=ENDS, seq=st.integers(-3, 3), verified=st.booleans()
    )
    def set(self, number: int, load_g: int, end_cdeg: int, seq: int, verified: bool) -> None:
        """Deliver a setting, mostly a new one, twice."""
        if self.plan is None:
            return
        wanted = {"load_g": load_g, "end_cdeg": min(end_cdeg, end_cdeg // 2) if load_g % 200 else end_cdeg}
        made = self.room.next_setting(self.plan, set=number, **wanted)
        if seq < 0:
            made = self.room.next_setting(self.plan, set=number, seq=50 + seq, **wanted)
        for _ in range(2):
            self.room.hear(made, verified=verified or seq > 0)

    @precondition(lambda self: self.seen.questions)
    @rule(value=st.sampled_from((0, 2, 2, 2, 6)))
    def answer(self, value: int) -> None:
        """Answer the first open question."""
        self.room.touch(Reply(question=self.room.view.questions[0].question, value=value))

    @rule()
    def clear(self) -> None:
        """Staff come and clear what is to be cleared; or the person goes on."""
        self.room.run(1.1)
        for touch in (Reset(), Resume(), StaffPin(pin=STAFF_PIN)):
            self.room.touch(touch)

    @rule(seconds=st.sampled_from((0.1, 0.5, 5.0, 14.9, 30.0)), linked=st.booleans())
    def wait(self, seconds: float, linked: bool) -> None:
        """Let time pass, with the link or without it."""
        self.room.linked = linked
        self.room.arm.rest()
        if self.room.view.load_g:
            self.room.run(min(seconds, 0.5))
        else:
            self.room.skip(seconds)

    @rule(what=st.sampled_from(MISHAPS), touch=st.sampled_from(TOUCHES), seq=st.integers(0, 80))
    def disturb(self, what: Mishap, touch: PatientInput, seq: int) -> None:
        """Staff hold, a sensor lies, bytes come that cannot be read, somebody touches something."""
        room, session = self.room, self.room.view.session or STREAM
        if what == "touch":
            room.touch(touch)
            room.run(0.1)
        elif what == "garbled":
            room.hear(Undecodable(reason="JSON", detail=""))
        elif what == "sensor":
            wrong = replace(room.arm.sample(room.body_ms), deg=math.nan)
            room.take(room.agent.on_sample(wrong, room.now))
        else:
            is_here = seq % 2 == 0
            held = session if is_here else STREAM
            room.hear(Hold(id=STREAM, action=what, reason="", by="staff", seq=seq, session=held))

    @invariant()
    def the_page_holds(self) -> None:
        self.seen = self.room.view
        Edge.steps += 1
        Edge.met.add(self.seen.state)
        assert self.room.faults[:1] == []

    def teardown(self) -> None:
        Edge.judged += self.room.judged
        Edge.rises += self.room.rises


@pytest.fixture
def coarse(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("agent_room", "agent_shadow"):
        monkeypatch.setattr(f"{module}.TICK_MS", COARSE_MS)


def run(examples: int) -> None:
    Edge.steps = Edge.judged = Edge.rises = 0
    quiet = settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    run_state_machine_as_test(Edge, settings=quiet)


def test_in_some_orders_of_events_the_safety_page_holds() -> None:
    run(30)
    assert Edge.judged > 0
    assert State.WORKING in Edge.met


def test_the_first_load_of_the_day_is_the_reference_over_a_sign_out() -> None:
    edge = Edge()
    usual: dict[str, Any] = {"flags": set(), "nrs": 0, "spasm": 0, "median3_g": 2_400, "day_start_g": 0}
    edge.arrive(load_g=2_000, peak_cdeg=2_500, **usual)
    edge.train(0, 2)
    edge.room.touch(SignOff())
    edge.wait(seconds=30.0, linked=True)
    edge.clear()
    edge.arrive(load_g=1_000, peak_cdeg=0, **usual)
    for _ in range(2):
        edge.train(100, 2)
    edge.train(0, 2)
    assert edge.room.in_force_g == 1_200  # above 115 % of this sign-in's first load, not of the day's
    assert edge.room.faults == []


@pytest.mark.slow
def test_in_any_order_of_events_the_safety_page_holds(counted: Callable[[int], int]) -> None:
    run(counted(1_000_000) // STEPS)
    assert Edge.judged > 0
    assert Edge.rises > 0
    assert Edge.met == set(State) - {State.BOOT}


def test_control_an_agent_without_its_guard_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "how_much", lambda *_: None)
    with pytest.raises(AssertionError):
        run(200)
