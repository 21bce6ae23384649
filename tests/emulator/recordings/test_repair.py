from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from builders import MACHINE
from mcap.reader import make_reader
from recorded_scene import ABOUT, OTHER, Scene

from contract.recording import Record
from emulator.recordings import mcap_file
from emulator.recordings.mcap_file import (
    NoRecording,
    RecordingWriter,
    read_about,
    read_machines,
    read_notes,
    read_records,
)
from emulator.recordings.repair import LOST, UNKNOWN, RepairReport, repair

Save = Callable[..., Path]


def _repaired(path: Path, content: bytes) -> tuple[RepairReport, list[Record]]:
    path.write_bytes(content)
    out = path.with_name("mended.mcap")
    report = repair(path, out)
    assert isinstance(report, RepairReport)
    with out.open("rb") as file:
        assert make_reader(file, validate_crcs=True).get_summary() is not None
    return report, list(read_records(out))


def test_a_whole_recording_stays_what_it_is(scene: Scene, save: Save) -> None:
    path = save(scene.records)
    report, records = _repaired(path, path.read_bytes())
    assert (report.was_whole, report.messages_lost, report.bytes_lost) == (True, 0, 0)
    assert records == scene.records
    assert read_machines(path.with_name("mended.mcap")) == {MACHINE: "lumbar_extension", OTHER: "row"}
    assert read_about(path.with_name("mended.mcap")) == ABOUT


def test_a_recording_that_was_cut_off_is_finished(scene: Scene, save: Save) -> None:
    path = save(scene.records)
    content = path.read_bytes()
    report, records = _repaired(path, content[: len(content) // 3])
    assert (report.was_whole, report.messages_lost) == (False, None)
    assert records == scene.records[: report.messages]
    assert report.last_ms == records[-1].log_ms
    assert report.messages > 0
    assert read_about(path.with_name("mended.mcap")) == ABOUT


def test_what_was_lost_is_counted_and_stands_in_the_new_file(scene: Scene, save: Save) -> None:
    path = save(scene.records)
    content = path.read_bytes()
    with path.open("rb") as file:
        summary = make_reader(file).get_summary()
    assert summary is not None
    chunk = summary.chunk_indexes[1]
    middle = chunk.chunk_start_offset + chunk.chunk_length // 2
    report, records = _repaired(path, content[:middle] + b"\xff" * 9 + content[middle + 9 :])
    gone = [one for one in scene.records if one not in records]
    assert report.messages_lost == len(gone) > 0
    assert [(one.from_ms, one.until_ms) for one in report.lost] == [(gone[0].log_ms, gone[-1].log_ms)]
    notes = read_notes(path.with_name("mended.mcap"), LOST)
    assert notes == [{"reason": "damaged", "from_ms": str(gone[0].log_ms), "until_ms": str(gone[-1].log_ms)}]


def test_a_loss_without_a_legible_clock_lies_between_its_neighbours(scene: Scene, save: Save) -> None:
    path = save(scene.records)
    content = path.read_bytes()
    with path.open("rb") as file:
        summary = make_reader(file).get_summary()
    assert summary is not None
    before, spoilt, after = summary.chunk_indexes[1:4]
    start = spoilt.chunk_start_offset
    report, _ = _repaired(path, content[:start] + b"\xff" * 30 + content[start + 30 :])
    assert [(one.from_ms, one.until_ms) for one in report.lost] == [
        (before.message_end_time // 1_000_000, after.message_start_time // 1_000_000)
    ]


def test_notes_are_taken_over(tmp_path: Path) -> None:
    with RecordingWriter(tmp_path / "a.mcap", ABOUT) as writer:
        writer.note("openspine.gap", {"from_ms": 5})
    _repaired(tmp_path / "a.mcap", (tmp_path / "a.mcap").read_bytes()[:-30])
    assert read_notes(tmp_path / "mended.mcap", "openspine.gap") == [{"from_ms": "5"}]
    own = read_notes(tmp_path / "mended.mcap", mcap_file.ABOUT)
    assert isinstance(own, list)
    assert len(own) == 1


def test_a_file_that_forgot_what_it_is_is_described_by_its_topics(scene: Scene, save: Save) -> None:
    path = save([one for one in scene.records if OTHER not in one.topic], about=replace(ABOUT, source="x"))
    content = path.read_bytes()
    report, records = _repaired(path, b"\x00" * 60 + content[60:])
    assert len(records) == report.messages > 0
    about = read_about(path.with_name("mended.mcap"))
    assert not isinstance(about, NoRecording)
    assert (about.machine, about.source) == (MACHINE, UNKNOWN)


@pytest.mark.parametrize("content", [b"", b"\x89MCAP0\r\n", b"time,deg\n" * 100])
def test_of_nothing_nothing_is_made(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.mcap").write_bytes(content)
    found = repair(tmp_path / "a.mcap", tmp_path / "b.mcap")
    assert isinstance(found, NoRecording)
    assert "nothing of a recording" in str(found)
    assert not (tmp_path / "b.mcap").exists()
    assert isinstance(repair(tmp_path / "nowhere", tmp_path / "b.mcap"), NoRecording)
    assert isinstance(repair(tmp_path, tmp_path / "b.mcap"), NoRecording)
