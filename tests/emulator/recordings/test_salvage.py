"""Cut a file anywhere, or spoil a part of it: what stands beside stays, and what is lost is said."""

import random
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from mcap.opcode import Opcode
from recorded_scene import Scene

from contract.recording import Record
from emulator.recordings.mcap_file import FLUSH_MS, TOPIC
from emulator.recordings.salvage import HEAD, Lost, Note, Total, salvage

MAGIC_BYTES = 8


@pytest.fixture
def records() -> list[Record]:
    return Scene().session(reps=8).records


@pytest.fixture
def data(records: list[Record], save: Callable[..., Path]) -> bytes:
    return save(records).read_bytes()


def parts(data: bytes) -> Iterator[tuple[int, int, int]]:
    """List the records of a whole file as (opcode, start, end)."""
    at = MAGIC_BYTES
    while at < len(data) - MAGIC_BYTES:
        opcode, length = HEAD.unpack_from(data, at)
        yield opcode, at, at + HEAD.size + length
        at += HEAD.size + length


def kept(data: bytes) -> list[Record]:
    return [one for one in salvage(data) if isinstance(one, Record)]


def lost(data: bytes) -> list[Lost]:
    return [one for one in salvage(data) if isinstance(one, Lost)]


def in_the_making_ms(data: bytes, records: list[Record], cut: int) -> int:
    """Return the log time of the newest record that stood, whole or in part, before the cut."""
    chunks = [(start, end) for opcode, start, end in parts(data) if opcode == Opcode.CHUNK]
    begun = sum(start < cut for start, _ in chunks)
    whole = len(kept(data[: chunks[begun - 1][1]])) if begun else 0
    return records[whole - 1].log_ms if whole else records[0].log_ms


def check_cut(data: bytes, records: list[Record], cut: int) -> None:
    found = kept(data[:cut])
    assert found == records[: len(found)]
    newest_ms = in_the_making_ms(data, records, cut)
    must_stay = [one for one in records if one.log_ms <= newest_ms - FLUSH_MS]
    assert len(found) >= len(must_stay), f"cut at {cut}"


def test_a_whole_file_loses_nothing(data: bytes, records: list[Record]) -> None:
    assert kept(data) == records
    assert lost(data) == []
    assert Total(messages=len(records)) in list(salvage(data))


def test_a_cut_at_every_kind_of_boundary_loses_less_than_a_second(data: bytes, records: list[Record]) -> None:
    kinds = set()
    for opcode, start, end in parts(data):
        kinds.add(opcode)
        inside = (start + end) // 2
        for cut in {start - 1, start, start + 1, start + HEAD.size - 1, start + HEAD.size, inside, end - 1}:
            check_cut(data, records, cut)
    assert kinds >= {
        Opcode.HEADER, Opcode.METADATA, Opcode.CHUNK, Opcode.MESSAGE_INDEX, Opcode.DATA_END, Opcode.SCHEMA,
        Opcode.CHANNEL, Opcode.STATISTICS, Opcode.CHUNK_INDEX, Opcode.METADATA_INDEX, Opcode.SUMMARY_OFFSET,
        Opcode.FOOTER,
    }  # fmt: skip
    for cut in (0, 1, MAGIC_BYTES - 1, MAGIC_BYTES, len(data) - MAGIC_BYTES, len(data) - 1, len(data)):
        check_cut(data, records, cut)


def test_a_cut_at_any_byte_loses_less_than_a_second(
    data: bytes, records: list[Record], counted: Callable[[int], int]
) -> None:
    chance = random.Random(5)
    for _ in range(counted(10_000)):
        check_cut(data, records, chance.randrange(len(data) + 1))


def test_the_law_of_the_second_can_fail(data: bytes, records: list[Record]) -> None:
    chunks = [(start, end) for opcode, start, end in parts(data) if opcode == Opcode.CHUNK]
    (_, first), (_, second), (_, third) = chunks[1:4]
    without = data[:first] + data[second:third]  # a reader that forgets a chunk in between
    assert kept(without) != records[: len(kept(without))]
    slow = [one for one in records if one.log_ms <= records[-1].log_ms - 3 * FLUSH_MS]
    assert len(slow) < len(records)


def test_a_spoilt_chunk_is_told_with_its_times_and_all_others_stay(
    data: bytes, records: list[Record]
) -> None:
    chunks = [(start, end) for opcode, start, end in parts(data) if opcode == Opcode.CHUNK]
    for start, end in chunks:
        middle = (start + end) // 2 + 20
        spoilt = data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]
        found, losses = kept(spoilt), lost(spoilt)
        assert [(one.start, one.end, one.reason) for one in losses] == [(start, end, "damaged")]
        gone = [one for one in records if one not in found]
        assert [losses[0].from_ms, losses[0].until_ms] == [gone[0].log_ms, gone[-1].log_ms]
        assert found == [one for one in records if one not in gone]


def test_topics_outlive_the_chunk_that_named_them(data: bytes, records: list[Record]) -> None:
    first = next((start, end) for opcode, start, end in parts(data) if opcode == Opcode.CHUNK)
    cut = next(start for opcode, start, _ in parts(data) if opcode == Opcode.DATA_END)
    spoilt = data[: first[0] + 60] + b"\x00" * 40 + data[first[0] + 100 : cut]
    assert len(kept(spoilt)) > 0.5 * len(records)
    notes = {one.name for one in salvage(spoilt) if isinstance(one, Note)}
    assert TOPIC in notes
    assert all(one.reason in ("damaged", "cut off") for one in lost(spoilt))


def test_garbage_in_the_middle_costs_what_it_covers(
    data: bytes, records: list[Record], counted: Callable[[int], int]
) -> None:
    chance = random.Random(6)
    chunks = [(start, end) for opcode, start, end in parts(data) if opcode == Opcode.CHUNK]
    data_end = next(start for opcode, start, _ in parts(data) if opcode == Opcode.DATA_END)
    first = next(start for opcode, start, _ in parts(data) if opcode == Opcode.METADATA)
    for _ in range(counted(5_000)):
        start = chance.randrange(first, data_end)
        garbage = chance.randbytes(chance.randrange(1, 2_000))
        spoilt = data[:start] + garbage + data[start + len(garbage) :]
        found = kept(spoilt)
        untouched = [kept_chunk for kept_chunk in chunks if not _meet(kept_chunk, start, len(garbage))]
        least = sum(_messages(data, one) for one in untouched)
        assert least <= len(found) <= len(records)
        assert set(found) <= set(records)
        if len(found) < len(records):
            assert lost(spoilt)


def test_bytes_that_slipped_in_or_fell_out_are_stepped_over(
    data: bytes, records: list[Record], counted: Callable[[int], int]
) -> None:
    chance = random.Random(7)
    chunks = [(start, end) for opcode, start, end in parts(data) if opcode == Opcode.CHUNK]
    most = max(_messages(data, one) for one in chunks)
    for _ in range(counted(2_500)):
        at = chance.randrange(chunks[0][0], chunks[-1][1])
        slipped = data[:at] + chance.randbytes(chance.randrange(1, 50)) + data[at:]
        fallen = data[:at] + data[at + 1 :]
        for spoilt in (slipped, fallen):
            assert len(kept(spoilt)) >= len(records) - most
            assert set(kept(spoilt)) <= set(records)


def test_noise_alone_is_one_loss() -> None:
    noise = random.Random(8).randbytes(200_000)
    assert kept(noise) == []
    assert [(one.start, one.end) for one in lost(noise)] == [(0, len(noise))]
    assert lost(b"") == [Lost(start=0, end=0, reason="the beginning is not that of an MCAP file")]


def test_losses_follow_one_another_without_overlap(data: bytes) -> None:
    spoilt = bytearray(data)
    for place in range(500, len(data) - 3_000, 2_000):
        spoilt[place : place + 5] = b"\xff" * 5
    losses = lost(bytes(spoilt))
    assert len(losses) > 2
    assert all(one.end <= other.start for one, other in pairwise(losses))


def _meet(chunk: tuple[int, int], start: int, length: int) -> bool:
    return chunk[0] < start + length and start < chunk[1]


def _messages(data: bytes, chunk: tuple[int, int]) -> int:
    return len(kept(data[: chunk[1]])) - len(kept(data[: chunk[0]]))
