"""Processor time of processes: work counts, sleep does not."""

import os
import subprocess
import sys
import time

from openspine.bench.processor import children, spent_ms


def test_work_is_counted_and_sleep_is_not() -> None:
    began = spent_ms([os.getpid()])
    time.sleep(0.05)
    slept = spent_ms([os.getpid()]) - began
    sum(number * number for number in range(400_000))
    assert spent_ms([os.getpid()]) - began > 2 * slept


def test_a_child_is_found_and_who_is_gone_has_spent_nothing() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert child.pid in children(os.getpid())
    child.communicate(b"\n")
    assert spent_ms([child.pid]) == 0.0
    assert child.pid not in children(os.getpid())
