"""Questionnaires: items, scores, and when each is due. Pure."""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from ml.progress.outcomes import Change, Instrument, change
from services.office.refusal import Refusal, mistake

WEEK_MS: Final = 7 * 86_400_000
WEEKS: Final = (0, 6, 12)  # of the therapy, beside the tests of strength (clinical page)
OPENS_BEFORE_MS: Final = WEEK_MS  # a questionnaire may be answered a week early
ASKED: Final[tuple[Instrument, ...]] = ("odi", "roland_morris")
PERCENT: Final = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item; its wording is on the studio's form."""

    id: str
    text_en: str
    text_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One questionnaire: `most` points an item, `least` items that must be answered."""

    instrument: Instrument
    text_en: str
    text_zh: str
    most: int
    least: int
    unit: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A questionnaire that is to be answered, of a week of the therapy."""

    instrument: Instrument
    week: int
    since_ms: int


@cache
def forms() -> dict[str, Form]:
    """Read every questionnaire, by instrument."""
    table = tomllib.loads(files("services.office").joinpath("instruments.toml").read_text(encoding="utf-8"))
    return {name: _form(name, row) for name, row in table.items()}


def score(form: Form, answers: Mapping[str, int]) -> float | Refusal:
    """Score a questionnaire: points, or per cent of those that the answered items could reach."""
    known = {item.id for item in form.items}
    if not set(answers) <= known:
        return mistake("body.answers", "There is no such item.")
    if any(not 0 <= value <= form.most for value in answers.values()):
        return mistake("body.answers", f"Each answer is 0 to {form.most}.")
    if len(answers) < form.least:
        return mistake("body.answers", f"At least {form.least} answers are needed.")
    points = sum(answers.values())
    if form.unit == "points":
        return float(points)
    return round(PERCENT * points / (form.most * len(answers)), 1)


def due(first_visit_ms: int | None, done: Collection[tuple[str, int | None]], now_ms: int) -> tuple[Due, ...]:
    """List what is to be answered now: of the weeks 0, 6 and 12 the newest that has begun.

    `done`: instrument and week of those that are answered.
    """
    newest, since_ms = newest_week(first_visit_ms, now_ms)
    return tuple(
        Due(instrument=one, week=newest, since_ms=since_ms) for one in ASKED if (one, newest) not in done
    )


def newest_week(first_visit_ms: int | None, now_ms: int) -> tuple[int, int]:
    """Tell which of the weeks 0, 6 and 12 has begun last, and since when (Unix ms) it has been open."""
    begun = first_visit_ms if first_visit_ms is not None else now_ms
    opened = [week for week in WEEKS if begun + week * WEEK_MS - OPENS_BEFORE_MS * (week > 0) <= now_ms]
    newest = opened[-1] if opened else WEEKS[0]
    return newest, begun + newest * WEEK_MS - OPENS_BEFORE_MS * (newest > 0)


def judged(instrument: Instrument, scores: Sequence[float]) -> Change:
    """Judge the first score against the last by the instrument's minimal important change."""
    before = scores[0] if scores else None
    return change(before, scores[-1] if len(scores) > 1 else None, instrument)


def _form(name: Any, row: Mapping[str, Any]) -> Form:
    items = tuple(Item(id=one["id"], text_en=one["en"], text_zh=one["zh"]) for one in row["items"])
    return Form(
        instrument=name,
        text_en=row["en"],
        text_zh=row["zh"],
        most=row["most"],
        least=row["least"],
        unit=row["unit"],
        items=items,
    )
