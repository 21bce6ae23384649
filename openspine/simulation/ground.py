"""What every run begins with: a migrated database with enrolled people, and keys; always the same."""

import hashlib
import sqlite3
import tempfile
from functools import cache, partial
from pathlib import Path
from typing import cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from machine_agent.keys import Keys
from ml.adjust import adjust_many
from ml.effort.model import RuleEffort
from services.coaching import Desk
from services.coaching.enrol import NewPatient, enrol
from services.keys.command import CommandKey
from services.keys.envelope import EnvelopeKey
from services.prescribing.sign import full_envelope, prescribe
from services.store import people
from services.store.engine import open_engine, upgrade, writing

START_MS = 1_790_000_000_000  # studio time of the first moment
SITE = "studio"
SITE_KEY = b"a simulated studio's own site key"[:32]
PEOPLE = 4
KIND = "lumbar_extension"
KEYED = ("inbox", "rep", "finished_set", "answer", "gravity", "receipt", "event")
CAPACITY_G, TORQUE_NM = 40_000, 100


def badge(number: int) -> str:
    """Name the badge of a person."""
    return f"badge-{number}"


@cache
def command_key() -> CommandKey:
    """Make the key that signs plans and settings: always the same."""
    return CommandKey(key=_key("command"), key_id="simulated-command")


@cache
def envelope_key() -> EnvelopeKey:
    """Make the key that signs limits."""
    return EnvelopeKey(key=_key("envelope"), key_id="simulated-envelope")


def agent_keys() -> Keys:
    """List the public keys as a machine is told them."""
    command, envelope = command_key(), envelope_key()
    return Keys(
        {
            command.key_id: ("command", command.key.public_key()),
            envelope.key_id: ("envelope", envelope.key.public_key()),
        }
    )


def desk() -> Desk:
    """Make the desk of the simulated service, with the true adjustment."""
    effort = RuleEffort()
    return Desk(
        command=command_key(),
        site_key=SITE_KEY,
        adjust=partial(adjust_many, effort=effort),
        policy="steady",
        model=effort.name,
        software="simulation",
        site=SITE,
    )


@cache
def engine() -> Engine:
    """Open the one engine of this process, on a database in memory."""
    return open_engine("sqlite://")


def fresh_database(*, has_keys: bool = True) -> None:
    """Bring the database in memory to its beginning; without keys a row can be stored twice."""
    engine().dispose()  # a new connection: statements that were prepared before know the old pages
    raw = driver(engine())
    raw.deserialize(_beginning())
    raw.execute(f"PRAGMA foreign_keys={'ON' if has_keys else 'OFF'}")
    for table in () if has_keys else KEYED:
        raw.execute(f"CREATE TABLE bare AS SELECT * FROM {table}")  # noqa: S608 - no input
        raw.execute(f"DROP TABLE {table}")
        raw.execute(f"ALTER TABLE bare RENAME TO {table}")


def forget_outbox() -> None:
    """Count everything as published: a negative control."""
    driver(engine()).execute("UPDATE outbox SET published_ms = 1 WHERE published_ms IS NULL")


def driver(found: Engine) -> sqlite3.Connection:
    """Return SQLite's own connection."""
    with found.connect() as connection:
        return cast("sqlite3.Connection", connection.connection.driver_connection)


@cache
def _beginning() -> bytes:
    with tempfile.TemporaryDirectory(prefix="openspine-simulation-") as folder:
        path = Path(folder) / "studio.sqlite"
        url = f"sqlite:///{path}"
        upgrade(url)
        opened = open_engine(url)
        _enrol(opened)
        opened.dispose()
        raw = sqlite3.connect(path)
        raw.execute("PRAGMA journal_mode=DELETE")  # a copy in memory has no write-ahead log
        copied = raw.serialize()
        raw.close()
    return copied


def _enrol(opened: Engine) -> None:
    envelope = full_envelope(KIND, now_ms=START_MS, phase_cap_g=CAPACITY_G, max_torque_nm=TORQUE_NM)
    with writing(opened) as connection:
        people.add_site(connection, {"id": SITE, "name": "Simulated", "time_zone": "UTC"})
        for number in range(PEOPLE):
            who = NewPatient(
                code=f"code-{number}",
                name=f"Person {number}",
                birth_year=1980,
                sex="female",
                mass_kg=60.0,
                height_m=1.65,
                badge=badge(number),
                profile="studio",
                stations=(KIND,),
            )
            patient = enrol(connection, who, site=SITE, origin="sim", site_key=SITE_KEY, now_ms=START_MS)
            prescribe(connection, patient, envelope, by="simulation", reason="start", key=envelope_key())


def _key(use: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(use.encode()).digest())
