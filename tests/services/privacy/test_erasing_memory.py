"""Erasing forgets also what lies open in memory, and what others open until the commit."""

from pathlib import Path

import database_copies
from sqlalchemy import Connection, Text, event, select, type_coerce
from studio_rows import StudioRows

from services.privacy.erasure import Order, erase
from services.sealing import Secrets, Vault
from services.store import tables
from services.store.engine import open_engine

NAME = tables.patient.c.name


def test_no_opened_name_stays_in_memory(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    database_copies.migrate(url)
    vault = Vault("00000001", {"00000001": bytes(32)})
    engine = open_engine(url, Secrets(vault=vault))
    rows = StudioRows(engine)
    rows.site()
    patient = rows.patient()
    with engine.connect() as connection:
        sealed = str(connection.scalar(select(type_coerce(NAME, Text))))
    opened: list[str] = []

    def read_once_more(_committing: Connection) -> None:
        if not opened:
            opened.append("")  # this reader ends a transaction too
            with engine.connect() as other:
                opened[0] = other.scalars(select(NAME)).one()

    event.listen(engine, "commit", read_once_more)
    erase(engine, Order(patient_id=patient, actor="dr", at_ms=5))
    event.remove(engine, "commit", read_once_more)
    assert opened == ["Chan Mei Ling"]
    assert opened[0] is not vault.opened(sealed, "name")
    engine.dispose()
