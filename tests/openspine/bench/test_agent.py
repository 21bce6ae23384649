"""What the agent costs is measured on true processes; no figure is judged here, a busy computer is slow."""

import pytest

from openspine.bench.agent import installed_mb, measure
from openspine.broker.embedded import available_kinds

GOALS = {"start_s": 1.0, "rss_mb": 60.0, "cpu_percent": 5.0, "install_mb": 45.0}


@pytest.mark.broker
@pytest.mark.slow
@pytest.mark.skipif(not available_kinds(), reason="no broker is installed here")
def test_every_figure_stands_beside_its_goal() -> None:
    found = measure(2.0, lambda _: None)
    assert {name: one["goal"] for name, one in found.items()} == GOALS
    assert all(one["ok"] is (one["value"] <= one["goal"]) for one in found.values())
    assert all(one["value"] > 0 for one in found.values())
    assert set(found["rss_mb"]["of"]) == {"agent", "watchdog"}
    assert found["rss_mb"]["of"]["watchdog"]["rss_mb"] < found["rss_mb"]["of"]["agent"]["rss_mb"]


def test_what_is_installed_is_what_the_base_asks_for() -> None:
    found = installed_mb()
    assert {"aiomqtt", "cryptography", "msgspec", "machine_agent", "contract"} <= set(found)
    assert not {"pymodbus", "numpy", "fastapi"} & set(found)
    assert sum(found.values()) < GOALS["install_mb"]
