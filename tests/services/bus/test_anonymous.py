"""The broker itself says whether it lets in anybody; silence proves nothing."""

import socket
from pathlib import Path
from typing import Any

import pytest
from secured_broker import SecuredBroker

from openspine.broker import folder as broker_folder
from openspine.broker.embedded import Broker, mosquitto_path
from openspine.children import LOOPBACK
from services.bus import anonymous
from services.bus.anonymous import of_broker
from services.settings import Settings


def asked(port: int, **more: Any) -> tuple[list[str], list[str]]:
    """Return the codes of what is found, and the warnings."""
    warned: list[str] = []
    settings = Settings(mqtt_host=LOOPBACK, mqtt_port=port, **more)
    return [one.code for one in of_broker(settings, warned.append)], warned


@pytest.mark.broker
def test_a_broker_that_lets_in_anybody_is_found_also_on_loopback(broker: Broker) -> None:
    assert asked(broker.port) == (["anonymous_broker"], [])
    assert asked(broker.port, mqtt="none") == ([], [])


@pytest.mark.broker
def test_a_broker_that_asks_for_a_password_is_not(tmp_path: Path) -> None:
    if mosquitto_path() is None or broker_folder.plugin_path() is None:
        pytest.skip("needs mosquitto and its plugin for rights")
    with SecuredBroker(tmp_path / "broker") as broker:
        assert asked(broker.port, mqtt_tls=True, mqtt_ca=broker.authority) == ([], [])


def test_a_broker_that_is_away_is_warned_of(free_port: int) -> None:
    unknown = f"whether the broker at {LOOPBACK}:{free_port} lets in anybody is unknown"
    assert asked(free_port) == ([], [f"{unknown}: ConnectionRefusedError"])


def test_a_broker_that_is_silent_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anonymous, "PATIENCE_S", 0.1)
    with socket.create_server((LOOPBACK, 0)) as listening:
        found, (warned,) = asked(listening.getsockname()[1])
    assert found == []
    assert warned.endswith("unknown: TimeoutError")
