"""h07: power lost mid-set. The drive unloads by itself, the set is closed `power`, no rep is lost or doubled.

The agent is a process that drives a simulated Modbus drive in another; it is killed (SIGKILL) at random
points of a set. How long the drive then held its load is read in the drive's own log.
"""

import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from power_lane import Cut, Lane, zero_after_ms

KILLS = 500
LANES = 5  # machines side by side: a trial is waiting for the most part
SET_S = 5.5  # of ramp and two reps
ZERO_MS = 300  # safety page, h07
SETTLE_MS = 300  # from the end of a rep in the person to its row on disk
TRIES = 3  # times the cuts: of a machine that is kept waiting the set may be over before the cut


def run_lane(folder: Path, number: int, kills: int) -> Lane:
    chance = Random(number)
    with Lane(folder, seed=number) as lane:
        for _ in range(kills * TRIES):
            if len(lane.cuts) < kills:
                lane.cut(chance.uniform(0, SET_S))
        lane.wake()
    return lane


def test_a_cut_at_any_point_of_a_set_unloads_closes_and_loses_nothing(
    tmp_path: Path, counted: Callable[[int], int], record_property: Callable[[str, object], None]
) -> None:
    kills = counted(KILLS)
    shares = [kills // LANES + (number < kills % LANES) for number in range(LANES)]
    with ThreadPoolExecutor(LANES) as pool:
        running = [
            pool.submit(run_lane, tmp_path / f"lane-{number}", number, share)
            for number, share in enumerate(shares)
        ]
        lanes = [one.result() for one in running]
    zeros = [zero_after_ms(rows, cut) for lane in lanes for rows in [lane.drive_rows()] for cut in lane.cuts]
    loaded = sum(cut.load_g > 0 for lane in lanes for cut in lane.cuts)
    void = sum(lane.void for lane in lanes)
    assert len(zeros) == kills
    assert loaded > kills * 0.8
    held = [one for one in zeros if one is None or one > ZERO_MS]
    assert held == []
    for lane in lanes:
        assert_nothing_lost(lane)
    found_ms = [one for one in zeros if one is not None]
    record_property("loaded", loaded)
    record_property("void", void)
    record_property("zero_ms", {"median": median(found_ms), "most": max(found_ms)})


def test_a_drive_without_the_heartbeat_rule_stays_loaded(tmp_path: Path) -> None:
    with Lane(tmp_path / "lane", faithful=False) as lane:
        lane.cut(2.0)
        (cut,) = lane.cuts
        rows = wait_for_rows(lane, cut)
    assert cut.load_g == lane.load_g
    assert zero_after_ms(rows, cut) is None


def test_a_loop_that_stands_still_leaves_the_drive_unloaded(tmp_path: Path) -> None:
    with Lane(tmp_path / "lane") as lane:
        cut, told = lane.stall(2.0, 0.5)
        rows = lane.drive_rows()
    zero_ms = zero_after_ms(rows, cut)
    assert cut.load_g == lane.load_g
    assert zero_ms is not None
    assert zero_ms <= ZERO_MS
    assert all(row["load_g"] == 0 for row in rows if row["mono_ms"] > cut.at_ms + zero_ms + ZERO_MS)
    assert [one["state"] for one in told if "state" in one] == ["paused"]
    assert [one["ended_by"] for one in lane.spool_rows() if one["kind"] == "set_end"] == ["fault"]


def wait_for_rows(lane: Lane, cut: Cut) -> list[dict[str, Any]]:
    while lane.newest_row()["mono_ms"] < cut.at_ms + 2 * ZERO_MS:
        time.sleep(0.02)
    return lane.drive_rows()


def assert_nothing_lost(lane: Lane) -> None:
    """Every row told to be on disk is there once; every cut set is closed; every rep counts once."""
    rows = lane.spool_rows()
    seqs = [row["seq"] for row in rows]
    assert seqs == list(range(1, len(rows) + 1))
    drive = lane.drive_rows()
    reps = Counter((row["session"], row["set"], row["rep"]) for row in rows if row["kind"] == "rep")
    assert set(reps.values()) <= {1}
    for cut in lane.cuts:
        assert {one["stored"] for one in cut.told if "stored" in one} <= set(seqs)
        mine = [row for row in rows if row["session"] == cut.session]
        ends = [row for row in mine if row["kind"] == "set_end"]
        assert [one["ended_by"] for one in ends] == ["power"]
        counted = sum(row["kind"] == "rep" for row in mine)
        assert ends[0]["reps"] + ends[0]["partial_reps"] == counted
        assert made(drive, cut, cut.at_ms - SETTLE_MS) <= counted <= made(drive, cut, cut.at_ms) + 1


def made(drive: list[dict[str, Any]], cut: Cut, at_ms: float) -> int:
    """Count the reps that the person in the drive had finished in this life by a moment."""
    place = bisect_right(drive, at_ms, key=lambda row: row["mono_ms"])
    return max(drive[place - 1]["reps"] - cut.reps_before, 0) if place else 0
