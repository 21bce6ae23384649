import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builders import SESSION
from recorded_scene import ABOUT, Scene

from emulator.recordings.mcap_file import RecordingWriter, read_records
from openspine.__main__ import main
from openspine.outcome import ExitCode

Run = Callable[..., Any]


@pytest.fixture
def scene() -> Scene:
    return Scene().session()


@pytest.fixture
def day(scene: Scene, tmp_path: Path) -> Path:
    with RecordingWriter(tmp_path / "day.mcap", ABOUT) as writer:
        for record in scene.records:
            writer.write(record)
    return tmp_path / "day.mcap"


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run `rec` with --json and return what it printed, after a check of the exit code."""

    def ran(*arguments: object, code: ExitCode = ExitCode.OK) -> Any:
        assert main(["rec", *map(str, arguments), "--json"]) == code
        lines = capfdbinary.readouterr().out.decode().splitlines()
        return [json.loads(line) for line in lines]

    return ran


def test_info_says_what_there_is(day: Path, scene: Scene, run: Run) -> None:
    [found] = run("info", day)
    assert (found["is_whole"], found["messages"]) == (True, len(scene.records))
    assert [one["session"] for one in found["sessions"]] == [SESSION]


def test_info_for_people_names_topics_machines_sessions(
    day: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rec", "info", str(day)]) == ExitCode.OK
    text = capsys.readouterr().out
    for word in ("whole", "up/rep", "lumbar-1 (lumbar_extension)", SESSION, "4 reps", "protocol version: 1"):
        assert word in text


def test_info_of_a_file_that_was_cut_off_ends_with_1(day: Path, run: Run) -> None:
    day.write_bytes(day.read_bytes()[:-100])
    [found] = run("info", day, code=ExitCode.FAILED)
    assert (found["ok"], found["is_whole"]) == (False, False)
    run("info", day.with_name("nowhere"), code=ExitCode.NOT_FOUND)


def test_cat_prints_what_was_recorded(day: Path, scene: Scene, run: Run) -> None:
    lines = run("cat", day)
    assert [one["payload"] for one in lines] == [json.loads(one.payload) for one in scene.records]
    assert [one["topic"] for one in lines] == [one.topic for one in scene.records]
    reps = run("cat", day, "--topics", "up/rep", "--start", 1, "--until", "3")
    assert [one["payload"]["rep"] for one in reps] == [2, 3]
    assert len(run("cat", day, "--exclude", "local/#")) == len(scene.records) - 36
    late = run("cat", day, "--start", "2026-09-21T14:13:23.650+00:00")
    assert [one["payload"]["kind"] for one in late] == ["sign_out"]


@pytest.mark.parametrize("wrong", ["soon", "nan", "1e999", "2026-13-01"])
def test_a_time_that_is_none_is_a_wrong_command_line(wrong: str, day: Path, run: Run) -> None:
    [answer] = run("cat", day, "--start", wrong, code=ExitCode.USAGE)
    assert "write seconds" in answer["error"]


def test_cat_ends_quietly_when_nobody_reads_any_more(day: Path) -> None:
    command = f"{sys.executable} -m openspine rec cat {day} | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)  # noqa: S602
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""


def test_filter_merge_and_repair_make_new_files(day: Path, scene: Scene, run: Run) -> None:
    ups, rest, whole, mended = (day.with_name(f"{name}.mcap") for name in ("ups", "rest", "whole", "mended"))
    [done] = run("filter", day, "--topics", "up/#", "-o", ups)
    run("filter", day, "--exclude", "up/#", "-o", rest)
    assert done["of"] == len(scene.records)
    [merged] = run("merge", ups, rest, "-o", whole)
    assert merged["messages"] == len(scene.records)
    assert set(read_records(whole)) == set(scene.records)
    whole.write_bytes(whole.read_bytes()[:-300])
    [report] = run("repair", whole, "-o", mended)
    assert report["messages"] == len(scene.records)
    assert not report["was_whole"]
    assert list(read_records(mended)) == sorted(read_records(mended), key=lambda one: one.log_ms)


def test_a_recording_for_others_names_nobody(day: Path, scene: Scene, run: Run) -> None:
    out = day.with_name("shared.mcap")
    [done] = run("filter", day, "--hide-people", "-o", out)
    assert done["messages"] == len(scene.records)
    assert any(b"badge-1" in one.payload for one in read_records(day))
    assert not any(b"badge-" in one.payload or b"Mrs Chan" in one.payload for one in read_records(out))


@pytest.mark.parametrize("verb", ["filter", "merge", "repair"])
def test_what_is_there_is_not_overwritten(verb: str, day: Path, run: Run) -> None:
    before = day.read_bytes()
    files = [day, day] if verb == "merge" else [day]
    [answer] = run(verb, *files, "-o", day, code=ExitCode.FAILED)
    assert "is there already" in answer["error"]
    run(verb, *files, "-o", day.with_name("no") / "such", code=ExitCode.NOT_FOUND)
    assert day.read_bytes() == before


@pytest.mark.parametrize("verb", ["cat", "filter", "repair", "export"])
def test_a_missing_file_ends_with_3(verb: str, tmp_path: Path, run: Run) -> None:
    out = [] if verb == "cat" else ["-o", tmp_path / "out"]
    form = ["csv"] if verb == "export" else []
    [answer] = run(verb, *form, tmp_path / "nowhere.mcap", *out, code=ExitCode.NOT_FOUND)
    assert "nowhere.mcap: no such file" in answer["error"]


def test_merge_wants_two(day: Path, run: Run) -> None:
    run("merge", day, "-o", day.with_name("new"), code=ExitCode.USAGE)


def test_repair_for_people_says_what_is_lost(day: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cut, mended = day.with_name("cut.mcap"), day.with_name("mended.mcap")
    cut.write_bytes(day.read_bytes()[:-2_000])
    assert main(["rec", "repair", str(cut), "-o", str(mended)]) == ExitCode.OK
    text = capsys.readouterr().out
    assert "was not finished" in text
    assert "lost:" in text
    assert main(["rec", "repair", str(mended), "-o", str(day.with_name("again.mcap"))]) == ExitCode.OK
    assert "nothing was damaged" in capsys.readouterr().out


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_export_writes_four_tables(form: str, day: Path, run: Run) -> None:
    [done] = run("export", form, day, "-o", day.with_name("tables"))
    assert done["rows"] == {"samples": 36, "reps": 4, "sets": 1, "settings": 3}
    assert sorted(one.name for one in day.with_name("tables").iterdir()) == sorted(
        f"{name}.{form}" for name in done["rows"]
    )
    assert all(one.stat().st_mode & 0o077 == 0 for one in day.with_name("tables").iterdir())


@pytest.mark.parametrize("verb", ["cat", "filter", "merge", "export"])
def test_a_damaged_middle_is_sent_to_repair_and_nothing_half_made_is_left(
    verb: str, day: Path, run: Run
) -> None:
    data = day.read_bytes()
    day.write_bytes(data[:2_000] + b"\xff" * 3_000 + data[5_000:])
    out = day.with_name("out")
    before = ["csv", day] if verb == "export" else [day, day] if verb == "merge" else [day]
    after = [] if verb == "cat" else ["-o", out]
    answer = run(verb, *before, *after, code=ExitCode.FAILED)[-1]
    assert "rec repair" in answer["error"]
    assert not out.is_file()
