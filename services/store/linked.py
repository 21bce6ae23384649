"""Which rows are about a person, found from the tables themselves: by foreign keys and by names of columns.

A table that nothing leads to from `patient` must stand in `NOBODY`; a test fails for one that is in neither.
"""

from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, or_, select

from services.store import tables

PERSON = tables.patient
BY_NAME = {  # columns that mean a row of another table, also where no foreign key says so
    "patient_id": tables.patient,
    "session_id": tables.session,
    "visit_id": tables.visit,
}
NOBODY = {
    "attempt": "digests of tries at a door",
    "audit": "pseudonyms and digests; append-only, and taken by retention",
    "calibration": "machines",
    "conformance": "machines, and the made-up people of the kit",
    "dead_letter": "what nobody could read; searched for the person's words",
    "first_answer": "answers for requests that come twice; all are forgotten",
    "machine": "machines",
    "machine_client": "machines",
    "machine_code": "machines",
    "outbox": "bytes on their way out; searched for the person's words",
    "retention_run": "counts",
    "screen": "kiosks and phones of a site",
    "settings_week": "counts of a machine's week",
    "sign_in_trip": "staff on the way to an identity provider and back",
    "site": "places",
    "staff_link": "staff",
    "staff_member": "staff",
    "staff_role": "staff",
    "stream": "machines",
}
Link = tuple[Column[Any], Table]  # a column, and the table whose id it holds


@cache
def linked() -> tuple[Table, ...]:
    """List the tables with rows about people, `patient` first, and none before one that it hangs on."""
    found = [one for one in tables.metadata.sorted_tables if _is_of_people(one)]
    return tuple(sorted(found, key=_distance))


def links(table: Table) -> tuple[Link, ...]:
    """List the columns of a table that lead towards a person."""
    return tuple(
        (column, target)
        for column in table.columns
        if (target := _target(column)) is not None and target is not table
    )


def of_person(table: Table, patient_id: str) -> ColumnElement[bool]:
    """Select the rows of a linked table that are about one person, by whichever way leads there."""
    return _reached(table, PERSON, [patient_id])


def of_sessions(table: Table, sessions: Any) -> ColumnElement[bool]:
    """Select the rows of a table that hang on sessions (ids, or a query of ids)."""
    return _reached(table, tables.session, sessions)


def hangs_on_sessions(table: Table) -> bool:
    """Tell whether rows of a table can hang on a session."""
    return table is tables.session or any(hangs_on_sessions(target) for _, target in links(table))


def _reached(table: Table, root: Table, ids: Any) -> ColumnElement[bool]:
    if table is root:
        return table.c.id.in_(ids)
    ways = [
        column.in_(ids if target is root else select(target.c.id).where(_reached(target, root, ids)))
        for column, target in links(table)
        if _leads(target, root)
    ]
    return or_(*ways)


def _leads(table: Table, root: Table) -> bool:
    return table is root or any(_leads(target, root) for _, target in links(table))


def _target(column: Column[Any]) -> Table | None:
    if column.name in BY_NAME:
        return BY_NAME[column.name]
    for key in column.foreign_keys:
        target = key.column.table
        if key.column.name == "id" and len(target.primary_key.columns) == 1 and _is_of_people(target):
            return target
    return None


def _distance(table: Table) -> int:
    return 0 if table is PERSON else 1 + max(_distance(target) for _, target in links(table))


def _is_of_people(table: Table) -> bool:
    return table.name not in NOBODY and (table is PERSON or bool(links(table)))
