import math

import pytest

from openspine.bench.crowd import Crowd, result, share
from openspine.bench.tiles import Waits


def test_a_share_lies_where_that_part_of_the_values_is_below() -> None:
    values = [float(value) for value in range(100, 0, -1)]
    assert (share(values, 0.5), share(values, 0.95), share([7.0], 0.95)) == (51.0, 96.0, 7.0)
    assert math.isnan(share([], 0.5))


@pytest.mark.parametrize(("change_ms", "ok"), [(400.0, True), (600.0, False), (None, False)])
def test_a_crowd_is_judged_by_every_wait_and_one_that_nobody_had_is_no_success(
    change_ms: float | None, *, ok: bool
) -> None:
    changes = [] if change_ms is None else [change_ms]
    waits = [Waits(refresh_ms=[50.0], change_ms=changes, frame_ms=[20.0], questions=2, unchanged=1)] * 3
    found = result(Crowd(waits=waits, machines=7, cores={"dashboard": 0.1}))
    assert (found["ok"], found["viewers"], found["refreshes"], found["questions"]) == (ok, 3, 3, 6)
