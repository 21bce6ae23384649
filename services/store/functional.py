"""Write and read standing on one leg and rising from a chair."""

from sqlalchemy import Connection, select, update

from contract.messages import Origin
from services.store import rows, tables
from services.store.reading.keyset import Rows

LISTED_MOST = 200  # three a programme, twice where somebody was in doubt: decades


def add(connection: Connection, row: rows.Row) -> None:
    """Keep a test as it was measured."""
    rows.insert_rows(connection, tables.functional_test, [row])


def listing(connection: Connection, patient_id: str, origin: Origin) -> Rows:
    """List a person's tests, the newest first; withdrawn ones stay in the store only."""
    test = tables.functional_test
    wanted = (test.c.patient_id == patient_id, test.c.origin == origin, test.c.withdrawn_ms.is_(None))
    newest = select(test).where(*wanted).order_by(test.c.at_ms.desc(), test.c.id).limit(LISTED_MOST)
    return connection.execute(newest).all()


def withdraw(connection: Connection, test_id: str, by: str, at_ms: int) -> str | None:
    """Withdraw a test; returns whose it was, None when it does not stand any more."""
    test = tables.functional_test
    wanted = (test.c.id == test_id, test.c.withdrawn_ms.is_(None))
    changed = update(test).where(*wanted).values(withdrawn_ms=at_ms, withdrawn_by=by)
    whose: str | None = connection.scalar(changed.returning(test.c.patient_id))
    return whose
