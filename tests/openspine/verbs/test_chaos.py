import json
import signal
from dataclasses import replace
from typing import Any

import pytest

from openspine.chaos import edge, trials
from openspine.outcome import ExitCode, Failure
from openspine.verbs import chaos


@pytest.mark.parametrize(
    ("without", "kept"), [(None, (True, True)), ("app-ack", (False, True)), ("dedupe", (True, False))]
)
@pytest.mark.parametrize("ok", [True, False])
def test_the_verdict_is_the_exit_code(
    ok: bool,
    without: Any,
    kept: tuple[bool, bool],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked: list[edge.EdgeOptions] = []

    def run(options: edge.EdgeOptions, _say: edge.Say) -> dict[str, Any]:
        asked.append(options)
        return {"ok": ok}

    monkeypatch.setattr(edge, "run", run)
    monkeypatch.setattr("logging.disable", lambda _: None)
    code = chaos.edge(messages=7, cuts=2, kills=1, seed=5, without=without, json=True)
    assert code == (ExitCode.OK if ok else ExitCode.FAILED)
    assert json.loads(capsys.readouterr().out) == {"ok": ok}
    [options] = asked
    assert (options.messages, options.cuts, options.kills, options.seed) == (7, 2, 1, 5)
    assert (options.app_ack, options.dedupe) == kept


def test_nothing_to_send_is_a_usage_error() -> None:
    with pytest.raises(Failure) as raised:
        chaos.edge(messages=0)
    assert raised.value.code == ExitCode.USAGE


@pytest.mark.parametrize("ok", [True, False])
def test_the_verdict_on_the_service_is_the_exit_code(
    ok: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[trials.Plan] = []

    def run(plan: trials.Plan, _say: edge.Say) -> dict[str, Any]:
        asked.append(plan)
        return {"ok": ok}

    monkeypatch.setattr(trials, "run", run)
    monkeypatch.setattr("logging.disable", lambda _: None)
    code = chaos.service(full=True, kills=3, only="flood,broker", seed=4, without="app-ack", json=True)
    assert code == (ExitCode.OK if ok else ExitCode.FAILED)
    assert json.loads(capsys.readouterr().out) == {"ok": ok}
    [plan] = asked
    assert (plan.size, plan.trials) == (replace(trials.WHOLE, kills=3), ("broker", "flood"))
    assert (plan.seed, plan.app_ack) == (4, False)
    chaos.service()
    assert asked[-1] == trials.Plan(size=trials.QUICK)


@pytest.mark.parametrize("wrong", [{"kills": 0}, {"only": "nothing"}, {"only": "flood,nothing"}])
def test_a_trial_that_there_is_not_is_a_usage_error(wrong: dict[str, Any]) -> None:
    with pytest.raises(Failure) as raised:
        chaos.service(**wrong)
    assert raised.value.code == ExitCode.USAGE


def test_a_run_that_is_told_to_end_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """SIGTERM is SIGINT: asyncio then ends every task in order, also where a shell had SIGINT ignored."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def run(*_: object) -> dict[str, Any]:
        signal.raise_signal(signal.SIGTERM)
        return {"ok": True}

    monkeypatch.setattr(edge, "run", run)
    monkeypatch.setattr(trials, "run", run)
    monkeypatch.setattr("logging.disable", lambda _: None)
    try:
        for verb in (chaos.edge, chaos.service):
            with pytest.raises(KeyboardInterrupt):
                verb()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
