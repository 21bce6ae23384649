"""Staff whom a demo has invented, and left behind in a database."""

from sqlalchemy import Engine

from services.store import tables
from services.store.engine import writing

INVENTED = {
    "id": "00000000-0000-4000-8000-000000000001", "login": "demo", "name": "Demo", "language": "en",
    "step": 0, "active": True, "demo": True, "created_ms": 1,
}  # fmt: skip


def invent(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(tables.staff_member.insert(), [INVENTED])
