from dataclasses import fields

import pytest

from services.exports.csv.columns import NOT_IN_A_TABLE, columns_of
from services.insights.adjustments import Adjustment
from services.insights.balance import Pair
from services.insights.inbox import Alert
from services.insights.patients import PatientRow
from services.insights.progress import PainPoint, ProgressPoint
from services.insights.sessions import RepRow, SessionRow

SHAPES = (Adjustment, Alert, Pair, PainPoint, PatientRow, ProgressPoint, RepRow, SessionRow)


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_of_a_shape_is_left_out(shape: type) -> None:
    names = [column.name for column in columns_of(shape)]
    wanted = {"before": "from_", "after": "to_"}
    for field in fields(shape):
        start = wanted.get(field.name, field.name)
        assert (field.name in NOT_IN_A_TABLE) != any(name.startswith(start) for name in names), field.name
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("shape", "name", "unit"),
    [
        (ProgressPoint, "load_kg", "kg"),
        (ProgressPoint, "clinical_start_deg", "deg"),
        (ProgressPoint, "under_tension_s", "s"),
        (ProgressPoint, "work_j", "J"),
        (ProgressPoint, "pain_set", "0-10"),
        (ProgressPoint, "reps", ""),
        (RepRow, "mean_speed_deg_s", "deg/s"),
        (RepRow, "peak_torque_nm", "Nm"),
        (PatientRow, "age_years", "years"),
        (Pair, "mdc_pct", "%"),
        (Adjustment, "from_load_kg", "kg"),
        (Adjustment, "to_tempo_s", "s"),
    ],
)
def test_units_are_those_of_the_names(shape: type, name: str, unit: str) -> None:
    assert {column.name: column.unit for column in columns_of(shape)}[name] == unit


def test_times_are_known_as_such() -> None:
    assert [column.name for column in columns_of(SessionRow) if column.is_time] == ["opened_at", "closed_at"]
