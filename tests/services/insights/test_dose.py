from types import SimpleNamespace
from typing import Any

from services.insights import dose


def setting(**changes: Any) -> Any:
    row = {
        "load_g": 12_500,
        "start_cdeg": 1_000,
        "end_cdeg": 5_000,
        "applied_load_g": None,
        "applied_start_cdeg": None,
        "applied_end_cdeg": None,
        "reps": 10,
        "work_ms": 90_000,
        "tempo_ms": [2_000, 0, 3_000],
        "rest_ms": 60_000,
    }
    return SimpleNamespace(**(row | changes))


def test_sent_dose_in_people_s_units_with_clinical_angles() -> None:
    assert dose.as_sent(setting(), "lumbar_extension") == dose.Dose(
        load_kg=12.5,
        start_deg=10.0,
        end_deg=50.0,
        clinical_start_deg=62.0,
        clinical_end_deg=22.0,
        reps=10,
        work_s=90.0,
        tempo_s=(2.0, 0.0, 3.0),
        rest_s=60.0,
    )


def test_applied_dose_counts_where_it_is_known_also_when_it_is_zero() -> None:
    applied = setting(applied_load_g=0, applied_start_cdeg=1_100, applied_end_cdeg=4_900)
    shown = dose.of_setting(applied, None)
    assert (shown.load_kg, shown.start_deg, shown.end_deg) == (0.0, 11.0, 49.0)
    assert dose.as_sent(applied, None).load_kg == 12.5


def test_previous_dose_keeps_no_tempo_and_no_rest() -> None:
    previous = {"load_g": 12_000, "start_cdeg": 0, "end_cdeg": 3_000, "reps": 8, "work_ms": 0}
    shown = dose.of_previous(previous, None)
    assert (shown.load_kg, shown.tempo_s, shown.rest_s) == (12.0, (), None)
