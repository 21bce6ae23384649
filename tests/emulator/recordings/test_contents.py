from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from builders import MACHINE, SESSION, a_rep
from recorded_scene import ABOUT, OTHER, Scene

from contract import recording, topics
from emulator.recordings.contents import Contents, contents, named_in
from emulator.recordings.mcap_file import GAP, NoRecording, RecordingWriter
from openspine.recordings.lines import lines_of

Save = Callable[..., Path]


def found_in(path: Path) -> Contents:
    found = contents(path)
    assert isinstance(found, Contents)
    return found


def test_a_recording_is_described(scene: Scene, save: Save) -> None:
    found = found_in(save(scene.records))
    assert (found.is_whole, found.messages, found.lost_bytes) == (True, len(scene.records), 0)
    assert (found.from_ms, found.until_ms) == (scene.records[0].log_ms, scene.records[-1].log_ms)
    assert found.duration_s == (scene.records[-1].log_ms - scene.records[0].log_ms) / 1_000
    assert sum(found.topics.values()) == len(scene.records)
    assert found.topics[topics.name("sim", MACHINE, "up/rep")] == 4
    assert found.machines == {MACHINE: "lumbar_extension", OTHER: "row"}
    assert (found.protocol_versions, found.other_schemas, found.unreadable) == ((1,), (), 0)
    assert found.source == ABOUT.source


def test_sessions_are_counted(scene: Scene, save: Save) -> None:
    [session] = found_in(save(scene.records)).sessions
    assert (session.session, session.machine, session.reps, session.sets) == (SESSION, MACHINE, 4, 1)
    assert (session.from_ms, session.until_ms) == (scene.records[1].log_ms, scene.records[-1].log_ms)


def test_a_row_that_came_again_is_counted_once_and_told(save: Save) -> None:
    """As in a merge of what two recorders heard, or when a machine sends again."""
    records = Scene().session().records
    rows = sum(one.sequence > 0 and "/up/" in one.topic for one in records)
    found = found_in(save([*records, *records]))
    [session] = found.sessions
    assert (session.reps, session.sets, found.repeated_rows) == (4, 1, rows)
    assert found_in(save(records, "once.mcap")).repeated_rows == 0
    assert f"{rows} rows came again" in "\n".join(lines_of(found))


def test_the_same_number_elsewhere_is_another_row(save: Save) -> None:
    """Identity is (origin, machine, stream, seq)."""
    one = Scene().say(a_rep())
    real = replace(one, topic=one.topic.replace("openspine-sim", "openspine"))
    other = replace(one, topic=one.topic.replace(MACHINE, OTHER))
    found = found_in(save([one, real, other, Scene().say(a_rep(), OTHER)]))
    assert found.repeated_rows == 0


def test_rows_that_did_not_come_are_named(save: Save) -> None:
    scene = Scene()
    for number in range(1, 9):
        scene.say(a_rep(rep=number))
    left = [one for one in scene.records if one.sequence not in (1, 3, 6, 7)]
    assert list(found_in(save(left)).missing_rows.values()) == [((3, 3), (6, 7))]
    assert found_in(save(scene.records)).missing_rows == {}


def test_gaps_and_bad_bytes_are_told(tmp_path: Path) -> None:
    with RecordingWriter(tmp_path / "a.mcap", ABOUT) as writer:
        writer.write(recording.from_wire(topics.name("sim", MACHINE, "up/rep"), b"\xff", 5))
        writer.note(GAP, {"from_ms": 10, "until_ms": 20})
    found = found_in(tmp_path / "a.mcap")
    assert (found.gaps, found.unreadable) == (((10, 20),), 1)


def test_a_file_that_was_cut_off_is_described_as_far_as_it_goes(scene: Scene, save: Save) -> None:
    path = save(scene.records)
    path.write_bytes(path.read_bytes()[:-200])
    found = found_in(path)
    assert not found.is_whole
    assert found.messages == len(scene.records)


def test_schemas_of_another_version_are_noticed(scene: Scene, save: Save) -> None:
    path = save(scene.records[-1:])
    data = path.read_bytes()
    assert found_in(path).other_schemas == ()
    place = data.rindex(b'"title": "sign_out"')
    path.write_bytes(data[:place] + b'"title": "sign_0ut"' + data[place + 19 :])
    assert found_in(path).other_schemas == ("up/session",)


def test_what_is_no_recording_is_a_value(tmp_path: Path) -> None:
    assert isinstance(contents(tmp_path / "nowhere.mcap"), NoRecording)
    (tmp_path / "a.csv").write_text("t,deg\n")
    assert isinstance(contents(tmp_path / "a.csv"), NoRecording)


def test_of_other_json_nothing_is_taken() -> None:
    assert named_in(b"[]") is None
    assert named_in(b'{"session": 5}') is None
    assert named_in(b"\xff") is None
