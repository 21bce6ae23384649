"""h17, a replay onto a real machine, the agent's side: it hears, takes and drives nothing."""

from dataclasses import replace
from pathlib import Path

import pytest
from agent_room import Room, plan_of
from agent_shadow import ShadowRoom

from contract import topics
from contract.messages import Down, Receipt
from machine_agent import guard, link, settings
from machine_agent.drivers import registry
from machine_agent.inputs import Identify

CONFIGURATION = """
[machine]
id = "le-1"
kind = "lumbar_extension"
driver = "{driver}"
mode = "{mode}"
keys = "keys.json"
site_key = "site"
spool = "spool.sqlite"
[broker]
host = "127.0.0.1"
{credentials}
"""
REAL = 'username = "le-1"\npassword = "secret"'


def recorded() -> list[Down]:
    """Everything that the service once said to somebody: a plan and a setting for each set."""
    before = Room()
    before.agent._live.randomness = bytes  # session and nonce of another day
    before.touch(Identify(badge="badge-1"))
    plan = plan_of(before.rows[-1], ({}, {}))
    return [plan, *(before.next_setting(plan, set=number, load_g=22_000) for number in (1, 2))]


def replayed(onto: ShadowRoom) -> int:
    """Play a recording to the agent, signatures and all; returns how much of it was believed."""
    before = onto.view
    for body in recorded():
        onto.hear(body)
    is_plan_taken = before.state.value == "identified" and onto.view.state.value == "ready"
    session = onto.agent._live.session
    return is_plan_taken + (len(session.queue) if session else 0)


def test_h17_a_real_agent_subscribes_to_no_simulated_topic() -> None:
    simulated = {topics.name("sim", "le-1", channel) for channel in topics.TOPICS}
    real = {topics.name("real", "le-1", channel) for channel in (*link.DOWN, link.OWN)}
    assert real.isdisjoint(simulated)
    assert {topics.parse(topic) for topic in real}.isdisjoint({topics.parse(topic) for topic in simulated})


def test_h17_a_recording_is_believed_by_nobody() -> None:
    waiting = ShadowRoom()
    waiting.touch(Identify(badge="badge-1"))
    training = ShadowRoom()
    training.ready()
    for room in (ShadowRoom(), waiting, training):
        assert replayed(room) == 0
        assert {one.result for one in room.bodies(Receipt)} <= {"refused"}
        assert room.faults == []


@pytest.mark.parametrize("driver", [name for name, kind in registry.DRIVERS.items() if kind.physical])
@pytest.mark.parametrize(
    ("mode", "credentials", "is_built"), [("sim", REAL, False), ("real", "", False), ("real", REAL, True)]
)
def test_h17_a_physical_driver_needs_a_real_machine_and_its_credentials(
    driver: str, mode: str, credentials: str, *, is_built: bool, tmp_path: Path
) -> None:
    (tmp_path / "site").write_text("00ff\n")
    path = tmp_path / "agent.toml"
    path.write_text(CONFIGURATION.format(driver=driver, mode=mode, credentials=credentials))
    assert isinstance(settings.read(path), settings.Settings) == is_built


def test_h17_no_configuration_can_name_a_recorded_or_emulated_driver() -> None:
    physical = {name for name, kind in registry.DRIVERS.items() if kind.physical}
    assert set(registry.DRIVERS) == physical | {"still"}, "replay hands its driver over as an object"


def test_h17_control_without_session_and_nonce_a_recording_is_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(guard, "_whose", lambda *_: None)
    monkeypatch.setattr(guard, "_rows", lambda *_: None)
    waiting = ShadowRoom()
    waiting.touch(Identify(badge="badge-1"))
    assert replayed(waiting) == 1


def test_h17_control_a_physical_driver_for_everybody_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tame = {name: replace(kind, physical=False) for name, kind in registry.DRIVERS.items()}
    monkeypatch.setattr(settings, "DRIVERS", tame)
    (tmp_path / "site").write_text("00ff\n")
    path = tmp_path / "agent.toml"
    path.write_text(CONFIGURATION.format(driver="modbus", mode="sim", credentials=""))
    assert isinstance(settings.read(path), settings.Settings)
