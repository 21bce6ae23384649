import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from day_kitchen import DAY, GOLDEN, Kitchen, Served

from contract import codec, topics
from contract.messages import Message
from contract.names import setting_id
from emulator.replay.golden import read_lines
from emulator.replay.rewriting import rewriting, spoken
from emulator.replay.tape import Row, Selection, Tape, read_tape
from ml.rules import doses
from openspine.__main__ import main
from openspine.broker.embedded import available_kinds
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


@pytest.mark.slow  # keeps every core busy, and would make its neighbours late
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


def test_a_day_as_if_it_were_now_is_a_new_visit_with_the_same_doses(
    kitchen: Kitchen, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    served = kitchen.serve(f"sqlite:///{tmp_path / 'now.sqlite'}", at_ms=time.time_ns() // 1_000_000)
    options = ["--broker", served.broker, "--rate", "max", "--clock", "wall", "--json"]
    assert main(["replay", str(DAY), *options]) == ExitCode.OK
    told = json.loads(capsys.readouterr().out)
    assert (told["acknowledged"], told["plans"], told["settings"]) == (155, 3, 20)
    settings = served.rows()["setting"]
    golden = [json.loads(one) for one in read_lines(GOLDEN.read_bytes())]
    sent = [one["said"] for one in golden if one["kind"] == "setting"]
    planned = [row for one in golden if one["kind"] == "plan" for row in one["said"]["settings"]]
    doses_of = [(one["side"], one["load_g"], one["end_cdeg"], one["reps"]) for one in (*sent, *planned)]
    assert sorted(doses_of) == sorted(
        (row["side"], row["load_g"], row["end_cdeg"], row["reps"]) for row in settings
    )
    assert not {one["id"] for one in (*sent, *planned)} & {row["id"] for row in settings}
    assert any(row["state"] == "applied" for row in settings)  # receipts and reps name them as they are


def test_a_recording_of_real_machines_says_under_the_simulation_what_this_day_says() -> None:
    tape = read_tape(DAY, Selection())
    assert isinstance(tape, Tape)
    real = [as_real(row, tape.rows) for row in tape.rows]
    assert sum(one.payload != other.payload for one, other in zip(real, tape.rows, strict=True)) > 100
    change = rewriting(real)
    assert [spoken(one, change).payload for one in real] == [one.payload for one in tape.rows]


def as_real(row: Row, rows: Sequence[Row]) -> Row:
    """Make a row as it would have been, had its machine been a real one: the service named settings then."""
    if row.message is None or (setting := getattr(row.message.body, "setting", None)) is None:
        return replace(row, origin="real")
    session = row.message.head.session or ""
    heads = [one.message.head for one in rows if one.message is not None]
    names = {
        setting_id(("sim", head.machine, head.stream, head.seq), session, number): setting_id(
            ("real", head.machine, head.stream, head.seq), session, number
        )
        for head in heads
        if head.session == session
        for number in range(1, 9)
    }
    payload = row.payload.replace(setting.encode(), names[setting].encode())
    message = codec.decode_up(topics.name("real", row.machine, row.channel), payload)
    assert isinstance(message, Message)
    return replace(row, origin="real", payload=payload, message=message)
