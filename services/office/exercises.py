"""The catalogue of exercises without a motor, and who may be given which. Pure."""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal, get_args

from contract.messages import Phase

PHASES: Final[tuple[Phase, ...]] = get_args(Phase)
Where = Literal["station", "home"]
Closed = Literal["condition", "phase", "age", "height", "neutral_spine", "place"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """One exercise with its timer and its words."""

    name: str
    group: str
    where: tuple[str, ...]
    text_en: str
    text_zh: str
    steps_en: tuple[str, ...]
    steps_zh: tuple[str, ...]
    opens: Phase
    minutes: int = 0
    hold_s: int = 0
    reps: int = 0
    sets: int = 1
    rest_s: int = 0
    closed_by: frozenset[str] = frozenset()
    age_below: int | None = None
    height_m_least: float | None = None
    marked: bool = False
    sided: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """What of a person opens or closes exercises."""

    phase: Phase
    age_years: int
    height_m: float
    conditions: Collection[str] = ()  # that are open
    finds_neutral: bool = False


@cache
def catalogue() -> dict[str, Exercise]:
    """Read every exercise, by name."""
    table = tomllib.loads(files("services.office").joinpath("exercises.toml").read_text(encoding="utf-8"))
    return {name: _exercise(name, dict(row)) for name, row in table.items()}


def names(code: str) -> tuple[str, str]:
    """Name an exercise in English and in Chinese; one that is not known is spelled out."""
    found = catalogue().get(code)
    plain = code.replace("_", " ")
    return (found.text_en, found.text_zh) if found else (plain, plain)


def closed(exercise: Exercise, who: Who, where: Where) -> Closed | None:
    """Tell why a person may not be given an exercise; None when it is open."""
    if where not in exercise.where:
        return "place"
    if exercise.closed_by & set(who.conditions):
        return "condition"
    if PHASES.index(who.phase) < PHASES.index(exercise.opens):
        return "phase"
    if exercise.age_below is not None and who.age_years >= exercise.age_below:
        return "age"
    if exercise.height_m_least is not None and who.height_m < exercise.height_m_least:
        return "height"
    return "neutral_spine" if exercise.marked and not who.finds_neutral else None


def _exercise(name: str, row: dict[str, object]) -> Exercise:
    row["text_en"], row["text_zh"] = row.pop("en"), row.pop("zh")
    for field in ("where", "steps_en", "steps_zh"):
        row[field] = tuple(row[field])  # type: ignore[arg-type]  # lists of words, by the test of the catalogue
    row["closed_by"] = frozenset(row.pop("closed_by", ()))  # type: ignore[call-overload]
    return Exercise(name=name, **row)  # type: ignore[arg-type]
