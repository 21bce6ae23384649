from collections.abc import Callable
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest
from builders import MACHINE, SESSION
from recorded_scene import ABOUT, NOW_MS, OTHER, Scene

from contract.recording import About, Record
from emulator.recordings.mcap_file import (
    GAP,
    NoRecording,
    RecordingWriter,
    read_about,
    read_machines,
    read_notes,
    read_records,
)
from emulator.recordings.rewriting import Rewritten, Wanted, chosen, filter_recording, merge_recordings

Save = Callable[..., Path]


def kept(path: Path, wanted: Wanted) -> list[Record]:
    out = path.with_name("part.mcap")
    out.unlink(missing_ok=True)
    done = filter_recording(path, out, wanted)
    assert isinstance(done, Rewritten)
    found = list(read_records(out))
    assert done.messages == len(found)
    assert found == list(chosen(path, wanted))
    return found


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (Wanted(), lambda _: True),
        (Wanted(start_ms=NOW_MS + 1_000), lambda one: one.log_ms >= NOW_MS + 1_000),
        (Wanted(until_ms=NOW_MS + 1_000), lambda one: one.log_ms < NOW_MS + 1_000),
        (Wanted(topics=("up/rep", "down/#")), lambda one: "up/rep" in one.topic or "/down/" in one.topic),
        (Wanted(exclude=("local/sample",)), lambda one: "sample" not in one.topic),
        (Wanted(machines=(OTHER,)), lambda one: OTHER in one.topic),
        (Wanted(machines=(MACHINE,), topics=("up/#",)), lambda one: f"{MACHINE}/up" in one.topic),
    ],
)
def test_a_part_is_what_was_asked_for(
    wanted: Wanted, fits: Callable[[Record], bool], scene: Scene, save: Save
) -> None:
    expected = [one for one in scene.records if fits(one)]
    assert len(expected) > 0
    assert kept(save(scene.records), wanted) == expected


def test_a_session_is_what_names_it_and_what_its_machine_did_meanwhile(save: Save) -> None:
    scene = Scene()
    scene.sample(1)
    scene.now_ms += 50
    scene.session()
    first, last = 2, len(scene.records)  # the status before the sign-in is not the session's
    scene.now_ms += 50
    scene.sample(2)
    expected = [one for one in scene.records[first:last] if OTHER not in one.topic]
    found = kept(save(scene.records), Wanted(sessions=(SESSION,)))
    assert [one for one in found if not one.topic.endswith("status")] == expected
    assert kept(save(scene.records), Wanted(sessions=("no such session",))) == []


def test_what_a_recording_says_of_itself_goes_along(tmp_path: Path) -> None:
    with RecordingWriter(tmp_path / "a.mcap", ABOUT) as writer:
        for record in Scene().session().records:
            writer.write(record)
        writer.note(GAP, {"from_ms": 1, "until_ms": 2})
    kept(tmp_path / "a.mcap", Wanted(topics=("up/rep",)))
    out = tmp_path / "part.mcap"
    assert read_about(out) == ABOUT
    assert read_notes(out, GAP) == [{"from_ms": "1", "until_ms": "2"}]
    assert read_machines(out) == {MACHINE: "lumbar_extension", OTHER: "row"}


def test_recordings_are_merged_by_time_and_the_first_comes_first(save: Save, tmp_path: Path) -> None:
    records = Scene().session().records
    parts = [records[0::3], records[1::3], records[2::3]]
    paths = [save(part, f"{number}.mcap") for number, part in enumerate(parts)]
    done = merge_recordings(paths, tmp_path / "all.mcap")
    assert done == Rewritten(out=str(tmp_path / "all.mcap"), messages=len(records), of=len(records))
    found = list(read_records(tmp_path / "all.mcap"))
    assert found == sorted(chain(*parts), key=lambda one: one.log_ms)
    assert found != list(chain(*parts))


def test_merged_recordings_say_what_they_share(save: Save, tmp_path: Path) -> None:
    one = About(
        machine="leg-1", machine_kind="leg_press", origin="sim", source="a", software="x", open_loop=1
    )
    other = replace(one, source="b", open_loop=0)
    third = replace(one, machine="row-1", machine_kind="row", origin="real")
    paths = [save([], f"{about.source}{about.machine}.mcap", about) for about in (one, other, third)]
    merge_recordings(paths[:2], tmp_path / "two.mcap")
    assert read_about(tmp_path / "two.mcap") == replace(one, source="a; b")
    merge_recordings(paths, tmp_path / "three.mcap")
    assert read_about(tmp_path / "three.mcap") == replace(
        one, machine="", machine_kind="", source="a; b", origin="real"
    )


def test_a_bad_input_stops_before_anything_is_written(scene: Scene, save: Save, tmp_path: Path) -> None:
    good, bad, out = save(scene.records), tmp_path / "nowhere.mcap", tmp_path / "out.mcap"
    assert isinstance(merge_recordings([good, bad], out), NoRecording)
    assert isinstance(filter_recording(bad, out, Wanted()), NoRecording)
    assert not out.exists()
