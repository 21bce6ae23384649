"""What is measured is true work of both paths; no figure is judged here, a busy computer is slow."""

import numpy as np
import pytest

from emulator.rep_level.sets import perform
from openspine.bench import emulator as bench


def test_the_agent_is_measured_at_work_and_not_idle() -> None:
    turn = bench.agent_turn()
    assert turn.reps == 20
    assert turn.body_s > 150
    assert turn.processor_s > 0


def test_the_plain_reference_does_the_same_sets() -> None:
    body, doses = bench.mixed_sets()
    sets = perform(body, doses, np.random.default_rng(1))
    honest = sets.ended_by != 4  # who presses Pain goes no further, which the reference does not know
    moving_s = np.array(bench.plain_sets(body, doses))[honest].mean()
    seen_s = (sets.concentric_s + sets.hold_s + sets.eccentric_s) * sets.counted
    assert moving_s == pytest.approx(seen_s.sum(axis=1)[honest].mean(), rel=0.1)


def test_figures_stand_beside_their_goals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "ROWS", 40)
    told: list[str] = []
    found = bench.measure(1, told.append)
    assert told
    assert found["sets_per_s"]["goal"] == 50_000
    assert found["times_real_time"]["goal"] == 100
    assert found["times_real_time"]["reps"] == 20
    ratio = found["sets_per_s"]["value"] / found["sets_per_s_plain"]["value"]
    assert found["sets_ratio"] == pytest.approx(ratio, rel=0.05)
