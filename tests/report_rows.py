"""What only the report shows: exercises at home, a booked visit; and the report's steps in one call."""

from typing import Any
from zoneinfo import ZoneInfo

from studio_rows import DAY_MS, NOW_MS, StudioRows, named

from contract.messages import Origin
from ml.explain.sentences import Unit
from services.report.draw import sheet
from services.report.facts import Facts, facts_of
from services.report.sheet import Sheet
from services.report.words import Language, Words
from services.store.reading import patients
from services.store.tables.day import booking, home_exercise

CHAN = named("Chan Mei Ling")
VISITS = 8
LAST_MS = NOW_MS + (VISITS - 1) * 3 * DAY_MS
ZONE = ZoneInfo("Asia/Hong_Kong")


def prescribe(studio: StudioRows, **changes: Any) -> None:
    row = {
        "id": named("exercise"),
        "patient_id": CHAN,
        "origin": "sim",
        "exercise": "pelvic_tilt",
        "sets": 2,
        "reps": 10,
        "hold_ms": 5_000,
        "times_a_week": 5,
        "by_id": "somebody",
        "from_day": "2026-11-18",
        "made_ms": NOW_MS,
    }
    studio.put(home_exercise, row | changes)


def book(studio: StudioRows, **changes: Any) -> None:
    row = {
        "id": named("booking"),
        "patient_id": CHAN,
        "origin": "sim",
        "site_id": "studio",
        "day": "2026-12-15",
        "starts_ms": LAST_MS + 6 * DAY_MS,
        "minutes": 40,
        "state": "planned",
        "stations": [],
        "version": 1,
        "made_by": "desk",
        "made_ms": NOW_MS,
        "changed_ms": NOW_MS,
    }
    studio.put(booking, row | changes)


def facts(studio: StudioRows, unit: Unit = "kg", origin: Origin = "sim") -> Facts:
    with studio.engine.connect() as connection:
        person = patients.one(connection, CHAN, origin)
        assert person is not None
        return facts_of(connection, person, LAST_MS + DAY_MS, unit)


def drawn(studio: StudioRows, language: Language = "en", unit: Unit = "kg") -> Sheet:
    return sheet(facts(studio, unit=unit), Words(language=language, unit=unit, zone=ZONE))
