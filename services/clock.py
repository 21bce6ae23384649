"""The wall clock, for composition roots."""

import time


def now_ms() -> int:
    """Read the wall clock in Unix milliseconds."""
    return time.time_ns() // 1_000_000
