from itertools import count
from typing import Any

from openspine.bench.workers import MOST_S, RUNS, bounded, ratio

SPEED = {"one_before": 90.0, "two": 150.0, "one_after": 110.0}


def _measured(name: str) -> dict[str, Any]:
    return {"messages_per_s": SPEED[name]}


def test_two_are_divided_by_the_mean_of_one_before_and_after() -> None:
    found = bounded(_measured, lambda: 0.0)
    assert list(found) == list(RUNS)
    assert ratio(found) == 1.5


def test_when_the_time_is_over_the_rest_is_told_and_not_measured() -> None:
    clock = count(0.0, MOST_S * 0.4)
    found = bounded(_measured, lambda: next(clock))
    assert [name for name, one in found.items() if "absent" in one] == ["one_after"]
    assert ratio(found) is None


def test_who_does_not_start_is_told_and_the_others_are_measured() -> None:
    def one(name: str) -> dict[str, Any]:
        if name == "two":
            raise RuntimeError("a worker does not answer")
        return _measured(name)

    found = bounded(one, lambda: 0.0)
    assert found["two"] == {"absent": "a worker does not answer"}
    assert found["one_after"] == _measured("one_after")
    assert ratio(found) is None


def test_nothing_measured_has_no_ratio() -> None:
    assert ratio({name: {"messages_per_s": 0.0} for name in RUNS}) is None
