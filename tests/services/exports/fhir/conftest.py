"""Mrs Chan's record as a bundle."""

from typing import Any

import pytest
from studio_rows import NOW_MS, StudioRows, named

from services.exports.fhir.bundle import bundle
from services.exports.fhir.facts import Facts, facts_of
from services.store import tables
from services.store.reading import patients

Json = dict[str, Any]


@pytest.fixture
def tested(course: StudioRows) -> StudioRows:
    """The course with a strength test and a mobility test, and a firmware that was heard."""
    course.status()
    for mode, angle_cdeg, range_deg in (("isometric", 0, 0.0), ("mobility", 0, 41.5)):
        row = course.recorded("session-5", wall_ms=NOW_MS + 1) | {
            "mode": mode,
            "side": "left",
            "angle_cdeg": angle_cdeg,
            "peak_torque_nm": 88.5,
            "mean_3s_nm": 80.25,
            "range_deg": range_deg,
            "attempt": 2,
        }
        course.put(tables.test_result, row)
    return course


@pytest.fixture
def facts(tested: StudioRows) -> Facts:
    with tested.engine.connect() as connection:
        person = patients.one(connection, named("Chan Mei Ling"), "sim")
        assert person is not None
        return facts_of(connection, person, NOW_MS)


@pytest.fixture
def record(facts: Facts) -> Json:
    return bundle(facts)


@pytest.fixture
def resources(record: Json) -> list[Json]:
    return [entry["resource"] for entry in record["entry"]]
