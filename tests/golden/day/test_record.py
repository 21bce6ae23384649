import importlib.util
from pathlib import Path
from typing import Any

import pytest
from day_kitchen import FOLDER, Kitchen

from emulator.replay.golden import compare
from openspine.__main__ import main
from openspine.broker.embedded import available_kinds
from openspine.outcome import ExitCode

pytestmark = [
    pytest.mark.broker,
    pytest.mark.slow,
    pytest.mark.skipif(not available_kinds(), reason="needs an MQTT broker"),
]


def script() -> Any:
    spec = importlib.util.spec_from_file_location("golden_day_record", FOLDER / "record.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_was_decided_live_is_decided_again_from_the_recording(kitchen: Kitchen, tmp_path: Path) -> None:
    """Rows that came together are answered together live; a replay answers each: it may only decide more."""
    day = tmp_path / "day.mcap"
    left, decided = script().live(day)
    assert left == 0
    assert len(decided) > 30
    served = kitchen.serve(f"sqlite:///{tmp_path / 'again.sqlite'}")
    assert main(["replay", str(day), "--broker", served.broker, "--rate", "max"]) == ExitCode.OK
    found = compare(decided, served.decided(), ("decision",))
    assert (found.different, found.missing, found.equal) == ((), (), len(decided))
