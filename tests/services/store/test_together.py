import pytest
from sqlalchemy import Engine, Float, bindparam, cast, select

from services import sealing
from services.sealing import Vault
from services.store import rows, tables
from services.store.among import among
from services.store.engine import writing
from services.store.together import together

KEY = {"origin": "sim", "machine": "a"}
STREAM = KEY | {"upto": 9, "missing": [[2, 3]], "boot": 'quo"te \u2713', "heard_ms": 2**40}
PRESET = tables.preset.c


def test_each_question_gets_its_rows_in_its_order_as_they_were_stored(engine: Engine) -> None:
    stream = tables.stream
    streams = [STREAM | {"stream": name, "upto": upto} for name, upto in (("s-1", 5), ("s-2", 9), ("s-3", 7))]
    falling = select(stream).where(among("streams", stream.c.stream)).order_by(stream.c.upto.desc())
    one = select(stream.c.upto, stream.c.missing).where(stream.c.stream == bindparam("one"))
    with writing(engine) as connection:
        rows.insert_missing(connection, stream, streams)
        wanted = {"streams": ["s-1", "s-2", "s-4"], "one": "s-3", "patients": ["p-1"]}
        nobody = select(PRESET.id).where(among("patients", PRESET.patient_id))
        found, single, none = together(connection, (falling, one, nobody), wanted)
    names = stream.c.keys()
    assert [{name: getattr(row, name) for name in names} for row in found] == [streams[1], streams[0]]
    assert [(row.upto, row.missing) for row in single] == [(7, [[2, 3]])]
    assert none == []


def test_a_figure_stays_a_figure_and_a_missing_value_missing(engine: Engine) -> None:
    letters = tables.dead_letter
    letter = {"id": "1", "topic": "t", "size_bytes": 3, "sha256": "0", "reason": "R", "detail": "",
              "raw": b"", "received_ms": 5}  # fmt: skip
    asked = select(letters.c.seq, letters.c.size_bytes, cast(letters.c.size_bytes, Float).label("figure"))
    with writing(engine) as connection:
        rows.insert_missing(connection, letters, [letter])
        ((row,),) = together(connection, (asked,), {})
    assert (row.seq, row.size_bytes, row.figure) == (None, 3, 3.0)
    assert isinstance(row.figure, float)


def test_what_is_sealed_is_opened(engine: Engine) -> None:
    sealing.give(engine.dialect, Vault("00000001", {"00000001": b"k" * 32}))
    person = {"origin": "sim", "site_id": "s", "language": "en", "birth_year": 1960, "sex": "female",
              "mass_kg": 70.0, "height_m": 1.6, "profile": "rehab", "baseline_nrs": 0, "flags": {},
              "stations": [], "set_up": {}, "created_ms": 0}  # fmt: skip
    people = [person | {"id": name, "code": f"C-{name}", "name": name} for name in ("Ada", "Bo")]
    with writing(engine) as connection:
        rows.insert_missing(connection, tables.site, [{"id": "s", "name": "s", "time_zone": "UTC"}])
        rows.insert_rows(connection, tables.patient, people)
        asked = select(tables.patient.c.name, tables.patient.c.code).order_by(tables.patient.c.id)
        stored = connection.exec_driver_sql("SELECT name FROM patient").scalars().all()
        ((*found,),) = together(connection, (asked,), {})
    assert all(map(sealing.is_sealed, stored))
    assert [(row.name, row.code) for row in found] == [("Ada", "C-Ada"), ("Bo", "C-Bo")]


def test_bytes_are_refused(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite is asked one by one")
    with engine.connect() as connection, pytest.raises(TypeError, match="raw"):
        together(connection, (select(tables.dead_letter.c.raw),), {})
