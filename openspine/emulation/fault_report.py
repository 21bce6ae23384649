"""What became of planted faults: what the machines showed, and what the service's store holds in the end."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, func, select

from emulator.faults.flood import ROWS, flooder
from emulator.faults.registry import NOTHING_BURIED, WHOLE
from emulator.faults.verdict import Verdict, judge
from emulator.faults.witness import Sighting
from emulator.studio.fleet import FleetReport
from services.store import tables

Identity = tuple[str, str, int]  # machine, stream, seq


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a store holds of reps, alerts and rows; `repeated`: reps of the same set with the same number."""

    reps: Counter[Identity]
    repeated: Counter[str]  # by machine
    alerts: frozenset[tuple[str, str, str]]  # machine, code, severity
    buried: int
    rows: Counter[str]  # by machine
    not_in_the_week: Counter[str]  # summaries by machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Reps counted at the machines beside reps stored: what is missing, and what is there too often."""

    counted: int
    lost: int
    doubled: int


def held(engine: Engine) -> Held:
    """Read back what a store holds."""
    rep, alert, session = tables.rep.c, tables.alert.c, tables.session.c
    rows_of = tables.inbox.c.machine
    columns = (rep.machine, rep.stream, rep.seq, rep.session_id, rep.set_number, rep.rep_number)
    with engine.connect() as connection:
        reps = connection.execute(select(*columns)).all()
        alerts = connection.execute(select(alert.machine, alert.code, alert.severity))
        rows = connection.execute(select(rows_of, func.count()).group_by(rows_of))
        joined = tables.summary.join(tables.session, session.id == tables.summary.c.session_id)
        aside = connection.execute(
            select(session.machine, func.count())
            .select_from(joined)
            .where(tables.summary.c.skewed)
            .group_by(session.machine)
        )
        places = Counter((row.machine, row.session_id, row.set_number, row.rep_number) for row in reps)
        return Held(
            reps=Counter((row.machine, row.stream, row.seq) for row in reps),
            repeated=Counter({place[0]: number - 1 for place, number in places.items() if number > 1}),
            alerts=frozenset((row.machine, row.code, row.severity) for row in alerts),
            buried=connection.execute(select(func.count()).select_from(tables.dead_letter)).scalar_one(),
            rows=Counter({row[0]: row[1] for row in rows}),
            not_in_the_week=Counter({row[0]: row[1] for row in aside}),
        )


def count(report: FleetReport, stored: Held, machine: str | None = None) -> Count:
    """Compare what one machine, or the whole fleet, has counted with what is stored."""
    said = {
        (one.machine, *rep) for one in report.machines for rep in one.reps if machine in (None, one.machine)
    }
    there = {identity for identity in stored.reps if machine in (None, identity[0])}
    repeated = sum(number for name, number in stored.repeated.items() if machine in (None, name))
    return Count(counted=len(said), lost=len(said - there), doubled=len(there - said) + repeated)


def verdicts(report: FleetReport, stored: Held, duplicates: int) -> tuple[Verdict, ...]:
    """Judge every planted fault by what its machine and the store show; `duplicates`: rows absorbed."""
    seen = {
        machine: (*shown, *_in_the_end(machine, report, stored, duplicates))
        for machine, shown in report.seen.items()
    }
    return judge(report.planted, seen)


def _in_the_end(machine: str, report: FleetReport, stored: Held, duplicates: int) -> list[Sighting]:
    found = [
        f"alert {code} ({severity})" for name, code, severity in sorted(stored.alerts) if name == machine
    ]
    own, fleet = count(report, stored, machine), count(report, stored)
    others = stored.rows.get(flooder(machine), 0)
    if fleet.counted > 0 and (fleet.lost, fleet.doubled) == (0, 0) and others in (0, ROWS):
        found.append(f"{WHOLE}: {own.counted} reps counted and stored here, {fleet.counted} in all")
    if stored.buried == 0:
        found.append(NOTHING_BURIED)
    if duplicates > 0:
        found.append(f"absorbed {duplicates} rows that had come before")
    if (aside := stored.not_in_the_week[machine]) > 0:
        found.append(f"not in the week: {aside} summaries")
    return [Sighting(at_s=math.inf, what=what) for what in found]


def lines(found: Sequence[Verdict], total: Mapping[str, Any]) -> list[str]:
    """Write the verdicts for people."""
    written = []
    for one in found:
        when = "never" if one.planted_s is None else f"at {one.planted_s:.1f} s"
        written.append(
            f"{'seen    ' if one.seen else 'NOT SEEN'}  {one.fault} on {one.machine}, planted {when}"
        )
        written.append(f"          {one.expected}")
        written += [f"          + {evidence}" for evidence in one.evidence]
        written += [f"          - {missing}" for missing in one.missing]
    return [
        *written,
        f"{total['reps_counted']} reps counted: {total['lost']} lost, {total['doubled']} doubled",
    ]
