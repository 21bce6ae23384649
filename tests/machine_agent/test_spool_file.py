import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from contract import codec
from contract.messages import Ack, Curve, Head, Message, Rejected, Rep
from machine_agent.agent.effects import Keep, Record
from machine_agent.agent.station import OpenSet
from machine_agent.spool_file import SpoolFile

SESSION = "00000000-0000-4000-8000-000000000001"
SETTING = "00000000-0000-4000-8000-000000000002"
KILLS = 24  # trials here; the long run belongs to a later change


def rep_of(stream: str, seq: int, *, open_set: OpenSet | None = None) -> Record:
    head = Head(
        v=1, kind="rep", machine="le-1", stream=stream, seq=seq, boot=SESSION, mono_ms=seq, wall_ms=seq,
        session=SESSION,
    )  # fmt: skip
    line = tuple(float(index) for index in range(32))
    body = Rep(
        set=1, rep=seq, side="both", setting=SETTING, load_g=100, start_deg=0, end_deg=50, concentric_s=2,
        hold_s=0, eccentric_s=3, peak_torque_nm=50, mean_torque_nm=40, work_j=30, peak_speed_deg_s=30,
        mean_speed_deg_s=20, smoothness=-1.5, curve=Curve(deg=line, nm=line),
    )  # fmt: skip
    return Record(message=Message(head=head, body=body), open_set=open_set)


@pytest.fixture
def make_file(tmp_path: Path) -> Callable[..., SpoolFile]:
    def make(most_bytes: int = 256 * 2**20) -> SpoolFile:
        return SpoolFile(tmp_path / "spool.sqlite", most_bytes)

    return make


def fill(file: SpoolFile, count: int, first: int = 1) -> None:
    file.commit([rep_of(file.stream, seq) for seq in range(first, first + count)], [], [])


def test_rows_survive_and_are_numbered_on(make_file: Callable[..., SpoolFile]) -> None:
    file = make_file()
    fill(file, 3)
    stream = file.stream
    file.close()
    again = make_file()
    assert [row.seq for row in again.waiting()] == [1, 2, 3]
    assert (again.stream, again.beginning().next_seq) == (stream, 4)
    [(kind, payload)] = again.payloads([2])
    assert kind == "rep"
    assert codec.decode_up("openspine-sim/v1/le-1/up/rep", payload) == rep_of(stream, 2).message


def test_rows_leave_only_by_the_ack_of_their_own_stream(make_file: Callable[..., SpoolFile]) -> None:
    file = make_file()
    fill(file, 6)
    file.commit([], [], [Ack(stream=SESSION, upto=6)])
    assert file.health().rows == 6
    file.commit([], [], [Ack(stream=file.stream, upto=5, missing=((2, 3),))])
    assert [row.seq for row in file.waiting()] == [2, 3, 6]
    assert file.health().rows == 3
    file.commit([], [], [Ack(stream=file.stream, upto=5)])
    assert [row.seq for row in file.waiting()] == [6]


def test_a_number_is_never_used_twice_even_when_all_rows_are_gone(
    make_file: Callable[..., SpoolFile],
) -> None:
    file = make_file()
    fill(file, 3)
    file.commit([], [], [Ack(stream=file.stream, upto=3)])
    file.close()
    assert make_file().beginning().next_seq == 4


def test_rejected_rows_are_kept_with_their_reason_and_travel_no_more(
    make_file: Callable[..., SpoolFile], tmp_path: Path
) -> None:
    file = make_file()
    fill(file, 2)
    file.commit([], [], [Ack(stream=file.stream, upto=2, rejected=(Rejected(seq=1, reason="VALUE"),))])
    assert file.waiting() == []
    assert file.health().rows == 0
    with sqlite3.connect(tmp_path / "spool.sqlite") as db:
        assert db.execute("SELECT seq, rejected FROM spool").fetchall() == [(1, "VALUE")]


def test_the_running_set_is_stored_with_its_rows_and_goes_with_its_end(
    make_file: Callable[..., SpoolFile],
) -> None:
    left = OpenSet(session=SESSION, set=2, side="left", setting=SETTING, reps=4, partial_reps=1)
    file = make_file()
    file.commit([rep_of(file.stream, 1, open_set=left)], [], [])
    assert file.beginning().open_set == left
    file.commit([rep_of(file.stream, 2)], [], [])
    assert file.beginning().open_set is None


def test_a_commit_that_fails_changes_nothing(make_file: Callable[..., SpoolFile]) -> None:
    file = make_file()
    fill(file, 1)
    with pytest.raises(sqlite3.IntegrityError):
        file.commit([rep_of(file.stream, 2), rep_of(file.stream, 1)], [], [])
    assert [row.seq for row in file.waiting()] == [1]
    assert (file.health().rows, file.beginning().next_seq) == (1, 2)


def test_latches_of_today_are_kept_and_old_ones_go(make_file: Callable[..., SpoolFile]) -> None:
    file = make_file()
    old, new = (Keep(subject="ab", day=day, latch="pain:both:1:2:3") for day in (100, 104))
    file.commit([], [old], [])
    file.commit([], [new, new], [])
    assert file.beginning().latches == (("ab", 104, "pain:both:1:2:3"),)


def test_above_eighty_per_cent_the_curves_of_old_reps_go_and_the_reps_stay(
    make_file: Callable[..., SpoolFile],
) -> None:
    file = make_file(most_bytes=200_000)
    fill(file, 60)
    before = file.health().fill_percent
    assert before < 80
    fill(file, 100, first=61)
    health = file.health()
    assert health.rows == 160
    [(_, payload)] = file.payloads([1])
    assert "curve" not in json.loads(payload)
    whole = codec.encode(rep_of(file.stream, 1).message)
    assert codec.body_hash(payload) == codec.body_hash(whole)


@pytest.mark.parametrize(
    "content", [b"not a database at all" * 500, b"SQLite format 3\x00" + b"\xff" * 8_000]
)
def test_a_damaged_file_is_renamed_and_a_new_stream_begins(
    content: bytes, make_file: Callable[..., SpoolFile], tmp_path: Path
) -> None:
    (tmp_path / "spool.sqlite").write_bytes(content)
    file = make_file()
    assert file.beginning().spool_renamed
    assert (tmp_path / "spool.sqlite.damaged-1").read_bytes() == content
    fill(file, 1)
    file.close()
    assert not make_file().renamed


def test_every_commit_is_followed_by_a_sync(make_file: Callable[..., SpoolFile]) -> None:
    file = make_file()
    (mode,) = file._db.execute("PRAGMA journal_mode").fetchone()
    (synchronous,) = file._db.execute("PRAGMA synchronous").fetchone()
    assert (mode, synchronous) == ("wal", 2)


WRITER = textwrap.dedent(
    """
    import sys
    sys.path.insert(0, sys.argv[1])
    from pathlib import Path
    from contract.messages import Event, Head, Message
    from machine_agent.agent.effects import Record
    from machine_agent.spool_file import SpoolFile

    file = SpoolFile(Path(sys.argv[2]))
    seq = file.beginning().next_seq
    while True:
        head = Head(v=1, kind="event", machine="le-1", stream=file.stream, seq=seq, boot=file.stream,
                    mono_ms=seq, wall_ms=seq)
        file.commit([Record(message=Message(head=head, body=Event(what="stop")), open_set=None)], [], [])
        print(seq, flush=True)
        seq += 1
    """
)


def test_what_was_said_to_be_stored_survives_kill_9(tmp_path: Path) -> None:
    """A process stores and says so; it is killed at random moments; nothing said is ever gone."""
    path = tmp_path / "spool.sqlite"
    command = [sys.executable, "-c", WRITER, str(Path(__file__).parents[2]), str(path)]
    chance, said, rows = random.Random(11), 0, 0
    for _ in range(KILLS):
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        first = int(child.stdout.readline())
        assert first >= said + 1
        time.sleep(chance.uniform(0, 0.03))
        os.kill(child.pid, signal.SIGKILL)
        said = int(([str(first), *child.stdout.read().split("\n")[:-1]])[-1])
        child.wait()
        child.stdout.close()
        file = SpoolFile(path)
        found = [row.seq for row in file.waiting()]
        assert not file.renamed
        file.close()
        assert found == list(range(1, len(found) + 1))
        assert len(found) >= said
        rows = len(found)
    assert rows > KILLS
    sys.stdout.write(f"{KILLS} kills, {rows} rows, 0 lost\n")
