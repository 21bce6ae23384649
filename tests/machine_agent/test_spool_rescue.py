"""A spool that is set aside takes nothing of today with it that can still be read."""

import sqlite3
from pathlib import Path

import pytest

from machine_agent.agent import Beginning, State
from machine_agent.agent.effects import Keep, KeepHalt, KeepPlan
from machine_agent.spool_file import SpoolFile

PAGE_BYTES = 4_096
KEPT = [
    Keep(subject="a" * 32, day=1, latch="pain:both:20000:-1000:5000@1800000000000"),
    Keep(subject="b" * 32, day=1, latch="spasm@1800000000000"),
    Keep(subject="b" * 32, day=1, latch="time:60000:00000000-0000-4000-8000-000000000001@1800000000000"),
]
LATCHES = {(one.subject, one.day, one.latch) for one in KEPT}
PLAN = ("a" * 32, 7, b"sealed")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A spool with latches, a plan and a stopped machine, closed in good order."""
    path = tmp_path / "spool.sqlite"
    file = SpoolFile(path)
    plan = KeepPlan(subject=PLAN[0], kept_ms=PLAN[1], sealed=PLAN[2])
    file.commit([], [*KEPT, plan, KeepHalt(state=State.STOPPED)], [])
    file.close()
    return path


def spoil(path: Path, *names: str) -> None:
    """Write over the first bytes of the root pages of tables or indices."""
    db = sqlite3.connect(path)
    roots = dict(db.execute("SELECT name, rootpage FROM sqlite_master").fetchall())
    db.close()
    content = bytearray(path.read_bytes())
    for name in names:
        first = (roots[name] - 1) * PAGE_BYTES
        content[first : first + 200] = b"\xee" * 200
    path.write_bytes(content)


def begun(path: Path) -> Beginning:
    file = SpoolFile(path)
    beginning = file.beginning()
    file.close()
    return beginning


@pytest.mark.parametrize("damaged", ["spool", "curve", "latch", "sqlite_autoindex_latch_1"])
def test_latches_plan_and_halt_move_into_the_new_file(damaged: str, path: Path) -> None:
    spoil(path, damaged)
    content = path.read_bytes()
    for is_renamed in (True, False):  # and they stay, once they have moved
        beginning = begun(path)
        assert beginning.spool_renamed is is_renamed
        assert set(beginning.latches) == LATCHES
        assert beginning.plans == (PLAN,)
        assert beginning.halted is State.STOPPED
        assert not beginning.has_forgotten
    assert (path.parent / "spool.sqlite.damaged-1").read_bytes() == content
    assert {one.name for one in path.parent.iterdir()} == {
        "spool.sqlite", "spool.sqlite.lock", "spool.sqlite.damaged-1",
    }  # fmt: skip


def test_what_only_the_log_of_a_killed_process_holds_moves_too(tmp_path: Path) -> None:
    source, path = tmp_path / "first.sqlite", tmp_path / "spool.sqlite"
    file = SpoolFile(source)
    file._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path.write_bytes(source.read_bytes())
    file.commit([], KEPT, [])
    log = Path(f"{source}-wal").read_bytes()  # as a kill leaves it
    file.close()
    Path(f"{path}-wal").write_bytes(log)
    spoil_without_the_log(path, "spool")
    beginning = begun(path)
    assert beginning.spool_renamed
    assert set(beginning.latches) == LATCHES


def spoil_without_the_log(path: Path, name: str) -> None:
    log = Path(f"{path}-wal")
    kept = log.read_bytes()
    log.unlink()
    spoil(path, name)
    log.write_bytes(kept)


def test_latches_that_cannot_be_read_are_said_to_be_forgotten(path: Path) -> None:
    spoil(path, "latch", "sqlite_autoindex_latch_1")
    beginning = begun(path)
    assert beginning.has_forgotten
    assert beginning.latches == ()
    assert (beginning.plans, beginning.halted) == ((PLAN,), State.STOPPED)
    assert not begun(path).has_forgotten  # told once: the agent keeps it as a latch


def test_a_machine_of_which_nothing_tells_that_it_ran_has_stood_still(path: Path) -> None:
    spoil(path, "meta", "sqlite_autoindex_meta_1")
    assert begun(path).halted is State.FAULT
    path.write_bytes(b"no database" * 1_000)
    beginning = begun(path)
    assert (beginning.halted, beginning.has_forgotten) == (State.FAULT, True)


@pytest.mark.parametrize("latch", ["pain:both:x", "time:", "first:both:1:2", "\u0000", "spasm@", b"pain"])
def test_a_latch_that_nobody_has_written_is_no_latch(latch: str | bytes, path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("INSERT INTO latch VALUES (?, 1, ?)", ("c" * 32, latch))
    db.commit()
    db.close()
    spoil(path, "spool")
    beginning = begun(path)
    assert set(beginning.latches) == LATCHES
    assert beginning.has_forgotten


def test_a_new_spool_has_forgotten_nothing(tmp_path: Path) -> None:
    beginning = begun(tmp_path / "spool.sqlite")
    assert (beginning.halted, beginning.has_forgotten, beginning.spool_renamed) == (None, False, False)
