"""Did the loop hold? What the machines recorded beside what the store holds."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from services.store import tables

RepId = tuple[str, str, int]  # machine, stream, seq


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the store holds of the streams of a run."""

    reps: Counter[RepId]
    places: Counter[tuple[str, int, str, int]]  # session, set, side, rep: counted once, whatever the row
    sent: int
    applied: int
    applied_range: int
    refused: int


def stored(connection: Connection, streams: Iterable[str]) -> Stored:
    """Read what the store holds of these streams; `applied` are settings that differ from the plan's row."""
    wanted = list(streams)
    rep, session, setting = tables.rep, tables.session, tables.setting
    wire = (rep.c.machine, rep.c.stream, rep.c.seq)
    place = (rep.c.session_id, rep.c.set_number, rep.c.side, rep.c.rep_number)
    reps = connection.execute(select(*wire, *place).where(rep.c.stream.in_(wanted))).all()
    rows = connection.execute(
        select(setting)
        .join(session, session.c.id == setting.c.session_id)
        .where(session.c.stream.in_(wanted))
        .order_by(setting.c.seq)
    ).all()
    planned = {(row.session_id, row.set_number): row for row in rows if row.in_plan}
    new = [row for row in rows if not row.in_plan]
    applied = [row for row in new if row.state == "applied" and _differs(row, planned)]
    return Stored(
        reps=Counter((row.machine, row.stream, row.seq) for row in reps),
        places=Counter((row.session_id, row.set_number, row.side, row.rep_number) for row in reps),
        sent=len(new),
        applied=len(applied),
        applied_range=sum(_differs(row, planned, ("start_cdeg", "end_cdeg")) for row in applied),
        refused=sum(row.state == "refused" for row in new),
    )


def compare(counted: Iterable[RepId], found: Stored) -> dict[str, int]:
    """Count what was lost (counted, not stored) and doubled (stored or placed more than once)."""
    wanted = Counter(counted)
    extra = found.reps - wanted
    placed_twice = sum(times - 1 for times in found.places.values())
    return {
        "reps_counted": wanted.total(),
        "reps_stored": found.reps.total(),
        "lost": (wanted - found.reps).total(),
        "doubled": extra.total() + placed_twice,
    }


_DOSE = (
    "load_g",
    "start_cdeg",
    "end_cdeg",
    "reps",
    "work_ms",
    "tempo_ms",
)  # a longer rest alone is no other dose


def _differs(
    row: Row[Any], planned: Mapping[tuple[str, int], Row[Any]], fields: tuple[str, ...] = _DOSE
) -> bool:
    plan = planned.get((row.session_id, row.set_number))
    return plan is not None and any(getattr(row, name) != getattr(plan, name) for name in fields)
