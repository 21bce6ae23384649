"""Every fault of sensors and people meets its reaction in the true agent; without the protection, not."""

from collections.abc import Callable
from typing import Any

import pytest

from emulator.faults.registry import FAULTS, FaultName
from emulator.faults.verdict import Verdict
from machine_agent.agent import sets, stops, timing, touches, watch
from machine_agent.inputs import Press

Struck = Callable[[FaultName], Verdict]
INSIDE = [name for name, kind in FAULTS.items() if kind.layer in ("sensor", "person")]
AT_ONCE_S = 0.2
# Body seconds from the fault to the first sign: as long as the rule allows, and two telegrams.
MOST_S = {"stuck": 1.1, "kg_lb": 0.4, "drive_off": 0.4, "stall": 21.0, "twice": 45.0}


def blind(patch: pytest.MonkeyPatch) -> None:
    """Let nobody watch the sensors."""
    patch.setattr(watch.Watch, "look", lambda *_: None)
    patch.setattr(timing, "_silence", lambda *_: None)


def deaf(patch: pytest.MonkeyPatch) -> None:
    """Let no button do anything."""
    patch.setitem(touches.HANDLERS, Press, lambda *_: None)


def constant(place: Any, name: str) -> Callable[[pytest.MonkeyPatch], None]:
    """Put a limit so far off that nothing reaches it."""
    return lambda patch: patch.setattr(place, name, 10**9)


# What is taken away so that the reaction must stay out; nothing protects from `twice` but counting by angle.
UNPROTECTED: dict[FaultName, Callable[[pytest.MonkeyPatch], None]] = {
    "silent": blind,
    "stuck": constant(watch, "STUCK_MS"),
    "jump": blind,
    "kg_lb": constant(watch, "LOAD_ERROR_MS"),
    "drive_off": constant(watch, "LOAD_ERROR_MS"),
    "estop": lambda patch: patch.setattr(stops, "power_cut", lambda *_: False),
    "pain": deaf,
    "stop": deaf,
    "stall": constant(sets, "REP_MOST_S"),
    "slip": constant(watch, "OVERSPEED_MS"),
}


@pytest.mark.parametrize("name", INSIDE)
def test_its_reaction_is_seen(name: FaultName, struck: Struck) -> None:
    verdict = struck(name)
    assert verdict.planted_s is not None
    assert verdict.missing == FAULTS[name].at_the_end  # the store is asked elsewhere
    assert len(verdict.evidence) == len(FAULTS[name].signs) - len(verdict.missing) > 0
    noticed_s = float(verdict.evidence[0].rpartition("(")[2].removesuffix(" s)"))
    assert noticed_s - verdict.planted_s <= MOST_S.get(name, AT_ONCE_S)


@pytest.mark.parametrize("name", UNPROTECTED)
def test_control_without_its_protection_the_reaction_is_not_seen(
    name: FaultName, struck: Struck, monkeypatch: pytest.MonkeyPatch
) -> None:
    UNPROTECTED[name](monkeypatch)
    verdict = struck(name)
    assert verdict.planted_s is not None
    first = FAULTS[name].signs[0]
    assert first in verdict.missing
