"""Everything about a person, as one JSON object and as a table per kind of row."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

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


def as_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Write the rows of one table with a header; what is nested is JSON, times are Unix ms UTC."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\r\n")  # RFC 4180
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
