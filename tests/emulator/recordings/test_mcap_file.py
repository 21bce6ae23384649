import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from builders import MACHINE
from jsonschema import Draft202012Validator
from mcap.reader import make_reader
from recorded_scene import ABOUT, NOW_MS, OTHER, Scene

from contract import recording, topics
from contract.recording import About, Record, Sample
from emulator.recordings.mcap_file import (
    FLUSH_MS,
    NoRecording,
    RecordingWriter,
    read_about,
    read_machines,
    read_notes,
    read_records,
)

Save = Callable[..., Path]


def _sample(at_ms: int) -> Record:
    sample = Sample(mono_ms=at_ms, deg=1.5, deg_s=0.0, torque_nm=9.25)
    return recording.from_sample("leg-press-1", sample, at_ms + 1)


def test_what_is_written_is_read_back(scene: Scene, save: Save) -> None:
    path = save(scene.records)
    assert list(read_records(path)) == scene.records
    assert read_about(path) == ABOUT


def test_a_part_is_found_by_time(save: Save) -> None:
    path = save([_sample(at_ms) for at_ms in range(0, 4_000, 20)])
    part = list(read_records(path, start_ms=1_000, until_ms=2_000))
    assert (part[0].log_ms, part[-1].log_ms, len(part)) == (1_000, 1_980, 50)


def test_the_file_is_indexed_and_every_message_fits_the_schema_inside(scene: Scene, save: Save) -> None:
    with save(scene.records).open("rb") as file:
        reader = make_reader(file, validate_crcs=True)
        summary = reader.get_summary()
        assert summary is not None
        assert summary.statistics is not None
        assert summary.statistics.message_count == len(scene.records)
        assert len(summary.chunk_indexes) == summary.statistics.chunk_count > 3
        seen = 0
        for schema, channel, message in reader.iter_messages():
            assert schema is not None
            assert (schema.encoding, channel.message_encoding) == ("jsonschema", "json")
            Draft202012Validator(json.loads(schema.data)).validate(json.loads(message.data))
            seen += 1
    assert seen == len(scene.records)


def test_times_and_numbers_are_those_of_receiver_and_machine(scene: Scene, save: Save) -> None:
    with save(scene.records).open("rb") as file:
        for _, channel, message in make_reader(file).iter_messages():
            fields = json.loads(message.data)
            if "seq" in fields and "/up/" in channel.topic:
                assert message.publish_time == fields["wall_ms"] * 1_000_000
                assert message.log_time == message.publish_time + 7_000_000
                assert message.sequence == fields["seq"]
            assert message.log_time >= NOW_MS * 1_000_000


def test_bytes_that_are_no_message_are_kept_on_a_channel_without_schema(save: Save) -> None:
    topic = topics.name("sim", MACHINE, "up/rep")
    records = [recording.from_wire(topic, payload, 5) for payload in (b"", b"\xff\x00", b'{"v":1}')]
    path = save(records)
    assert list(read_records(path)) == records
    with path.open("rb") as file:
        found = [
            (schema, channel.message_encoding) for schema, channel, _ in make_reader(file).iter_messages()
        ]
    assert found == [(None, "application/octet-stream")] * 3


def test_machines_are_known_with_their_kinds(scene: Scene, save: Save) -> None:
    assert read_machines(save(scene.records)) == {MACHINE: "lumbar_extension", OTHER: "row"}
    one = About(
        machine="leg-1", machine_kind="leg_press", origin="sim", source="a test", software="test", open_loop=1
    )
    assert read_machines(save([], about=one)) == {"leg-1": "leg_press"}
    assert read_about(save([], about=one)) == one


def test_a_chunk_spans_less_than_a_second_also_over_a_silence(scene: Scene, save: Save) -> None:
    with save(scene.records).open("rb") as file:
        summary = make_reader(file).get_summary()
    assert summary is not None
    spans = [one.message_end_time - one.message_start_time for one in summary.chunk_indexes]
    assert 0 < max(spans) < FLUSH_MS * 1_000_000


def test_what_is_flushed_is_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    with RecordingWriter(path, ABOUT) as writer:
        writer.write(_sample(0))
        before = path.stat().st_size
        writer.flush()
        writer.sync()
        assert path.stat().st_size > before + 100
        assert writer.size_bytes == path.stat().st_size
        assert writer.messages == 1


def test_only_the_owner_may_read_a_recording(save: Save) -> None:
    assert save([]).stat().st_mode & 0o777 == 0o600


def test_notes_come_back_by_name(tmp_path: Path) -> None:
    with RecordingWriter(tmp_path / "a.mcap", replace(ABOUT, source="notes")) as writer:
        writer.note("openspine.gap", {"from_ms": 1, "until_ms": 2})
    assert read_notes(tmp_path / "a.mcap", "openspine.gap") == [{"from_ms": "1", "until_ms": "2"}]
    assert read_notes(tmp_path / "a.mcap", "other") == []


@pytest.mark.parametrize("content", [b"", b"time,deg\n1,2\n", b"\x89MCAP0\r\n"])
def test_other_files_are_no_recordings(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.mcap"
    path.write_bytes(content)
    found = read_about(path)
    assert isinstance(found, NoRecording)
    assert "x.mcap" in str(found)
    assert isinstance(read_about(tmp_path / "nowhere.mcap"), NoRecording)
    assert isinstance(read_about(tmp_path), NoRecording)


def test_a_file_that_was_cut_off_is_sent_to_repair(scene: Scene, save: Save) -> None:
    path = save(scene.records)
    path.write_bytes(path.read_bytes()[:-20])
    found = read_about(path)
    assert isinstance(found, NoRecording)
    assert "rec repair" in str(found)
