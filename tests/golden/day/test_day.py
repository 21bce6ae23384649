import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from day_kitchen import DAY, GOLDEN, Kitchen, Served

from emulator.replay.golden import read_lines
from ml.rules import doses
from openspine.__main__ import main
from openspine.broker import available_kinds
from openspine.outcome import ExitCode

pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif(not available_kinds(), reason="needs an MQTT broker"),
]
SIZE_MOST_BYTES = 200_000
BUSY = 2  # processes beside that never rest


def replayed(
    served: Served, capsys: pytest.CaptureFixture[str], *options: str, golden: Path = GOLDEN
) -> tuple[int, dict[str, Any], str]:
    capsys.readouterr()
    where = ["--broker", served.broker, "--rate", "max", "--verify", str(golden), "--json"]
    code = main(["replay", str(DAY), *where, *options])
    told = capsys.readouterr()
    return code, json.loads(told.out), told.err


def decisions(golden: Path = GOLDEN) -> list[bytes]:
    return [one for one in read_lines(golden.read_bytes()) if b'"kind":"decision"' in one]


@contextmanager
def a_busy_computer() -> Iterator[None]:
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(BUSY)]
    try:
        yield
    finally:
        for one in busy:
            one.kill()
            one.wait()


def test_the_day_is_small_and_its_lines_are_golden() -> None:
    assert DAY.stat().st_size + GOLDEN.stat().st_size < SIZE_MOST_BYTES
    kinds = [json.loads(one)["kind"] for one in read_lines(GOLDEN.read_bytes())]
    assert {kind: kinds.count(kind) for kind in kinds} == {"plan": 3, "setting": 20, "decision": 36}


def test_a_fresh_service_decides_every_byte_again_and_one_that_knows_the_day_changes_nothing(
    kitchen: Kitchen, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    served = kitchen.serve(database_url)
    code, told, said = replayed(served, capsys)
    assert code == ExitCode.OK, said
    assert told["rows"] == told["acknowledged"] == 155
    assert served.decided() == decisions()

    before = served.rows()
    assert {len(before[name]) for name in ("inbox", "decision")} == {155, 36}
    code, told, said = replayed(served, capsys)
    assert (told["acknowledged"], told["rejected"], told["unacked"]) == (155, 0, 0)
    assert served.rows() == before
    assert (code, told["decided"]) == (ExitCode.DIFFERS, 0)
    assert "a service that has the recording already answers nothing again" in said


def test_the_bytes_do_not_depend_on_how_busy_the_computer_and_how_slow_the_service_is(
    kitchen: Kitchen, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = tmp_path / "idle.jsonl", tmp_path / "busy.jsonl"
    idle = kitchen.serve(f"sqlite:///{tmp_path / 'idle.sqlite'}")
    assert replayed(idle, capsys, "--write-golden", str(written[0]))[0] == ExitCode.OK
    idle.stop()
    busy = kitchen.serve(f"sqlite:///{tmp_path / 'busy.sqlite'}", "aiomqtt", slow=True)
    with a_busy_computer():
        assert replayed(busy, capsys, "--write-golden", str(written[1]))[0] == ExitCode.OK
    assert written[0].read_bytes() == written[1].read_bytes() != b""
    assert busy.decided() == idle.decided() == decisions()


def test_another_constant_of_the_policy_is_found(
    kitchen: Kitchen, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doses, "FIRST_REST_S", 91)
    served = kitchen.serve(f"sqlite:///{tmp_path / 'other.sqlite'}")
    code, told, said = replayed(served, capsys)
    assert code == ExitCode.DIFFERS
    assert told["verified"]["different"]
    assert "rest_ms: logged 90000, now 91000" in said


def test_a_changed_golden_line_is_named_with_both_values(
    kitchen: Kitchen, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = tmp_path / "changed.jsonl"
    lines = read_lines(GOLDEN.read_bytes())
    place = next(number for number, one in enumerate(lines) if b'"kind":"setting"' in one)
    setting = json.loads(lines[place])
    load_g = setting["said"]["load_g"]
    lines[place] = lines[place].replace(f'"load_g":{load_g}'.encode(), f'"load_g":{load_g + 100}'.encode())
    changed.write_bytes(b"\n".join(lines))
    served = kitchen.serve(f"sqlite:///{tmp_path / 'x.sqlite'}")
    code, told, said = replayed(served, capsys, golden=changed)
    assert (code, told["verified"]["is_same"], told["verified"]["equal"]) == (ExitCode.DIFFERS, False, 22)
    differing = [one for one in said.splitlines() if one.startswith("  ! ")]
    row = setting["said"]
    about = f"setting {setting['id']} ({setting['machine']}, set {row['set']} {row['side']})"
    assert differing == [f"  ! {about}: said.load_g: logged {load_g + 100}, now {load_g}"]
