from pathlib import Path

import pytest
from builders import a_message

from contract import codec, recording, topics
from contract.recording import About, Record, Sample
from emulator.recordings.mcap_file import NoRecording, RecordingWriter
from emulator.replay.tape import Selection, Tape, read_tape, tape_of

ABOUT = About(machine="", machine_kind="", origin="real", source="a test", software="test")


def heard(seq: int, log_ms: int, machine: str = "lumbar-1") -> Record:
    payload = codec.encode(a_message(seq=seq, machine=machine))
    return recording.from_wire(topics.name("real", machine, "up/rep"), payload, log_ms)


def written(path: Path, *records: Record) -> Path:
    with RecordingWriter(path, ABOUT) as writer:
        for one in records:
            writer.write(one)
    return path


RECORDS = (
    Record(topic="openspine/v1/lumbar-1/down/ack", log_ms=5_000, publish_ms=0, sequence=0, payload=b"{}"),
    heard(1, 6_000),
    heard(1, 7_000, "row-1"),
    heard(2, 8_000),
    recording.from_sample("lumbar-1", Sample(mono_ms=9_000, deg=0, deg_s=0, torque_nm=0), 1),
)


def played(selection: Selection) -> list[tuple[int, str, int]]:
    tape = tape_of(iter(RECORDS), selection)
    return [(one.at_ms, one.machine, one.message.head.seq) for one in tape.rows if one.message is not None]


def test_what_machines_said_is_played_and_nothing_else(tmp_path: Path) -> None:
    tape = read_tape(written(tmp_path / "x.mcap", *RECORDS), Selection())
    assert isinstance(tape, Tape)
    assert [one.at_ms for one in tape.rows] == [1_000, 2_000, 3_000]
    assert [one.origin for one in tape.rows] == ["real"] * 3
    assert (tape.samples, tape.length_ms, tape.left_out) == (1, 3_000, {"not said by a machine": 1})


@pytest.mark.parametrize(
    ("selection", "seqs"),
    [
        (Selection(start_ms=2_000), [(2_000, "row-1", 1), (3_000, "lumbar-1", 2)]),
        (Selection(until_ms=2_000), [(1_000, "lumbar-1", 1)]),
        (Selection(start_ms=1_001, until_ms=3_000), [(2_000, "row-1", 1)]),
        (Selection(topics=("row-1/up/#",)), [(2_000, "row-1", 1)]),
        (
            Selection(topics=("up/rep",), exclude=("row-1/up/rep",)),
            [(1_000, "lumbar-1", 1), (3_000, "lumbar-1", 2)],
        ),
        (Selection(exclude=("up/rep",)), []),
        (Selection(topics=("up/event", "up/session")), []),
    ],
)
def test_a_part_is_chosen_by_time_and_topic(selection: Selection, seqs: list[tuple[int, str, int]]) -> None:
    assert played(selection) == seqs


def test_what_is_left_out_is_counted() -> None:
    tape = tape_of(iter(RECORDS), Selection(start_ms=2_000, exclude=("row-1/up/rep",)))
    assert tape.left_out == {
        "not said by a machine": 1, "outside of start and until": 1, "not selected": 1,
    }  # fmt: skip


def test_bytes_that_nobody_can_read_are_played_as_well() -> None:
    spoiled = Record(topic=RECORDS[1].topic, log_ms=0, publish_ms=0, sequence=0, payload=b"\xff")
    tape = tape_of(iter([spoiled]), Selection())
    assert [(one.payload, one.message) for one in tape.rows] == [(b"\xff", None)]


def test_a_file_that_was_cut_off_is_a_reason_before_anything_is_sent(tmp_path: Path) -> None:
    whole = written(tmp_path / "x.mcap", *(heard(seq, seq * 400) for seq in range(1, 40)))
    content = whole.read_bytes()
    for part in (0.3, 0.6, 0.95):
        cut = tmp_path / "cut.mcap"
        cut.write_bytes(content[: int(len(content) * part)])
        found = read_tape(cut, Selection())
        assert isinstance(found, NoRecording)
        assert "rec repair" in str(found)


def test_damage_in_the_middle_is_a_reason_too(tmp_path: Path) -> None:
    path = written(tmp_path / "x.mcap", *(heard(seq, seq * 400) for seq in range(1, 40)))
    content = bytearray(path.read_bytes())
    middle = len(content) // 3
    content[middle : middle + 200] = b"\x55" * 200
    path.write_bytes(content)
    assert isinstance(read_tape(path, Selection()), NoRecording)


def test_a_file_that_is_not_there_is_a_reason(tmp_path: Path) -> None:
    assert "no such file" in str(read_tape(tmp_path / "x.mcap", Selection()))
