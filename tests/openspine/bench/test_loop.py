import pytest

from openspine.bench.load import MESSAGES_IN_SESSION, Tally
from openspine.bench.loop import crowd, figures, ratios


def a_run(messages_per_s: float, p50: float) -> dict[str, object]:
    return {"messages_per_s": messages_per_s, "paced": {"rep_ms": {"p50": p50}}}


def test_ours_is_beside_the_mean_of_the_raw_runs_around_it() -> None:
    runs = {"raw_before": a_run(300, 1.0), "ours": a_run(100, 3.0), "raw_after": a_run(100, 2.0)}
    assert ratios(runs) == {"raw": 0.5, "paced_raw": 2.0}


def test_a_peer_that_was_not_measured_has_no_ratio() -> None:
    runs = {"raw_before": a_run(100, 1.0), "ours": a_run(100, 1.0), "raw_after": a_run(100, 1.0)}
    assert "node_red" not in ratios(runs)
    assert ratios(runs | {"node_red": a_run(50, 1.0)})["node_red"] == 2.0


def test_machines_do_not_go_in_step() -> None:
    skipped = {machine.skipped for machine in crowd(["b"] * 200)}
    assert len(skipped) > MESSAGES_IN_SESSION / 2
    assert max(skipped) < MESSAGES_IN_SESSION


def test_a_figure_is_of_the_measured_seconds() -> None:
    tally = Tally(rep_ms=[1.0, 3.0], setting_ms=[5.0], processor_ms=6.0)
    found = figures(tally, 2.0)
    assert found["messages_per_s"] == 1.5
    assert found["processor_us"] == pytest.approx(2_000)
