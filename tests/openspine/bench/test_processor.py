"""Processor time of processes: work counts, sleep does not."""

import os
import subprocess
import sys
import time

from openspine.bench.processor import children, since_ms, spent_ms


def test_work_is_counted_and_sleep_is_not() -> None:
    pid = os.getpid()
    began = spent_ms([pid])
    time.sleep(0.05)
    slept = since_ms(began, spent_ms([pid]))
    sum(number * number for number in range(400_000))
    assert since_ms(began, spent_ms([pid])) > 2 * slept


def test_a_child_is_found_and_who_is_gone_has_spent_nothing() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert child.pid in children(os.getpid())
    child.communicate(b"\n")
    assert spent_ms([child.pid]) == {child.pid: 0.0}
    assert since_ms({child.pid: 5.0}, {child.pid: 0.0}) == 0.0
    assert child.pid not in children(os.getpid())
