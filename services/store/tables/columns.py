"""The one MetaData and the column shapes that every table shares."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Text,
    literal_column,
)

from services.store.tables.sealed import Sealed, SealedKey

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)

UUID = String(36)
WORD = String(64)
SHORT = String(16)
MACHINE = String(32)


def identity() -> tuple[Column[str], Column[str], Column[str], Column[int], PrimaryKeyConstraint]:
    """Make the permanent identity of a recorded row: (origin, machine, stream, seq)."""
    return (
        Column("origin", SHORT, nullable=False),
        Column("machine", MACHINE, nullable=False),
        Column("stream", UUID, nullable=False),
        Column("seq", BigInteger, nullable=False),
        PrimaryKeyConstraint("origin", "machine", "stream", "seq"),
    )


def ms(name: str, *, nullable: bool = False) -> Column[int]:
    """Make a time in Unix milliseconds, UTC."""
    return Column(name, BigInteger, nullable=nullable)


def word(name: str, *, nullable: bool = False) -> Column[str]:
    """Make a short word of a closed or bounded vocabulary."""
    return Column(name, WORD, nullable=nullable)


def text(name: str, *, nullable: bool = False) -> Column[str]:
    """Make a free text."""
    return Column(name, Text, nullable=nullable)


def sealed(name: str, *, nullable: bool = False) -> Column[str]:
    """Make a text about a person or of a person's identity; it is not to be searched or ordered by."""
    return Column(name, Sealed(name), nullable=nullable)


def sealed_key(name: str, *, nullable: bool = False, unique: bool = False) -> Column[str]:
    """Make a text by which a person is found: equality and uniqueness hold, order does not."""
    return Column(name, SealedKey(name), nullable=nullable, unique=unique)


def count(name: str, *, nullable: bool = False) -> Column[int]:
    """Make a whole number (counts, grams, hundredths of a degree)."""
    return Column(name, Integer, nullable=nullable)


def figure(name: str, *, nullable: bool = False) -> Column[float]:
    """Make a measured figure in the unit that its name ends with."""
    return Column(name, Float, nullable=nullable)


def rows_with(condition: str) -> dict[str, Any]:
    """Let an index hold some rows only: of either database, written out, for a parameter would match none."""
    return {f"{dialect}_where": literal_column(condition) for dialect in ("postgresql", "sqlite")}
