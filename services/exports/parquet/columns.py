"""The columns of the three tables: type, unit, meaning, and how a stored row gives the value."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from services.exports.parquet.names import Names
from services.insights.units import deg, kg, seconds
from services.store.reading.keyset import Record

Type = Literal["text", "whole", "figure", "truth", "texts", "figures", "loads"]
Read = Callable[[Record, Names], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column; `unit` is empty for words and counts."""

    name: str
    type: Type
    read: Read
    unit: str = ""
    meaning: str = ""


def _plain(type_: Type, *names: str, unit: str = "") -> Iterator[Column]:
    """Take values as they are stored, under their own names."""
    for name in names:
        yield Column(name=name, type=type_, read=_stored(name), unit=unit)


def _converted(name: str, stored: str, convert: Callable[[float], float], unit: str) -> Column:
    read = _stored(stored)

    def value(row: Record, names: Names) -> float | None:
        found = read(row, names)
        return None if found is None else convert(found)

    return Column(name=name, type="figure", read=value, unit=unit)


def _stored(name: str) -> Read:
    return lambda row, _: getattr(row, name)


def _who(time: str) -> Iterator[Column]:
    """Name person and session, and say when."""
    yield Column(
        name="person",
        type="text",
        read=lambda row, names: names.person(row.patient_id),
        meaning="keyed hash; the same in the three tables of one export",
    )
    yield Column(
        name="session",
        type="text",
        read=lambda row, names: names.session(row.session_id),
        meaning="keyed hash",
    )
    yield from _plain("text", "kind", "side")
    yield Column(
        name="day",
        type="whole",
        read=lambda row, names: names.day(row.patient_id, getattr(row, time)),
        meaning="whole days since the person's first session",
    )
    yield Column(
        name="since_first_s",
        type="figure",
        unit="s",
        read=lambda row, names: names.seconds(row.patient_id, getattr(row, time)),
        meaning="since the person's first session",
    )


SETS = (
    *_who("wall_ms"),
    Column(name="set", type="whole", read=_stored("set_number")),
    *_plain("text", "mode"),
    _converted("load_kg", "load_g", kg, "kg"),
    _converted("start_deg", "start_cdeg", deg, "deg"),
    _converted("end_deg", "end_cdeg", deg, "deg"),
    _converted("work_s", "work_ms", seconds, "s"),
    *_plain("whole", "reps", "partial_reps"),
    *_plain("text", "ended_by"),
    *_plain("figure", "duration_s", unit="s"),
    *_plain("text", "rir"),
    *_plain("whole", "pain_set", unit="0-10"),
)
REPS = (
    *_who("wall_ms"),
    Column(name="set", type="whole", read=_stored("set_number")),
    Column(name="rep", type="whole", read=_stored("rep_number")),
    _converted("load_kg", "load_g", kg, "kg"),
    *_plain("figure", "start_deg", "end_deg", unit="deg"),
    *_plain("figure", "concentric_s", "hold_s", "eccentric_s", unit="s"),
    *_plain("figure", "peak_torque_nm", "mean_torque_nm", unit="Nm"),
    *_plain("figure", "work_j", unit="J"),
    *_plain("figure", "peak_speed_deg_s", "mean_speed_deg_s", unit="deg/s"),
    *_plain("figure", "smoothness"),
    *_plain("texts", "quality"),
    Column(name="curve_deg", type="figures", read=lambda row, _: (row.curve or {}).get("deg"), unit="deg"),
    Column(name="curve_nm", type="figures", read=lambda row, _: (row.curve or {}).get("nm"), unit="Nm"),
)
DECISIONS = (
    *_who("now_ms"),
    Column(name="set", type="whole", read=_stored("set_number")),
    *_plain("text", "occasion", "policy", "model", "software"),
    *_plain("truth", "held"),
    *_plain("text", "raised", "binding"),
    Column(name="why", type="texts", read=lambda row, _: [one["code"] for one in row.why]),
    Column(
        name="split_kg",
        type="loads",
        unit="kg",
        read=lambda row, _: {code: kg(part_g) for code, part_g in row.split_g.items()},
        meaning="terms that add up to the change of load",
    ),
    *_plain("figure", "capacity_kg", "capacity_low_kg", "capacity_high_kg", unit="kg"),
    Column(name="rir", type="figure", read=_stored("rir"), meaning="repetitions in reserve, expected"),
    Column(
        name="previous_load_kg",
        type="figure",
        unit="kg",
        read=lambda row, _: None if row.previous is None else kg(row.previous["load_g"]),
    ),
)
TABLES = {"sets": SETS, "reps": REPS, "decisions": DECISIONS}
