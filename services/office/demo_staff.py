"""Invented staff of a demo: one well-known passphrase, no second factor; a real service refuses to start."""

from sqlalchemy import Connection

from services.access.actor import Role
from services.access.proof import Proofs
from services.store import staff
from services.store.reading import staff as reading

DEMO_PASSPHRASE = "spine demo for everybody"  # noqa: S105 (well-known on purpose; opens invented data only)
DEMO_STAFF: tuple[tuple[str, str, Role], ...] = (
    ("therapist", "Demo Therapist", "therapist"),
    ("clinician", "Demo Clinician", "clinician"),
    ("admin", "Demo Admin", "admin"),
    ("auditor", "Demo Auditor", "auditor"),
)


def seed(connection: Connection, site: str, now_ms: int) -> tuple[str, ...]:
    """Add those of the demo staff that are missing, and return the logins of all."""
    proofs = Proofs()
    for login, name, role in DEMO_STAFF:
        if reading.by_login(connection, login) is not None:
            continue
        staff_id = staff.add(connection, login=login, name=name, language="en", now_ms=now_ms, demo=True)
        staff.give_role(connection, staff_id, role, [site] if role in ("therapist", "clinician") else None)
        staff.take_up(connection, staff_id, hashed=proofs.keep(DEMO_PASSPHRASE), seed=None)
    return tuple(login for login, _, _ in DEMO_STAFF)
