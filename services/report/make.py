"""The report of one person, from the store to the file."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from ml.explain.sentences import Unit
from services.report import page
from services.report.draw import sheet
from services.report.facts import facts_of
from services.report.letters import missing
from services.report.words import Language, Words
from services.store.reading.keyset import Record

MS = 1_000  # milliseconds in a second
LANGUAGES: tuple[Language, ...] = ("en", "zh-HK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The file, the zone of its times, and the letters of the names on it that no font can show."""

    content: bytes
    zone: str
    missing: tuple[str, ...]


def report(
    connection: Connection,
    person: Record,
    now_ms: int,
    language: Language | None = None,
    unit: Unit = "kg",
    form: page.Format = "pdf",
) -> Report:
    """Make the report as of a moment; in the person's own language unless another one is asked for."""
    facts = facts_of(connection, person, now_ms, unit)
    spoken = language or ("zh-HK" if person.language.startswith("zh") else "en")
    drawn = sheet(facts, Words(language=spoken, unit=unit, zone=ZoneInfo(facts.site.time_zone)))
    content = page.written(drawn, now_ms // MS, form)
    letters = tuple(missing(drawn.name + drawn.studio))
    return Report(content=content, zone=facts.site.time_zone, missing=letters)
