"""The columns of a list, read off the shape of its rows: what the JSON has, the table has."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import is_dataclass
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from services.exports.csv.text import Cell, Column
from services.insights.adjustments import SplitPart
from services.insights.reasons import Reason

# The end of a name says the unit; the longest that fits holds.
UNITS = {
    "_kg": "kg",
    "_deg": "deg",
    "_deg_s": "deg/s",
    "_s": "s",
    "_j": "J",
    "_nm": "Nm",
    "_pct": "%",
    "_years": "years",
    "_nrs": "0-10",
}
PAIN = ("pain_before", "pain_set", "nrs")  # answers on the scale of 0 to 10
AS_IN_JSON = {"before": "from", "after": "to"}
NOT_IN_A_TABLE = ("own_past", "curve")  # a list in a list; it has a table or a file of its own
Read = Callable[[Any], Any]


@cache
def columns_of(shape: type, prefix: str = "") -> tuple[Column, ...]:
    """List the columns of a dataclass; what it holds of other shapes is laid out beside."""
    return tuple(
        column
        for name, kind in get_type_hints(shape).items()
        if name not in NOT_IN_A_TABLE
        for column in _columns(prefix, name, _required(kind))
    )


def before(columns: Sequence[Column], read: Read) -> tuple[Column, ...]:
    """Read the columns from a part of the row."""
    return tuple(_behind(column, read) for column in columns)


def _columns(prefix: str, name: str, kind: Any) -> Iterator[Column]:
    label = prefix + AS_IN_JSON.get(name, name)
    read = _reader(name)
    inner = get_args(kind)[0] if get_origin(kind) is tuple else None
    if kind is Reason or inner in (Reason, SplitPart):
        yield from _of_sentences(label, read)
    elif is_dataclass(kind):
        yield from before(columns_of(kind, f"{label}_"), read)  # type: ignore[arg-type]  # a class, no value
    elif inner is float:
        yield Column(name=label, value=lambda row: tuple(map(repr, read(row) or ())), unit=_unit(name))
    else:
        yield Column(name=label, value=read, unit=_unit(name), is_time=kind is datetime)


def _of_sentences(label: str, read: Read) -> Iterator[Column]:
    """Lay out reasons: their codes, and what they say in both languages; of a split, the terms."""

    def part(write: Callable[[Any], str]) -> Callable[[Any], Cell]:
        def value(row: Any) -> Cell:
            found = read(row)
            several = found if isinstance(found, tuple) else () if found is None else (found,)
            return tuple(write(one) for one in several)

        return value

    yield Column(name=f"{label}_code", value=part(_code))
    yield Column(name=f"{label}_text_en", value=part(lambda one: one.text_en))
    yield Column(name=f"{label}_text_zh", value=part(lambda one: one.text_zh))


def _code(one: Reason | SplitPart) -> str:
    return f"{one.code} {one.kg!r} kg" if isinstance(one, SplitPart) else one.code


def _reader(name: str) -> Read:
    return lambda row: None if row is None else getattr(row, name)


def _behind(column: Column, read: Read) -> Column:
    def value(row: Any) -> Cell:
        found = read(row)
        return None if found is None else column.value(found)

    return Column(name=column.name, value=value, unit=column.unit, is_time=column.is_time)


def _required(kind: Any) -> Any:
    """Take the type that a value has when there is one."""
    if get_origin(kind) is not UnionType:
        return kind
    return next(one for one in get_args(kind) if one is not NoneType)


def _unit(name: str) -> str:
    if name in PAIN:
        return UNITS["_nrs"]
    fitting = [end for end in UNITS if name.endswith(end)]
    return UNITS[max(fitting, key=len)] if fitting else ""
