"""`db`: looking after the database."""

import json as json_format
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over, say
from openspine.verbs.options import ADMIN, AsJson, By

if TYPE_CHECKING:
    from services.keys.demo import Keys
    from services.privacy.erasure import Tombstone

Database = Annotated[str | None, Parameter(help="SQLAlchemy URL; else OPENSPINE_DATABASE_URL.")]


def upgrade(
    *,
    database: Database = None,
    json: AsJson = False,
) -> None:
    """Create the tables, or bring them to the newest revision; exit code 4 when no database answers."""
    from sqlalchemy.engine import make_url  # noqa: PLC0415 (heavy)
    from sqlalchemy.exc import ArgumentError, OperationalError  # noqa: PLC0415 (heavy)

    from services.settings import Settings  # noqa: PLC0415 (heavy)
    from services.store import engine  # noqa: PLC0415 (heavy)

    url = database or Settings().database_url
    try:
        shown = make_url(url).render_as_string(hide_password=True)
        engine.upgrade(url)
    except ArgumentError as error:
        raise Failure("--database: this is not an SQLAlchemy URL", ExitCode.USAGE) from error
    except OperationalError as error:
        reason = str(error.orig).splitlines()[0]
        raise Failure(f"the database does not answer: {reason}", ExitCode.UNREACHABLE) from error
    hand_over({"ok": True, "database": shown}, as_json=json, lines=[f"up to date: {shown}"])


def backup(
    file: Annotated[Path, Parameter(help="New file, for its owner only.")],
    *,
    by: By = ADMIN,
    database: Database = None,
    json: AsJson = False,
) -> None:
    """Copy every row, as of one moment and sealed as it is, into a SQLite file; never overwrites.

    Keep the key folders apart from it: who has both has everything.
    """
    from openspine.reading import looking  # noqa: PLC0415 (heavy)
    from services.privacy.backup import backup as copied  # noqa: PLC0415 (heavy)
    from services.settings import Settings  # noqa: PLC0415 (heavy)

    url = database or Settings().database_url
    with looking(url, "db_backup", by) as sight:
        sight.note()
    with _backup_refusals():
        hashes = copied(url, file, _told)
    hand_over(
        {"ok": True, "file": str(file), "hashes": hashes},
        as_json=json,
        lines=[f"{file}: {len(hashes)} tables"],
    )


def restore(
    file: Annotated[Path, Parameter(help="What `db backup` wrote.")],
    *,
    database: Database = None,
    erased: Annotated[
        Path | None, Parameter(help="What `audit export` printed last: who was erased since is erased again.")
    ] = None,
    nobody_erased: Annotated[
        bool, Parameter(negative="", help="Nobody was erased since the backup.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Fill an empty database from a backup of either kind of database; every table is compared afterwards."""
    from services.clock import now_ms  # noqa: PLC0415 (heavy)
    from services.opened import open_store  # noqa: PLC0415 (heavy)
    from services.privacy.backup import restore as brought_back  # noqa: PLC0415 (heavy)
    from services.settings import Settings  # noqa: PLC0415 (heavy)

    if (erased is None) != nobody_erased:
        raise Failure("say who was erased since: --erased AUDIT_EXPORT, or --nobody-erased", ExitCode.USAGE)
    if not file.is_file():
        raise Failure(f"there is no file {file}", ExitCode.NOT_FOUND)
    settings = Settings()
    url = database or settings.database_url
    with _backup_refusals():
        done = brought_back(
            file,
            url,
            _told,
            open_store=lambda: open_store(url, settings.keys, demo=settings.demo),
            erased=[] if erased is None else _erased_in(erased),
            now_ms=now_ms(),
        )
    result = {"ok": True, "hashes": done.hashes, "erased": done.erased}
    hand_over(
        result,
        as_json=json,
        lines=[f"{len(done.hashes)} tables, equal; {len(done.erased)} people erased again"],
    )


def reseal(*, database: Database = None, json: AsJson = False) -> None:
    """Seal what is plain or under an earlier identity key: names, codes, badges, notes.

    Stop the service before. Afterwards nothing but old backups needs the `identity-ID` files of earlier keys.
    """
    from services.keys.identity import read_identity_keys  # noqa: PLC0415 (heavy)
    from services.sealing import Vault  # noqa: PLC0415 (heavy)
    from services.settings import Settings  # noqa: PLC0415 (heavy)
    from services.store.copying import open_raw  # noqa: PLC0415 (heavy)
    from services.store.resealing import reseal as sealed_anew  # noqa: PLC0415 (heavy)

    settings = Settings()
    with _backup_refusals():
        vault = Vault(*read_identity_keys(settings.keys))
        counts = sealed_anew(open_raw(database or settings.database_url), vault)
    total = sum(counts.values())
    hand_over(
        {"ok": True, "values": total, "tables": counts}, as_json=json, lines=[f"{total} values sealed anew"]
    )


@contextmanager
def _backup_refusals() -> Iterator[None]:
    from sqlalchemy.exc import ArgumentError, DatabaseError  # noqa: PLC0415 (heavy)

    from services.keys.register import KeyRefusedError  # noqa: PLC0415 (heavy)
    from services.privacy.backup import BackupRefusedError  # noqa: PLC0415 (heavy)
    from services.sealing import SealedError  # noqa: PLC0415 (heavy)

    try:
        yield
    except (BackupRefusedError, KeyRefusedError, SealedError) as refused:
        raise Failure(str(refused)) from refused
    except ArgumentError as error:
        raise Failure("--database: this is not an SQLAlchemy URL", ExitCode.USAGE) from error
    except DatabaseError as error:
        reason = str(error.orig).splitlines()[0]
        raise Failure(f"the database cannot be read or written: {reason}", ExitCode.UNREACHABLE) from error
    except OSError as error:
        raise Failure(f"{error.filename}: {error.strerror}") from error


def _told(table: str, count: int) -> None:
    if count:
        say(f"  {table}: {count}")


def _erased_in(file: Path) -> "list[Tombstone]":
    """Find who was erased in lines of `audit export`; what does not say that sessions stayed kept none."""
    from services.privacy.erasure import ACTION, Tombstone  # noqa: PLC0415 (heavy)

    try:
        lines = file.read_text(encoding="utf-8").split("\n")  # a text in a line may hold other ends of lines
        rows = [json_format.loads(line) for line in lines if line]
        return [
            Tombstone(patient_id=row["object_id"], sessions_kept=int(row["detail"].get("kept", 0)))
            for row in rows
            if row["action"] == ACTION
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Failure(f"{file} is not what `audit export` prints", ExitCode.USAGE) from error


def seed(
    *,
    members: Annotated[Path, Parameter(help="Where to write the people for `emulate`.")],
    weeks: Annotated[int, Parameter(help="Weeks of history behind them.")] = 12,
    json: AsJson = False,
) -> None:
    """Fill the database with the demo's invented people; nothing is done when `--members` exists already."""
    if members.exists():
        hand_over({"ok": True, "seeded": False}, as_json=json, lines=[f"{members} exists: seeded before"])
        return
    from openspine.demo.store import seed_into  # noqa: PLC0415 (heavy)
    from openspine.demo.studio import read_studio  # noqa: PLC0415 (heavy)
    from services.settings import Settings  # noqa: PLC0415 (heavy)

    studio = replace(read_studio(), weeks=weeks)
    written = seed_into(Settings(), _both_keys(), studio, members, say)
    hand_over({"ok": True, "seeded": True, **asdict(written)}, as_json=json)


def _both_keys() -> "Keys":
    """Open the keys of service and prescriber: invented people get their limits in this process."""
    from services.keys.command import open_command_key  # noqa: PLC0415 (heavy)
    from services.keys.demo import Keys  # noqa: PLC0415 (heavy)
    from services.keys.envelope import open_envelope_key  # noqa: PLC0415 (heavy)
    from services.keys.register import KeyRefusedError  # noqa: PLC0415 (heavy)
    from services.keys.site import open_site_key  # noqa: PLC0415 (heavy)
    from services.prescribing.settings import PrescribingSettings  # noqa: PLC0415 (heavy)
    from services.settings import Settings  # noqa: PLC0415 (heavy)

    service, prescriber = Settings(), PrescribingSettings()
    if not (service.demo and prescriber.demo):
        raise Failure("invented people are for a demo: set OPENSPINE_DEMO=true", ExitCode.USAGE)
    try:
        return Keys(
            command=open_command_key(service.keys, demo=True),
            envelope=open_envelope_key(prescriber.envelope_keys, demo=True),
            site=open_site_key(service.keys, make=True),
        )
    except KeyRefusedError as refused:
        raise Failure(str(refused)) from refused
