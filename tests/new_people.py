"""Bodies of enrolment: a test says only what it cares about."""

from typing import Any


def body(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Wong Siu Ming",
        "birth_year": 1961,
        "sex": "male",
        "mass_kg": 70.0,
        "height_m": 1.7,
        "language": "zh-HK",
        "baseline_nrs": 3,
        "stations": ["lumbar_extension", "trunk_rotation"],
        "red_flags_asked": True,
        "exclusions": [],
        "consents": [{"purpose": "training", "version": "2026-10", "given": True}],
    } | changes
