"""Three files, row group by row group: memory does not grow with the studio."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from contract.messages import Origin
from services.exports.parquet.columns import TABLES, Column
from services.exports.parquet.names import Names
from services.store.reading import research
from services.store.reading.keyset import Record

GROUP: Final = 10_000  # rows of a row group; a rep with its curve is about a kilobyte
OWNER_ONLY: Final = 0o600  # what people did is in it, also without their names
MISSING: Final = "Parquet needs pyarrow: pip install 'openspine[recordings]'"
SOURCES: Final[dict[str, Callable[[Connection, Origin], Iterator[Record]]]] = {
    "sets": research.sets,
    "reps": research.reps,
    "decisions": research.decisions,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How much was written; `left_out` counts people who did not agree to research."""

    people: int
    left_out: int
    rows: dict[str, int]


def is_possible() -> bool:
    """Tell whether Parquet can be written here."""
    return find_spec("pyarrow") is not None


def export(connection: Connection, origin: Origin, folder: Path, key: bytes) -> Written:
    """Write the three tables of one origin into a folder; of real people those who agree to research.

    Raises FileExistsError where one of the files is there already.
    """
    trained = research.first_sessions(connection, origin)
    asked = research.consenting(connection) if origin == "real" else frozenset(trained)
    names = Names(key=key, first_ms={one: first for one, first in trained.items() if one in asked})
    folder.mkdir(parents=True, exist_ok=True)
    rows = {
        name: _write(folder / f"{name}.parquet", TABLES[name], source(connection, origin), names)
        for name, source in SOURCES.items()
    }
    return Written(people=len(names.first_ms), left_out=len(trained) - len(names.first_ms), rows=rows)


def _write(path: Path, columns: Sequence[Column], rows: Iterable[Record], names: Names) -> int:
    """Write one table and count its rows; what fails leaves no file behind."""
    parquet = import_module("pyarrow.parquet")
    schema = schema_of(columns)
    count = 0
    file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "wb")
    try:
        with file, parquet.ParquetWriter(file, schema, compression="zstd") as writer:
            for group in _groups(row for row in rows if names.has(row.patient_id)):
                writer.write_table(_table(columns, group, names, schema), row_group_size=GROUP)
                count += len(group)
    except BaseException:
        path.unlink()
        raise
    return count


def _groups(rows: Iterable[Record]) -> Iterator[list[Record]]:
    there = iter(rows)
    while group := list(islice(there, GROUP)):
        yield group


def _table(columns: Sequence[Column], rows: Sequence[Record], names: Names, schema: Any) -> Any:
    arrow = import_module("pyarrow")
    arrays = [
        arrow.array([column.read(row, names) for row in rows], type=schema.field(column.name).type)
        for column in columns
    ]
    return arrow.Table.from_arrays(arrays, schema=schema)


def schema_of(columns: Sequence[Column]) -> Any:
    """Describe a table: the type, unit and meaning of each column."""
    arrow = import_module("pyarrow")
    types = {
        "text": arrow.string(),
        "whole": arrow.int64(),
        "figure": arrow.float64(),
        "truth": arrow.bool_(),
        "texts": arrow.list_(arrow.string()),
        "figures": arrow.list_(arrow.float64()),
        "loads": arrow.map_(arrow.string(), arrow.float64()),
    }
    return arrow.schema(
        [
            arrow.field(
                column.name,
                types[column.type],
                metadata={"unit": column.unit, "meaning": column.meaning},
            )
            for column in columns
        ],
        metadata={"openspine": "de-identified; units in the metadata of each column"},
    )
