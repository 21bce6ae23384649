"""Erasing forgets also what lies open in memory."""

from pathlib import Path

import database_copies
from sqlalchemy import Text, select, type_coerce
from studio_rows import StudioRows

from services.sealing import Secrets, Vault
from services.store import erasing, tables
from services.store.engine import open_engine, writing


def test_no_opened_name_stays_in_memory(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    database_copies.migrate(url)
    vault = Vault("00000001", {"00000001": bytes(32)})
    engine = open_engine(url, Secrets(vault=vault))
    rows, name = StudioRows(engine), tables.patient.c.name
    rows.site()
    patient = rows.patient()
    with engine.connect() as connection:
        opened = connection.scalar(select(name))
        sealed = str(connection.scalar(select(type_coerce(name, Text))))
    assert opened is vault.opened(sealed, "name")
    with writing(engine) as connection:
        assert erasing.erase(connection, patient) > 0
    assert opened is not vault.opened(sealed, "name")
    engine.dispose()
