import json
from pathlib import Path

import pytest
from mcap.reader import make_reader

from contract import codec, recording
from contract.messages import Head, Message, SignOut
from contract.recording import About, Record, Sample
from emulator.recordings.mcap_file import NoRecording, RecordingWriter, read_about, read_records

ABOUT = About(
    machine="leg-press-1",
    machine_kind="leg_press",
    origin="sim",
    source="a test",
    software="test",
    open_loop=1,
)


def _sample(at_ms: int) -> Record:
    sample = Sample(mono_ms=at_ms, deg=1.5, deg_s=0.0, torque_nm=9.25)
    return recording.from_sample("leg-press-1", sample, at_ms + 1)


def _written(path: Path, count: int = 200) -> list[Record]:
    records = [_sample(at_ms) for at_ms in range(0, 20 * count, 20)]
    with RecordingWriter(path, ABOUT) as writer:
        for record in records:
            writer.write(record)
    return records


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    records = _written(tmp_path / "a.mcap")
    assert list(read_records(tmp_path / "a.mcap")) == records
    assert read_about(tmp_path / "a.mcap") == ABOUT


def test_a_part_is_found_by_time(tmp_path: Path) -> None:
    _written(tmp_path / "a.mcap")
    part = list(read_records(tmp_path / "a.mcap", start_ms=1_000, until_ms=2_000))
    assert (part[0].log_ms, part[-1].log_ms, len(part)) == (1_000, 1_980, 50)


def test_topics_carry_their_schemas(tmp_path: Path) -> None:
    head = Head(
        v=1, kind="sign_out", machine="leg-press-1", stream="11111111-1111-4111-8111-111111111111", seq=1,
        boot="22222222-2222-4222-8222-222222222222", mono_ms=5, wall_ms=7,
    )  # fmt: skip
    payload = codec.encode(Message(head=head, body=SignOut()))
    with RecordingWriter(tmp_path / "a.mcap", ABOUT) as writer:
        writer.write(_sample(0))
        writer.write(recording.from_wire("openspine-sim/v1/leg-press-1/up/session", payload, 9))
    with (tmp_path / "a.mcap").open("rb") as file:
        found = {
            channel.topic: json.loads(schema.data)
            for schema, channel, _ in make_reader(file).iter_messages()
            if schema is not None
        }
    assert found["openspine-sim/v1/leg-press-1/local/sample"]["required"] == [
        "mono_ms",
        "deg",
        "deg_s",
        "torque_nm",
    ]
    titles = {one["title"] for one in found["openspine-sim/v1/leg-press-1/up/session"]["anyOf"]}
    assert titles == {"sign_in", "sign_out", "answer", "gravity"}


def test_the_file_is_flushed_while_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    with RecordingWriter(path, ABOUT) as writer:
        for at_ms in range(0, 3_000, 20):
            writer.write(_sample(at_ms))
        assert path.stat().st_size > 1_000


@pytest.mark.parametrize("content", [b"", b"time,deg\n1,2\n", b"\x89MCAP0\r\n"])
def test_other_files_are_no_recordings(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.mcap"
    path.write_bytes(content)
    found = read_about(path)
    assert isinstance(found, NoRecording)
    assert "x.mcap" in str(found)
    assert isinstance(read_about(tmp_path / "nowhere.mcap"), NoRecording)
