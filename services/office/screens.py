"""Screens at which patients may sign in: enrolled by a one-time code, and sent away."""

from sqlalchemy import Connection

from services.office.staff import Fault, Invited
from services.store import audit, screens

UNKNOWN = "screen"  # who claims a screen is whoever stands before it


def enrol(connection: Connection, site: str, name: str, by: str, now_ms: int) -> Invited | Fault:
    """Add a screen of a site; its code makes one browser the screen."""
    if not screens.is_site(connection, site):
        return Fault(why="There is no such site.")
    screen_id, code = screens.add(connection, site=site, name=name, now_ms=now_ms)
    audit.record(connection, _entry(by, "screen.enrol", screen_id, now_ms))
    return Invited(id=screen_id, code=code)


def claim(connection: Connection, code: str, now_ms: int) -> str | None:
    """Make a browser the screen of a code; returns its secret, or None when the code is of no use."""
    found = screens.claim(connection, code, now_ms)
    if found is None:
        return None
    screen_id, secret = found
    audit.record(connection, _entry(UNKNOWN, "screen.claim", screen_id, now_ms))
    return secret


def revoke(connection: Connection, screen_id: str, by: str, now_ms: int) -> None:
    """Let nobody sign in there any more."""
    screens.revoke(connection, screen_id, now_ms)
    audit.record(connection, _entry(by, "screen.revoke", screen_id, now_ms))


def _entry(by: str, action: str, screen_id: str, now_ms: int) -> audit.Entry:
    return audit.Entry(at_ms=now_ms, actor=by, action=action, thing="screen", thing_id=screen_id)
