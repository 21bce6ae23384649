import json
from typing import Any

import pytest

from openspine.chaos import edge
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
