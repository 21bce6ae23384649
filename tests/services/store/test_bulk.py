from sqlalchemy import Engine, select

from services.store import bulk, rows, tables
from services.store.among import among
from services.store.engine import writing

KEY = {"origin": "sim", "machine": "a", "stream": "s-1"}
LETTER = {"id": "1", "topic": "t", "size_bytes": 3, "sha256": "0", "reason": "R", "detail": "it's \"so\"",
          "raw": b"\x00\xff\\", "received_ms": 5}  # fmt: skip
STREAM = {"upto": 9, "missing": [[2, 3]], "boot": "b", "heard_ms": 1}


def test_what_goes_in_together_comes_out_as_it_was(engine: Engine) -> None:
    stream = KEY | STREAM
    letters = [LETTER | {"id": str(number), "seq": number or None} for number in range(3)]
    with writing(engine) as connection:
        rows.insert_missing(connection, tables.dead_letter, letters)
        assert rows.insert_returning(connection, tables.stream, [stream, stream]) == {tuple(KEY.values())}
        assert rows.insert_returning(connection, tables.stream, [stream]) == set()
        rows.upsert(connection, tables.stream, [stream | {"missing": None}, stream | {"stream": "s-2"}])
    with engine.connect() as connection:
        found = connection.execute(select(tables.dead_letter).order_by(tables.dead_letter.c.id)).mappings()
        assert [{name: row[name] for name in letters[0]} for row in found] == letters
        assert list(connection.scalars(select(tables.stream.c.missing))) == [None, [[2, 3]]]


def test_changes_of_the_same_row_keep_their_order(engine: Engine) -> None:
    changes = [{"stream": "s-1", "upto": upto} for upto in (10, 11)]
    with writing(engine) as connection:
        rows.insert_missing(connection, tables.stream, [KEY | STREAM])
        rows.change(connection, tables.stream, ("stream",), changes)
        assert connection.scalar(select(tables.stream.c.upto)) == 11
        rows.change(connection, tables.stream, ("stream",), changes[:1], unless=("boot", ("a", "b")))
        assert connection.scalar(select(tables.stream.c.upto)) == 11


def test_a_row_with_a_value_that_is_made_up_or_sealed_travels_alone() -> None:
    assert bulk.fits(tables.stream, tuple(tables.stream.c.keys()))
    assert not bulk.fits(tables.visit, ("id",))  # its `spasm` has a default
    assert bulk.fits_change(tables.visit, ("id",))
    assert not bulk.fits(tables.patient, tuple(tables.patient.c.keys()))  # names are sealed


def test_many_values_are_one_parameter(engine: Engine) -> None:
    keys = [("sim", "a", "s-1"), ("sim", "a", 'quo"te'), ("real", "a", "s-2")]
    with writing(engine) as connection:
        told = [STREAM | {"origin": one, "machine": two, "stream": three} for one, two, three in keys]
        rows.insert_missing(connection, tables.stream, told)
        stream = tables.stream.c
        by_key = select(stream.stream).where(among("keys", *tables.stream.primary_key.columns))
        wanted = {"keys": [*keys[:2], ("sim", "a", "s-2")]}
        assert set(connection.scalars(by_key, wanted)) == {"s-1", 'quo"te'}
        by_name = select(stream.origin).where(among("names", stream.stream))
        assert list(connection.scalars(by_name, {"names": ["s-2", "none"]})) == ["real"]
        assert list(connection.scalars(by_name, {"names": []})) == []
