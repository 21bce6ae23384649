import pytest
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from services.store import rows, tables
from services.store.engine import writing
from services.store.pipelined import pipelined

SITES = [{"id": name, "name": name, "time_zone": "UTC"} for name in ("a", "b", "c")]


def test_what_was_sent_is_there_after_the_block_also_from_a_block_in_a_block(engine: Engine) -> None:
    with writing(engine) as connection:
        with pipelined(connection):
            rows.insert_missing(connection, tables.site, SITES[:1])
            with pipelined(connection):
                rows.insert_rows(connection, tables.site, SITES[1:])
            rows.change(connection, tables.site, ("id",), [{"id": "c", "name": "C"}])
        assert list(connection.scalars(select(tables.site.c.name).order_by(tables.site.c.id))) == [
            "a",
            "b",
            "C",
        ]


def _sent_with_one_that_is_there(connection: Connection) -> None:
    with connection.begin_nested(), pipelined(connection):
        rows.insert_missing(connection, tables.site, SITES[1:2])
        rows.insert_rows(connection, tables.site, SITES[:1])
        rows.insert_missing(connection, tables.site, SITES[2:])


def test_an_error_names_no_row_and_takes_its_savepoint_back_alone(engine: Engine) -> None:
    with writing(engine) as connection:
        rows.insert_missing(connection, tables.site, SITES[:1])
        with pytest.raises(IntegrityError) as refused:
            _sent_with_one_that_is_there(connection)
        assert list(connection.scalars(select(tables.site.c.id))) == ["a"]
    assert "DETAIL" not in str(refused.value)


def _sent_over_a_lost_connection(engine: Engine, other: Connection) -> None:
    with writing(engine) as connection:
        number = connection.scalar(text("SELECT pg_backend_pid()"))
        other.scalar(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})
        with pipelined(connection):
            rows.insert_missing(connection, tables.site, SITES)


def test_a_lost_connection_is_an_outage_and_the_next_one_is_new(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no connection to lose")
    with engine.connect() as other, pytest.raises(OperationalError) as lost:
        _sent_over_a_lost_connection(engine, other)
    assert lost.value.connection_invalidated
    with engine.connect() as connection:
        assert list(connection.scalars(select(tables.site.c.id))) == []
