"""The process that stores is killed, or its disk fails at the N-th call: what it said is there."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from contract import codec, topics
from contract.messages import Message
from machine_agent.spool_file import SpoolFile

ROOT = Path(__file__).parents[2]
WRITER = [sys.executable, str(ROOT / "tests" / "spool_writer.py")]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}
KILL_MOST_S = 0.06  # after the first row: some 60 rows
EARLY_TRIALS_MOST = 400  # where syncs are slow, few kills fall between a word too early and its bytes
CALLS = 200
LANES = 2  # writers side by side
SPARE_ROWS = 20  # each row is a commit with one sync at least: the N-th call still happens
needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed here")


@dataclass(frozen=True)
class Left:
    """What a dead or ended writer leaves: what it said, what is on disk."""

    said: list[int]
    found: list[int]
    renamed: bool
    code: int
    errors: str


def left_by(path: Path, said: str, code: int, errors: str = "") -> Left:
    file = SpoolFile(path)
    found = [row.seq for row in file.waiting()]
    for kind, payload in file.payloads(found[-20:]):
        message = codec.decode_up(topics.name("sim", "le-1", topics.CHANNEL_OF_KIND[kind]), payload)
        assert isinstance(message, Message)
    file.close()
    # A number without its end of line was cut off by the kill.
    numbers = [int(line) for line in said.split("\n")[:-1]]
    return Left(numbers, found, file.renamed, code, errors)


def assert_kept(left: Left) -> None:
    """Every number said is there, none twice, none missing below it; what is stored may not be said yet."""
    assert left.found == list(range(1, len(left.found) + 1))
    assert len(left.found) >= max(left.said, default=0)
    assert not left.renamed or left.said == []


def test_what_was_said_to_be_stored_survives_kill_9(tmp_path: Path, counted: Callable[[int], int]) -> None:
    path, chance, said = tmp_path / "spool.sqlite", Random(11), 0
    with nursery_of() as nursery:
        for _ in range(counted(500)):
            left = left_by(path, killed(nursery, path, chance.uniform(0, KILL_MOST_S)), 0)
            assert left.said == list(range(left.said[0], left.said[-1] + 1))
            assert left.said[0] > said
            assert not left.renamed
            assert_kept(left)
            said = left.said[-1]


def test_a_spool_that_speaks_too_early_is_found_out(tmp_path: Path) -> None:
    """Negative control: a row that was said before it was stored goes missing in the same trials."""
    chance = Random(11)
    with nursery_of("early") as nursery:
        for trial in range(EARLY_TRIALS_MOST):
            path = tmp_path / str(trial) / "spool.sqlite"
            left = left_by(path, killed(nursery, path, chance.uniform(0, KILL_MOST_S)), 0)
            if left.said[-1] > len(left.found):
                return
    raise AssertionError(f"nothing was missing in {EARLY_TRIALS_MOST} trials")


def nursery_of(*options: str) -> "subprocess.Popen[str]":
    command = [*WRITER, "nursery", *options]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT
    )


def killed(nursery: subprocess.Popen[str], path: Path, after_s: float) -> str:
    """Let a writer store rows, kill it some time after the first, and return what it said."""
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write(f"{path}\n")
    nursery.stdin.flush()
    lines = [nursery.stdout.readline(), nursery.stdout.readline()]
    time.sleep(after_s)
    [pid] = [int(line.split()[1]) for line in lines if line.startswith("pid")]
    os.kill(pid, signal.SIGKILL)
    while lines[-1] != "over\n":
        lines.append(nursery.stdout.readline())
    return "".join(line for line in lines if line.strip().isdigit())


def strace(path: Path, options: Sequence[str], rows: int, more: Sequence[str] = ()) -> Left:
    command = ["strace", "-f", *options, *WRITER, str(path), str(rows), *more]
    ran = subprocess.run(command, check=False, capture_output=True, text=True, env=ENVIRONMENT, timeout=60)
    return left_by(path, ran.stdout, ran.returncode, ran.stderr)


@needs_strace
@pytest.mark.parametrize(
    ("call", "fault"),
    [
        ("pwrite64", "signal=KILL"),
        ("pwrite64", "error=EIO"),
        ("pwrite64", "error=ENOSPC"),
        ("fdatasync", "signal=KILL"),
        ("fdatasync", "error=EIO"),
    ],
)
def test_a_fault_at_the_nth_call_loses_nothing_said(
    call: str, fault: str, tmp_path: Path, counted: Callable[[int], int]
) -> None:
    count = counted(CALLS)
    numbers = list(range(1, CALLS + 1, CALLS // count))
    inject = f"inject={call}:{fault}:when="

    def failed(number: int) -> Left:
        options = ["-o", "/dev/null", "-e", f"trace={call}", "-e", f"{inject}{number}"]
        return strace(tmp_path / str(number) / "spool.sqlite", options, number + SPARE_ROWS)

    with ThreadPoolExecutor(LANES) as pool:
        for number, left in zip(numbers, pool.map(failed, numbers), strict=True):
            assert_kept(left)
            assert_ended(left, number + SPARE_ROWS, is_killed="KILL" in fault)


def assert_ended(left: Left, rows: int, *, is_killed: bool) -> None:
    """A killed writer was cut short; another one stored every row, or could not even open the spool."""
    if is_killed:
        assert len(left.said) < rows
    elif left.code == 0:  # the spool tried again
        assert left.said == left.found == list(range(1, rows + 1))
    else:
        assert (left.code, left.said) == (1, []), left.errors
        assert left.errors.count("\n") == 1
        assert "cannot be used" in left.errors


def unsynced(log: str) -> list[str]:
    """List the reports that were made before their row was synced; the log is strace's, with paths."""
    wrong, is_written, is_synced = [], False, False
    for line in log.splitlines():
        _, _, call = line.partition(" ")
        if call.strip().startswith("pwrite64(") and "-wal>" in call:
            is_written, is_synced = True, False
        elif "fdatasync" in call and call.endswith("= 0"):
            is_synced = is_written
        elif call.strip().startswith("write(1<"):
            if not is_synced:
                wrong.append(call)
            is_written = is_synced = False
    return wrong


@needs_strace
@pytest.mark.parametrize("has_syncs", [True, False])
def test_every_report_comes_after_the_sync_of_its_row(tmp_path: Path, *, has_syncs: bool) -> None:
    """Also the negative control: with `synchronous=OFF` not one report is covered."""
    rows = 100
    options = ["-y", "-s", "16", "-o", str(tmp_path / "log"), "-e", "trace=pwrite64,fdatasync,write"]
    left = strace(tmp_path / "spool.sqlite", options, rows, () if has_syncs else ("off",))
    assert left.said == list(range(1, rows + 1))
    assert len(unsynced((tmp_path / "log").read_text())) == (0 if has_syncs else rows)
