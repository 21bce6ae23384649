"""What a production start refuses: each finding is one line that says what is wrong and how to mend it.

A demo, whose people are invented, starts with all of it.
"""

import ipaddress
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from sqlalchemy import Engine, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from contract.signing import DEMO_KEY_IDS
from services.keys.audit import AUDIT_FILE
from services.keys.folder import FOR_OTHERS, PRIVATE_SUFFIX, read_register
from services.keys.identity import IDENTITY_FILE
from services.keys.register import KeyRefusedError
from services.keys.site import SITE_FILE
from services.settings import Settings
from services.store.reading import staff
from services.store.tables import staff_member

SECRETS = (f"*{PRIVATE_SUFFIX}", SITE_FILE, f"{AUDIT_FILE}*", f"{IDENTITY_FILE}*")  # in a key folder
# Of databases: what this project's example once had, and what the examples of others have.
KNOWN_PASSWORDS = frozenset(
    {"change-me", "changeme", "change_me", "demo", "example", "openspine", "password", "postgres", "secret"}
)

HIDDEN = "***"


class StartRefusedError(Exception):
    """Why a process must not start; `findings` in the order in which they were found."""

    def __init__(self, findings: "list[Finding]") -> None:
        super().__init__("; ".join(one.said for one in findings))
        self.findings = findings


class DatabaseSilentError(Exception):
    """The database does not answer, so that nobody knows who is in it; one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that a production must not have; `said` is one line."""

    code: str
    said: str


def refuse_unsafe(*findings: Iterable[Finding], demo: bool) -> None:
    """Raise StartRefusedError when something is found and this is no demo, of which nothing is asked."""
    found = [] if demo else list(chain.from_iterable(findings))
    if found:
        raise StartRefusedError(found)


def of_service(settings: Settings) -> Iterator[Finding]:
    """Find what the settings and the files of a service or worker have that a production must not."""
    yield from database(settings.database_url, is_allowed=settings.allow_sqlite)
    yield from http(settings.http_host, is_behind_proxy=settings.behind_tls_proxy)
    if settings.mqtt != "none" and not is_loopback(settings.mqtt_host):
        yield from _broker(settings)
    if not settings.asks_sign_in():
        yield Finding(code="open_door", said="nobody would need to sign in: unset OPENSPINE_SIGN_IN")
    if settings.api_docs:
        yield Finding(code="open_docs", said="the API's page /docs is open: unset OPENSPINE_API_DOCS")
    yield from demo_keys(settings.keys)
    files = [] if settings.mqtt_password_file is None else [settings.mqtt_password_file]
    yield from readable([*secrets_in(settings.keys), *files])


def of_people(engine: Engine) -> Iterator[Finding]:
    """Find demo users in a database, which may have no tables yet; DatabaseSilentError when none can tell."""
    try:
        with engine.connect() as connection:
            has_tables = inspect(connection).has_table(staff_member.name)
            has_demo_staff = has_tables and staff.has_demo_staff(connection)
    except DBAPIError as error:
        said = _said(error, str(engine.url.password or ""))
        raise DatabaseSilentError(f"the database does not say who is in it: {said}") from error
    if has_demo_staff:
        yield Finding(
            code="demo_users",
            said="there are demo users in the database, and this is no demo: take another one",
        )


def _said(error: DBAPIError, password: str) -> str:
    """Say the driver's first line without a password; of one with an @ in it the rest is read as a host."""
    line = next(iter(str(error.orig).splitlines()), type(error.orig).__name__)
    line = line.replace(password, HIDDEN) if password else line
    return re.sub(r"[^\s'\"]*@", f"{HIDDEN}@", line)


def is_loopback(host: str) -> bool:
    """Tell whether nobody but this computer reaches an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def database(url: str, *, is_allowed: bool) -> Iterator[Finding]:
    """Find a database that is a file, unless that is wanted, or one whose password everybody knows."""
    parts = make_url(url)
    if (parts.password or "").lower() in KNOWN_PASSWORDS:
        yield Finding(
            code="known_password",
            said="the database's password stands in examples: choose another one, there and in "
            "OPENSPINE_DATABASE_URL (docker compose: OPENSPINE_DATABASE_PASSWORD)",
        )
    if parts.get_backend_name() == "sqlite" and not is_allowed:
        yield Finding(
            code="sqlite",
            said="the database is SQLite: take PostgreSQL, or say OPENSPINE_ALLOW_SQLITE=true",
        )


def http(host: str, *, is_behind_proxy: bool) -> Iterator[Finding]:
    """Find an address at which others than this computer are answered without encryption."""
    if not is_loopback(host) and not is_behind_proxy:
        yield Finding(
            code="plain_http",
            said=f"plain HTTP would listen on {host}: listen on 127.0.0.1, or behind a proxy that speaks TLS "
            "and say so by OPENSPINE_BEHIND_TLS_PROXY=true",
        )


def _broker(settings: Settings) -> Iterator[Finding]:
    if not settings.mqtt_tls:
        yield Finding(
            code="plain_mqtt",
            said=f"messages would cross the network to {settings.mqtt_host} in the open: "
            "OPENSPINE_MQTT_TLS=true",
        )
    if settings.mqtt_password_file is None:
        yield Finding(
            code="anonymous_broker",
            said=f"the broker at {settings.mqtt_host} would be entered by nobody in particular: "
            "`openspine admin broker admit`, then OPENSPINE_MQTT_PASSWORD_FILE",
        )


def demo_keys(folder: Path) -> Iterator[Finding]:
    """Find keys that every copy of the project knows by name."""
    try:
        register = read_register(folder)
    except KeyRefusedError:
        return  # whoever opens the keys says so
    for one in register:
        if one.key_id in DEMO_KEY_IDS and one.state != "retired":
            yield Finding(
                code="demo_secret", said=f"{one.key_id} in {folder} is a demo key, and this is no demo"
            )


def secrets_in(folder: Path) -> list[Path]:
    """List the files of a key folder that are nobody else's business."""
    return sorted({path for pattern in SECRETS for path in folder.glob(pattern)})


def readable(paths: Iterable[Path]) -> Iterator[Finding]:
    """Find files that group or others may touch."""
    for path in paths:
        mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0
        if mode & FOR_OTHERS:
            yield Finding(
                code="readable_secret", said=f"{path} may be read by others (mode {mode:04o}): chmod 600 it"
            )
