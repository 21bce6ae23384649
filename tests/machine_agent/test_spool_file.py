import json
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from contract import codec
from contract.messages import Ack, Curve, Event, Head, Message, Rejected, Rep
from contract.messages.vocabulary import RecordedKind
from machine_agent.agent.effects import Keep, KeepPlan, Record
from machine_agent.agent.station import OpenSet
from machine_agent.spool_file import LATCHES_KEPT, PLANS_MOST_MS, SpoolFile

SESSION = "00000000-0000-4000-8000-000000000001"
SETTING = "00000000-0000-4000-8000-000000000002"


def rep_of(
    stream: str, seq: int, *, open_set: OpenSet | None = None, body: Rep | Event | None = None
) -> Record:
    kind: RecordedKind = "event" if isinstance(body, Event) else "rep"
    head = Head(
        v=1, kind=kind, machine="le-1", stream=stream, seq=seq, boot=SESSION, mono_ms=seq, wall_ms=seq,
        session=SESSION,
    )  # fmt: skip
    line = tuple(float(index) for index in range(32))
    body = body or Rep(
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


@pytest.mark.parametrize("jump_days", [-366, 366])
def test_a_clock_that_jumps_makes_no_latch_forgotten(
    jump_days: int, make_file: Callable[..., SpoolFile]
) -> None:
    file = make_file()
    today, other = (Keep(subject="ab", day=20_000 + days, latch="pain@1") for days in (0, jump_days))
    file.commit([], [today], [])
    file.commit([], [other, other], [])
    assert file.beginning().latches == (("ab", 20_000, "pain@1"), ("ab", 20_000 + jump_days, "pain@1"))


def test_only_the_newest_latches_are_kept(make_file: Callable[..., SpoolFile]) -> None:
    file = make_file()
    file.commit([], [Keep(subject="ab", day=1, latch=f"x@{i}") for i in range(LATCHES_KEPT + 3)], [])
    assert [latch for _, _, latch in file.beginning().latches] == [f"x@{i + 3}" for i in range(LATCHES_KEPT)]


def test_the_last_plan_of_a_person_is_kept_for_42_days_and_forgotten_when_told(
    make_file: Callable[..., SpoolFile],
) -> None:
    file = make_file()
    file.commit([], [KeepPlan(subject="ab", kept_ms=1, sealed=b"old")], [])
    file.commit([], [KeepPlan(subject="ab", kept_ms=2, sealed=b"new")], [])
    file.commit([], [KeepPlan(subject="cd", kept_ms=2 + PLANS_MOST_MS, sealed=b"other")], [])
    assert file.beginning().plans == (("ab", 2, b"new"), ("cd", 2 + PLANS_MOST_MS, b"other"))
    file.commit([], [KeepPlan(subject="ef", kept_ms=3 + PLANS_MOST_MS, sealed=b"third")], [])
    file.commit([], [KeepPlan(subject="cd", kept_ms=4 + PLANS_MOST_MS, sealed=b"")], [])
    assert [subject for subject, _, _ in file.beginning().plans] == ["ef"]


def test_above_eighty_per_cent_the_curves_of_old_reps_go_and_the_reps_stay(
    make_file: Callable[..., SpoolFile],
) -> None:
    file = make_file(most_bytes=200_000)
    fill(file, 60)
    before = file.health().fill_percent
    assert before < 80
    fill(file, 100, first=61)
    full = file._fill_percent()
    health = file.health()
    assert health.rows == 160
    assert health.fill_percent < 80 <= full  # the curves have given their room back
    assert file.rows == file.reps == 160
    [(_, payload)] = file.payloads([1])
    assert json.loads(payload)["curve"] is None
    whole = codec.encode(rep_of(file.stream, 1).message)
    assert codec.body_hash(payload) == codec.body_hash(whole)


def test_every_commit_is_followed_by_a_sync(make_file: Callable[..., SpoolFile]) -> None:
    file = make_file()
    (mode,) = file._db.execute("PRAGMA journal_mode").fetchone()
    (synchronous,) = file._db.execute("PRAGMA synchronous").fetchone()
    assert (mode, synchronous) == ("wal", 2)


@pytest.mark.parametrize("cut_percent", [0, 1, 33, 50, 99])
def test_a_log_cut_short_leaves_the_rows_before_the_cut(
    cut_percent: int, make_file: Callable[..., SpoolFile], tmp_path: Path
) -> None:
    path, log = tmp_path / "spool.sqlite", tmp_path / "spool.sqlite-wal"
    file = make_file()
    for seq in range(1, 16):
        file.commit([rep_of(file.stream, seq)], [], [])
    copy = tmp_path / "copy"
    copy.mkdir()
    shutil.copy(path, copy)
    (copy / log.name).write_bytes(log.read_bytes()[: log.stat().st_size * cut_percent // 100])
    again = SpoolFile(copy / path.name)
    seqs = [row.seq for row in again.waiting()]
    assert seqs == list(range(1, len(seqs) + 1))
    assert again.beginning().next_seq == len(seqs) + 1
    if cut_percent == 99:
        assert len(seqs) == 14


def test_reps_are_counted_apart(make_file: Callable[..., SpoolFile]) -> None:
    file = make_file()
    fill(file, 5)
    file.commit([rep_of(file.stream, 6, body=Event(what="stop"))], [], [])
    assert (file.health().rows, file.health().reps) == (6, 5)
    file.commit([], [], [Ack(stream=file.stream, upto=2, rejected=(Rejected(seq=4, reason="VALUE"),))])
    assert (file.health().rows, file.health().reps) == (3, 2)
    file.close()
    again = make_file()
    assert (again.health().rows, again.health().reps) == (3, 2)


def test_a_row_that_would_be_too_large_loses_its_curve(make_file: Callable[..., SpoolFile]) -> None:
    file = make_file()
    long = tuple(float(number) for number in range(8_000))
    rep = rep_of(file.stream, 1).message.body
    assert isinstance(rep, Rep)
    file.commit([rep_of(file.stream, 1, body=replace(rep, curve=Curve(deg=long, nm=long)))], [], [])
    [(kind, payload)] = file.payloads([1])
    assert kind == "rep"
    assert len(payload) < codec.UP_LIMIT_BYTES
    assert codec.decode_up("openspine-sim/v1/le-1/up/rep", payload) == Message(
        head=rep_of(file.stream, 1).message.head, body=replace(rep, curve=None)
    )


def test_a_row_that_is_too_large_without_a_curve_stays_here_and_an_event_travels(
    make_file: Callable[..., SpoolFile], tmp_path: Path
) -> None:
    file = make_file()
    rep = rep_of(file.stream, 1).message.body
    assert isinstance(rep, Rep)
    huge = replace(rep, quality=("partial",) * 10_000)
    file.commit([rep_of(file.stream, 1, body=huge), rep_of(file.stream, 2)], [], [])
    (event_kind, event), (rep_kind, _) = file.payloads([1, 2])
    assert (event_kind, rep_kind) == ("event", "rep")
    told = codec.decode_up("openspine-sim/v1/le-1/up/event", event)
    assert isinstance(told, Message)
    assert isinstance(told.body, Event)
    assert (told.head.seq, told.body.what) == (1, "spool")
    assert (file.rows, file.reps) == (2, 1)
    with sqlite3.connect(tmp_path / "spool.sqlite") as db:
        [(kept,)] = db.execute("SELECT payload FROM oversize").fetchall()
    assert len(kept) > codec.UP_LIMIT_BYTES
