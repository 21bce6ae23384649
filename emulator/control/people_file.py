"""People from a file, with other parameters than ours: TOML or CSV (schema: docs/people-file.md).

Every field that is left out is drawn as for an emulated person of that stratum and number.
"""

import csv
import io
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, Final

from emulator.people.person import AGE_BANDS, SEVERITIES, Person, of_stratum
from emulator.physiology.parameters import Change, misfit, using

PEOPLE_MOST = 100_000
WORDS: Final[dict[str, tuple[str, ...]]] = {
    "sex": ("female", "male"),
    "severity": ("none", *SEVERITIES),
    "reporter": ("honest", "stoic", "always_easy", "always_hard"),
}
WHOLE: Final[dict[str, tuple[int, int]]] = {  # least and most
    "age_years": (18, 100),
    "seed": (0, 2**31 - 1),
    "spasm_day": (0, 10_000),  # days from the first visit
    "spasm_days": (0, 100),
    "away_day": (0, 10_000),
    "away_days": (0, 1_000),
}
REAL: Final[dict[str, tuple[float, float]]] = {
    "mass_kg": (30, 250),
    "pain_nrs": (0, 10),
    "strength_log": (-2, 2),  # log of the factor on typical strength
    "side_log": (-1, 1),  # log of right over left
    "fatigue_per_s": (0.001, 0.1),
    "speed_loss": (0, 0.95),  # share of speed lost at failure
    "drop_reps": (0.2, 10),
    "pace_log": (-0.5, 0.5),
    "range_share": (0.1, 1.2),  # of the machine's default range, painless at the start
    "range_gain_deg": (0, 40),  # in 12 weeks
    "gain_log": (0, 1.5),  # in 12 weeks of full stimulus
    "bump_nrs": (0, 5),
    "sensitivity": (0, 10),
    "report_bias_reps": (-10, 10),
}
OPTIONAL: Final = ("spasm_day", "away_day")  # "none": never
FIELDS: Final = ("count", *WORDS, *WHOLE, *REAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """People of a file and the figures of the physiology that hold for them."""

    people: tuple[Person, ...]
    changes: Mapping[str, Change]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """Why a file is no cohort, in one line with row and field."""

    reason: str


class _Misfit(Exception):  # noqa: N818 (never leaves this module)
    pass


def read(name: str, text: str, seed: int) -> Cohort | Unreadable:
    """Read a people file; the ending of its name says which kind it is. `seed` draws what is left out."""
    try:
        if PurePath(name).suffix.lower() == ".csv":
            return Cohort(people=_people(_csv_rows(text), seed), changes={})
        return _from_toml(text, seed)
    except (_Misfit, tomllib.TOMLDecodeError, csv.Error) as misfitting:
        return Unreadable(reason=f"{name}: {misfitting}")


def _from_toml(text: str, seed: int) -> Cohort:
    table = tomllib.loads(text)
    unknown = [key for key in table if key not in ("seed", "people", "parameters")]
    if unknown:
        raise _Misfit(f"{unknown[0]!r} is not known; there are seed, people and parameters")
    rows = table.get("people", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _Misfit("people must be written as [[people]]")
    changes = _changes(table.get("parameters", {}))
    own_seed = _whole("seed", table.get("seed", seed))
    with using(changes):
        return Cohort(
            people=_people([(f"person {at}", row) for at, row in enumerate(rows, 1)], own_seed),
            changes=changes,
        )


def _changes(sections: Any) -> dict[str, Change]:
    found: dict[str, Change] = {}
    if not isinstance(sections, dict) or not all(isinstance(keys, dict) for keys in sections.values()):
        raise _Misfit("parameters must be written as [parameters.SECTION]")
    for section, keys in sections.items():
        for key, value in keys.items():
            name = f"{section}.{key}"
            parts = value if isinstance(value, list) else [value]
            if not all(_is_number(part) for part in parts):
                raise _Misfit(f"parameters.{name} must be a number or a list of numbers")
            change: Change = tuple(map(float, parts)) if isinstance(value, list) else float(value)
            if (why := misfit(name, change)) is not None:
                raise _Misfit(f"parameters.{name} {why}")
            found[name] = change
    return found


def _csv_rows(text: str) -> list[tuple[str, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text), restkey="", strict=True)
    rows = []
    for row in reader:
        if "" in row or None in row.values():
            raise _Misfit(f"line {reader.line_num} has not as many fields as the head")
        rows.append(
            (f"line {reader.line_num}", {key: cell.strip() for key, cell in row.items() if cell.strip()})
        )
    return rows


def _people(rows: Sequence[tuple[str, Mapping[str, Any]]], seed: int) -> tuple[Person, ...]:
    found: list[Person] = []
    for place, row in rows:
        try:
            found += _of_row(row, len(found), seed)
        except _Misfit as misfitting:
            raise _Misfit(f"{place}: {misfitting}") from None
    if not found:
        raise _Misfit("there are no people in it")
    return tuple(found)


def _of_row(row: Mapping[str, Any], first: int, seed: int) -> list[Person]:
    fields = {name: _value(name, value) for name, value in row.items()}
    count = fields.pop("count", 1)
    if first + count > PEOPLE_MOST:
        raise _Misfit(f"more than {PEOPLE_MOST} people")
    return [_person(first + more, seed, fields) for more in range(count)]


def _person(number: int, seed: int, fields: Mapping[str, Any]) -> Person:
    """Draw a person of the stratum that is given, or of the next in turn, and put the given fields in."""
    age = fields.get("age_years")
    band = AGE_BANDS[number // 2 % len(AGE_BANDS)] if age is None else (age, age)
    drawn = of_stratum(
        number,
        seed,
        sex=fields.get("sex", "female" if number % 2 == 0 else "male"),
        band=band,
        severity=fields.get("severity", SEVERITIES[number // 6 % len(SEVERITIES)]),
    )
    return replace(drawn, **fields)


def _value(name: str, value: Any) -> Any:
    if name == "count":
        return _bounded(name, _whole(name, value), (1, PEOPLE_MOST))
    if name in OPTIONAL and value == "none":
        return None
    if name in WORDS:
        if value not in WORDS[name]:
            raise _Misfit(f"{name} = {value!r}: one of {', '.join(WORDS[name])}")
        return value
    if name in WHOLE:
        return _bounded(name, _whole(name, value), WHOLE[name])
    if name in REAL:
        return _bounded(name, _real(name, value), REAL[name])
    raise _Misfit(f"{name!r} is no field; there are {', '.join(FIELDS)}")


def _whole(name: str, value: Any) -> int:
    number = _real(name, value)
    if number != int(number):
        raise _Misfit(f"{name} = {value!r}: a whole number")
    return int(number)


def _real(name: str, value: Any) -> float:
    try:
        number = float(value) if isinstance(value, str) or _is_number(value) else math.nan
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise _Misfit(f"{name} = {value!r}: a number")
    return number


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _bounded(name: str, value: float, bounds: tuple[float, float]) -> Any:
    if not bounds[0] <= value <= bounds[1]:
        raise _Misfit(f"{name} = {value:g}: from {bounds[0]:g} to {bounds[1]:g}")
    return value
