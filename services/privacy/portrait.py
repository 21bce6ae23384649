"""Everything about a person, as one JSON object and as a table per kind of row."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from services.exports.csv import text
from services.store import people, person

Tables = dict[str, list[dict[str, Any]]]


def portrait(connection: Connection, patient_id: str) -> Tables:
    """Read every row about a person by table; tables without any are left out. LookupError for nobody."""
    if not people.exists(connection, patient_id):
        raise LookupError(patient_id)
    return {name: rows for name, rows in person.everything(connection, patient_id) if rows}


def as_json(tables: Tables) -> str:
    """Write all tables as one JSON object."""
    return json.dumps(tables, ensure_ascii=False, indent=1) + "\n"


def as_csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Write the rows of one table as every list is written; what is nested is JSON, times are Unix ms UTC."""
    columns = [text.Column(name=name, value=partial(_cell, name)) for name in rows[0]]
    return text.document(columns, rows, ZoneInfo("UTC"))


def _cell(name: str, row: Mapping[str, Any]) -> text.Cell:
    value = row[name]
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
