"""h03, a change in the middle of a rep: a setting at every sample of a set, and the drive keeps its row."""

from collections.abc import Callable

import pytest
from agent_shadow import ShadowRoom

from contract.messages import Setting
from machine_agent.agent import news
from machine_agent.agent.live import Live
from machine_agent.agent.session import Session
from machine_agent.clock import Now

NEW_LOADS_G = (21_000, 22_000, 10_000, 0)


def disturbed(room: ShadowRoom) -> tuple[int, int]:
    """Deliver a setting for this set and for the next at every sample; returns samples, changed commands."""
    plan, samples, changed = room.plan, 0, 0
    assert plan is not None
    while room.view.state.value == "working":
        load_g = NEW_LOADS_G[samples % len(NEW_LOADS_G)]
        for number in (1, 2):
            room.hear(room.next_setting(plan, set=number, load_g=load_g, end_cdeg=4_800))
        room.step()
        samples += 1
        command = room.commands[-1]
        if room.view.state.value == "working":
            changed += (command.load_g, command.start_cdeg, command.end_cdeg) != (20_000, 1_000, 5_000)
    return samples, changed


def test_h03_no_setting_changes_load_or_range_in_any_sample_of_a_set(
    make_lifting: Callable[..., ShadowRoom],
) -> None:
    room = make_lifting()
    samples, changed = disturbed(room)
    assert samples > 3 * 5 * 50  # three reps of five seconds at 50 Hz
    assert changed == 0
    assert room.faults == []


def test_h03_control_a_setting_that_acts_at_once_is_seen(
    make_lifting: Callable[..., ShadowRoom], monkeypatch: pytest.MonkeyPatch
) -> None:
    def at_once(live: Live, _session: Session, body: Setting, _now: Now) -> None:
        if live.running is not None:
            live.running.row = body

    monkeypatch.setattr(news, "_queue", at_once)
    assert disturbed(make_lifting())[1] > 0
