"""Places in a list that stay valid while rows come and go."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from msgspec import Meta
from sqlalchemy import ColumnElement, Row, tuple_

Record = Row[*tuple[Any, ...]]
Rows = Sequence[Record]
# What a database takes: a place comes back from the client, who may have made it up.
Whole = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
Text = Annotated[str, Meta(pattern=r"^[^\x00]*$")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The last row of a page that is ordered newest first."""

    at_ms: Whole
    id: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """The last row of a page that is ordered by name."""

    name: Text
    id: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """The last row of a page that is ordered by number."""

    id: Whole


def older_than(at_ms: ColumnElement[int], row_id: ColumnElement[str], last: Moment) -> ColumnElement[bool]:
    """Select what follows the last row of a page ordered newest first."""
    return tuple_(at_ms, row_id) < tuple_(last.at_ms, last.id)


def later_than(at_ms: ColumnElement[int], row_id: ColumnElement[str], last: Moment) -> ColumnElement[bool]:
    """Select what follows the last row of a page ordered oldest first."""
    return tuple_(at_ms, row_id) > tuple_(last.at_ms, last.id)
