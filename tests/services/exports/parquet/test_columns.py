import pytest

from services.exports.parquet.columns import TABLES, Column
from services.store.tables import decision, finished_set, rep

ENDS = {"_kg": "kg", "_deg": "deg", "_deg_s": "deg/s", "_s": "s", "_j": "J", "_nm": "Nm"}
COLUMNS = [(table, column) for table, columns in TABLES.items() for column in columns]
# What says who somebody is, where, or when; and what belongs to the wire or to other tables.
LEFT_OUT = {
    *("origin", "machine", "stream", "seq", "session_id", "patient_id", "id", "wall_ms", "now_ms"),
    *("setting_id", "basis_stream", "basis_seq", "request", "answer", "alerts", "set_aside", "curve"),
    "filed_ms",  # in which month PostgreSQL keeps a rep
}
RENAMED = {"set_number": "set", "rep_number": "rep", "split_g": "split_kg", "previous": "previous_load_kg"}
UNITS_OF = {"_g": "_kg", "_cdeg": "_deg", "_ms": "_s"}


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=[f"{t}.{c.name}" for t, c in COLUMNS])
def test_units_are_those_of_the_names(table: str, column: Column) -> None:
    fitting = [end for end in ENDS if column.name.endswith(end)]
    assert column.unit == (ENDS[max(fitting, key=len)] if fitting else column.unit)
    assert table in TABLES
    assert column.unit or not fitting


@pytest.mark.parametrize(("name", "stored"), [("sets", finished_set), ("reps", rep), ("decisions", decision)])
def test_every_stored_column_is_there_or_left_out_on_purpose(name: str, stored: object) -> None:
    there = {column.name for column in TABLES[name]}
    for column in stored.c:  # type: ignore[attr-defined]
        renamed = RENAMED.get(column.name, column.name)
        for end, unit in UNITS_OF.items():
            renamed = renamed.removesuffix(end) + unit if renamed.endswith(end) else renamed
        assert (renamed in there) != (column.name in LEFT_OUT), column.name
