import pytest

from openspine.bench.ingest import IngestOptions, measure
from openspine.bench.loop import spread


def ignore(_said: str) -> None:
    pass


@pytest.mark.slow
def test_a_whole_session_goes_in_and_the_profile_adds_up() -> None:
    found = measure(IngestOptions(machines=3, sessions=1, database="sqlite", profile=True), ignore)
    assert found["settings"] >= 3
    assert found["messages"] >= 3 * 20
    assert sum(found["us_by_place"].values()) > 0
    assert found["us"]["wall"] >= found["us"]["processor"] * 0.5


def test_the_spread_of_nothing_is_nothing() -> None:
    assert spread([]) == {}
    assert spread([3.0, 1.0, 2.0]) == {"p50": 2.0, "p99": 3.0}
