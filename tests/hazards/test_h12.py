"""h12, models gone mad: six of them decide after every set; the drive never leaves the safety page."""

import math
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from agent_shadow import ShadowRoom

from contract import codec, topics
from contract.messages import History, Plan, Rep, Setting
from machine_agent import guard
from machine_agent.agent import State
from machine_agent.inputs import Confirm, Reply, SignOff, Start

pytestmark = pytest.mark.usefixtures("coarsest")
TOPIC = topics.name("sim", "le-1", "down/setting")
REPS = 10
SETS = 4
LIGHT_G = 2_000  # the drive has it in a second
Model = Callable[[Random, int], dict[str, Any] | bytes]


def _not_a_number(chance: Random, _: int) -> bytes:
    """JSON knows no NaN: what such a model would send are bytes that no command can be."""
    value = chance.choice((b"NaN", b"Infinity", b"-Infinity", b"1e999", b"null", b'"nan"', b"20000.5"))
    return b'{"load_g": ' + value + b"}"


MODELS: dict[str, Model] = {
    "random": lambda chance, _: {
        "load_g": chance.randrange(-1_000, 200_001),
        "start_cdeg": chance.randrange(-18_000, 18_001),
        "end_cdeg": chance.randrange(-18_000, 18_001),
        "reps": chance.randrange(-1, 100),
        "work_ms": chance.choice((0, 1, 2**53)),
        "rest_ms": chance.choice((0, 1_000, 30_000)),
        "tempo_ms": tuple(chance.choice((0, 1, 2_000, 2**53)) for _ in range(3)),
    },
    "largest": lambda *_: {"load_g": 200_000, "end_cdeg": 18_000},
    "no number": _not_a_number,
    "swinging": lambda _, number: {"load_g": 0 if number % 2 else 50_000},
    "creeping": lambda _, number: {"load_g": LIGHT_G + 100 * number},  # one machine step after the other
    "pounds": lambda *_: {"load_g": math.floor(LIGHT_G * 2.2046 / 100) * 100},
}


class Mad:
    """A service whose model is mad: it answers every question and every set."""

    def __init__(self, name: str, chance: Random) -> None:
        self._model = MODELS[name]
        self._chance = chance
        self.sent = 0

    def tell(self, room: ShadowRoom, plan: Plan, number: int) -> None:
        self.sent += 1
        wish = self._model(self._chance, self.sent)
        if isinstance(wish, bytes):
            room.hear(codec.decode_down(TOPIC, wish))
            return
        setting: Setting = room.next_setting(plan, set=number, **wish)
        room.hear(setting)
        decoded = codec.decode_down(TOPIC, codec.encode(setting))
        if isinstance(decoded, codec.Undecodable):
            room.hear(decoded)


def visit(room: ShadowRoom, mad: Mad) -> None:
    """One session of four sets with quick reps; the arm reaches further than it was asked to."""
    rows = [
        {"reps": REPS, "rest_ms": 4_000, "tempo_ms": (800, 0, 800), "end_cdeg": 2_500, "load_g": LIGHT_G}
    ] * SETS
    past = History(median3_g=LIGHT_G, last_regular_g=LIGHT_G, peak_cdeg=2_500, peak_regular_cdeg=2_500)
    plan = room.ready(
        rows, history={"both": past}, flags=("calibrating",) if mad.sent % 3 == 1 else (), ceiling_g=30_000
    )
    room.arm.out_s, room.arm.back_s, room.arm.high_deg = 0.8, 0.8, 26.0
    for number in range(1, SETS + 1):
        mad.tell(room, plan, number)
        room.touch(Confirm())  # what rose is shown and confirmed again
        if room.view.awaits != "start":
            break
        room.touch(Start())
        mad.tell(room, plan, number)
        room.run_until("set")
        room.arm.lift()
        while room.agent._live.state is State.WORKING:  # a view a sample is half as much again
            room.step()
        room.arm.rest()
        for asked in room.view.questions:
            room.touch(Reply(question=asked.question, value=1))
            mad.tell(room, plan, number + 1) if number < SETS else None
        room.run(5)
    room.touch(SignOff())
    room.run(1)


def trained(name: str, reps: int) -> ShadowRoom:
    """Let people train under one model until so many reps are done; everybody is somebody new."""
    chance = Random(name)
    mad = Mad(name, chance)
    done, room = 0, ShadowRoom()
    while done < reps and not room.faults:
        room = ShadowRoom()
        visit(room, mad)
        done += len(room.bodies(Rep))
    return room


@pytest.mark.parametrize("name", MODELS)
def test_h12_a_few_sessions_of_each_model_stay_on_the_page(name: str) -> None:
    room = trained(name, 50)
    assert (room.faults, room.judged > 0) == ([], True)


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_h12_no_model_moves_the_drive_off_the_safety_page(name: str, counted: Callable[[int], int]) -> None:
    reps = counted(100_000 // len(MODELS))
    room = trained(name, reps)
    assert room.faults == []
    assert room.judged > 0


@pytest.mark.parametrize("name", ["largest", "pounds", "swinging"])
def test_h12_control_without_the_guard_a_mad_model_is_seen(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "how_much", lambda *_: None)
    assert trained(name, 100).faults != []


def test_h12_a_swinging_model_may_lower_but_never_gets_its_way_up() -> None:
    room = trained("swinging", 40)
    loads = [one.load_g for one in room.bodies(Rep)]
    assert max(loads) <= LIGHT_G
