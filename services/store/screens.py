"""Enrolled screens: kiosks, and the phones that people use themselves."""

from uuid import uuid4

from sqlalchemy import Connection, select, update

from services.access.duration import SCREEN_CODE_MS
from services.access.proof import kept_token, new_token
from services.store import rows, tables
from services.store.reading.keyset import Record, Rows


def add(connection: Connection, *, site: str, name: str, now_ms: int) -> tuple[str, str]:
    """Add a screen; returns its id and a one-time code, shown this once."""
    screen_id, code = str(uuid4()), new_token()
    row = {
        "id": screen_id,
        "site_id": site,
        "name": name,
        "code": kept_token(code),
        "code_until_ms": now_ms + SCREEN_CODE_MS,
        "secret": None,
        "created_ms": now_ms,
        "revoked_ms": None,
    }
    rows.insert_rows(connection, tables.screen, [row])
    return screen_id, code


def is_site(connection: Connection, site: str) -> bool:
    """Tell whether there is such a site."""
    return connection.scalar(select(tables.site.c.id).where(tables.site.c.id == site)) is not None


def claim(connection: Connection, code: str, now_ms: int) -> tuple[str, str] | None:
    """Use up a one-time code; returns the screen's id and its secret, or None when the code is no use."""
    screen, secret = tables.screen, new_token()
    is_open = (screen.c.code == kept_token(code)) & (screen.c.code_until_ms > now_ms)
    found = connection.scalar(select(screen.c.id).where(is_open & screen.c.revoked_ms.is_(None)))
    if found is None:
        return None
    taken = update(screen).where((screen.c.id == found) & is_open)
    changed = connection.execute(taken.values(code=None, code_until_ms=None, secret=kept_token(secret)))
    return (found, secret) if changed.rowcount == 1 else None


def known(connection: Connection, secret: str) -> Record | None:
    """Read the screen of a secret; None when it is nobody's or was revoked."""
    screen = tables.screen
    is_it = (screen.c.secret == kept_token(secret)) & screen.c.revoked_ms.is_(None)
    return connection.execute(select(screen).where(is_it)).one_or_none()


def everything(connection: Connection, sites: frozenset[str] | None) -> Rows:
    """List the screens of these sites (None: of all) that are not revoked."""
    screen = tables.screen
    query = select(screen).where(screen.c.revoked_ms.is_(None))
    if sites is not None:
        query = query.where(screen.c.site_id.in_(sites))
    return connection.execute(query.order_by(screen.c.created_ms, screen.c.id)).all()


def revoke(connection: Connection, screen_id: str, now_ms: int) -> None:
    """Let nobody sign in there any more."""
    screen = tables.screen
    revoked = {"revoked_ms": now_ms, "secret": None, "code": None}
    connection.execute(update(screen).where(screen.c.id == screen_id).values(**revoked))
