"""Rows of a foreign table, CSV or Parquet: only the wanted columns, each row with its number in the file."""

import csv
import importlib
import importlib.util
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from emulator.recordings.column_map import BadFile

Row = tuple[int, tuple[Any, ...]]  # number in the file, and the values of the wanted columns in their order
PARQUET_MAGIC = b"PAR1"
NAMED_MOST = 20  # of the columns that a file has, in a complaint


def rows_of(path: Path, wanted: Sequence[str], delimiter: str = ",") -> Iterator[Row | BadFile]:
    """Go through a table; a `BadFile` is the last that comes. Rows of CSV count from the header, 1."""
    if not path.is_file():
        yield BadFile(file=str(path), problem="no such file", mend="check the path")
        return
    try:
        with path.open("rb") as file:
            is_parquet = file.read(len(PARQUET_MAGIC)) == PARQUET_MAGIC
        yield from _parquet(path, wanted) if is_parquet else _csv(path, wanted, delimiter)
    except OSError as error:
        yield BadFile(file=str(path), problem=f"not readable ({error.strerror or error})", mend="check it")


def _csv(path: Path, wanted: Sequence[str], delimiter: str) -> Iterator[Row | BadFile]:
    with path.open(newline="", encoding="utf-8-sig", errors="replace") as lines:
        reader = csv.reader(lines, delimiter=delimiter)
        header = next(reader, None)
        if header is None:
            mend = "export it again with its header row"
            yield BadFile(file=str(path), problem="the file is empty", mend=mend)
            return
        names = [name.strip() for name in header]
        missing = _missing(path, names, wanted, row=1)
        if missing is not None:
            yield missing
            return
        places = [names.index(name) for name in wanted]
        try:
            for row in reader:
                if row:
                    yield reader.line_num, tuple(row[one] if one < len(row) else "" for one in places)
        except csv.Error as error:
            mend = "export it again as plain CSV"
            yield BadFile(file=str(path), row=reader.line_num, problem=f"no CSV ({error})", mend=mend)


def _parquet(path: Path, wanted: Sequence[str]) -> Iterator[Row | BadFile]:
    if importlib.util.find_spec("pyarrow") is None:
        mend = "pip install 'openspine[recordings]', or export it as CSV"
        yield BadFile(file=str(path), problem="Parquet needs pyarrow", mend=mend)
        return
    arrow, parquet = importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    try:
        with parquet.ParquetFile(path) as table:
            missing = _missing(path, list(table.schema_arrow.names), wanted)
            if missing is not None:
                yield missing
                return
            number = 0
            for batch in table.iter_batches(columns=list(dict.fromkeys(wanted))):
                columns = [batch.column(name).to_pylist() for name in wanted]
                for values in zip(*columns, strict=True):
                    number += 1
                    yield number, values
    except (arrow.ArrowException, OSError, UnicodeError) as error:
        problem = f"not a readable Parquet file ({str(error).splitlines()[0]})"
        yield BadFile(file=str(path), problem=problem, mend="export it again")


def _missing(
    path: Path, names: Sequence[str], wanted: Sequence[str], row: int | None = None
) -> BadFile | None:
    for name in wanted:
        if name not in names:
            mend = f"the map wants it; the file has {', '.join(names[:NAMED_MOST])}"
            return BadFile(file=str(path), row=row, column=name, problem="missing column", mend=mend)
    return None
