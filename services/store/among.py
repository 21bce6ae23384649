"""`column IN (many values)` as one parameter: the statement stays the same, whatever their number."""

from typing import Any

import msgspec
from sqlalchemy import Boolean, Column, ColumnElement, Dialect, Text, TypeDecorator, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _Many(TypeDecorator[Any]):
    """A list of texts, as one JSON document."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:  # noqa: ARG002 (the interface's)
        """Write the list."""
        return msgspec.json.encode(list(value)).decode()


class _Among(FunctionElement[bool]):
    """Whether columns together are one of the values of a parameter, which is the last clause."""

    inherit_cache = True
    name = "among"
    type = Boolean()
    _is_implicitly_boolean = True  # else SQLite is asked for `... = 1`, which no index serves


def among(name: str, *columns: Column[Any]) -> ColumnElement[bool]:
    """Tell whether a text column (or several together) is one of those in the parameter `name`."""
    return _Among(*columns, bindparam(name, type_=_Many()))


@compiles(_Among, "postgresql")
def _in_postgresql(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    columns, value = _parts(element, compiler, options)
    if len(columns) == 1:
        told = f"SELECT json_array_elements_text(CAST({value} AS json))"
        return f"{columns[0]} = ANY(ARRAY({told}))"
    picked = ", ".join(f"told.value->>{place}" for place in range(len(columns)))
    told = f"SELECT {picked} FROM json_array_elements(CAST({value} AS json)) AS told(value)"  # noqa: S608 (columns)
    return f"({', '.join(columns)}) IN ({told})"


@compiles(_Among, "sqlite")
def _in_sqlite(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    columns, value = _parts(element, compiler, options)
    picked = ", ".join(f"json_extract(value, '$[{place}]')" for place in range(len(columns)))
    told = f"SELECT {picked if len(columns) > 1 else 'value'} FROM json_each({value})"  # noqa: S608 (columns)
    return f"({', '.join(columns)}) IN ({told})"


def _parts(element: _Among, compiler: SQLCompiler, options: dict[str, Any]) -> tuple[list[str], str]:
    *columns, value = (compiler.process(one, **options) for one in element.clauses)
    return columns, value
