"""Standing on one leg and rising from a chair: what was entered, its change, and what is published."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ml.progress.functional import Changed, FunctionalTest, Measured, Published, changed, published
from ml.request import Sex
from services.insights.units import at, rounded

SIDES: dict[FunctionalTest, tuple[tuple[str, str], ...]] = {  # side and the column of its figure
    "single_leg_stand": (("left", "left_s"), ("right", "right_s")),
    "chair_stand": (("both", "stands"),),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A test as it was entered."""

    id: str
    test: str
    week: int | None
    left_s: float | None
    right_s: float | None
    cap_s: int | None
    stands: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The newest figure of a test and side, its change since the first one, and a published figure."""

    test: str
    side: str
    value: float
    at_cap: bool
    at: datetime
    first_value: float | None
    first_at: datetime | None
    verdict: str
    change: float | None
    needed: float | None
    published: Published | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Of whom the published figures are to be: age and sex."""

    age_years: int
    sex: Sex


def entry(row: Any) -> Entry:
    """Show a test as it was entered."""
    return Entry(
        id=row.id,
        test=row.test,
        week=row.week,
        left_s=row.left_s,
        right_s=row.right_s,
        cap_s=row.cap_s,
        stands=row.stands,
        at=at(row.at_ms),
    )


def standings(rows: Sequence[Any], who: Person) -> tuple[Standing, ...]:
    """Judge the newest figure of each test and side; `rows`: the newest first."""
    return tuple(
        _standing(test, side, known, who)
        for test, sides in SIDES.items()
        for side, column in sides
        if (known := list(_figures(rows, test, column)))
    )


def _figures(rows: Iterable[Any], test: FunctionalTest, column: str) -> Iterable[tuple[int, Measured]]:
    for row in rows:
        value = getattr(row, column)
        if row.test == test and value is not None:
            yield row.at_ms, Measured(value=float(value), cap_s=row.cap_s)


def _standing(
    test: FunctionalTest, side: str, known: Sequence[tuple[int, Measured]], who: Person
) -> Standing:
    now_ms, now = known[0]
    first_ms, first = known[-1] if len(known) > 1 else (None, None)
    found = changed(test, first, now)
    told = found if isinstance(found, Changed) else None
    return Standing(
        test=test,
        side=side,
        value=round(now.value, 1),
        at_cap=now.is_at_cap,
        at=at(now_ms),
        first_value=rounded(first.value) if first else None,
        first_at=at(first_ms) if first_ms is not None else None,
        verdict=told.verdict if told else "not_enough_data",
        change=rounded(told.by) if told else None,
        needed=told.needed if told else None,
        published=published(test, who.age_years, who.sex),
    )
