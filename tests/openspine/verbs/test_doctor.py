import json

import pytest

from openspine.outcome import ExitCode
from openspine.verbs import doctor


def test_here_everything_needed_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.run(json=True) == ExitCode.OK
    assert json.loads(capsys.readouterr().out)["ok"]


def test_what_is_missing_is_named_with_its_cure() -> None:
    missing = doctor._module("no_such_module", "server", needed=True)
    assert not missing.found
    assert doctor._line(missing) == "MISSING  no_such_module: requirements/server.txt"
