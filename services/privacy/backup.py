"""A backup is a SQLite file with every row as it is stored; a restore fills an empty database from one."""

import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from services.privacy.erasure import Order, Tombstone, erase
from services.store import copying
from services.store.copying import Progress
from services.store.engine import upgrade

RESTORE = "restore"  # the actor of erasures that are done again


class BackupRefusedError(Exception):
    """Why nothing was backed up or restored; one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was brought back: a hash of the rows of each table, and who was erased again."""

    hashes: dict[str, str]
    erased: tuple[str, ...]


def backup(database_url: str, to: Path, progress: Progress) -> dict[str, str]:
    """Copy a store, as of one moment, into a new file for its owner only; return a hash for each table.

    Raises BackupRefusedError when the file is there already.
    """
    if to.exists():
        raise BackupRefusedError(f"{to} is there already")
    part = to.with_name(f".{to.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        hashes = _filled(f"sqlite:///{part}", database_url, progress)
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)
        for suffix in ("-wal", "-shm"):
            part.with_name(part.name + suffix).unlink(missing_ok=True)
    return hashes


def restore(
    file: Path,
    database_url: str,
    progress: Progress,
    *,
    open_store: Callable[[], Engine],
    erased: Iterable[Tombstone],
    now_ms: int,
) -> Restored:
    """Fill an empty database from a backup, check every table, and erase again who was erased since.

    Raises BackupRefusedError when the database is not empty, the file is no backup, or a table differs.
    """
    upgrade(database_url)
    target = copying.open_raw(database_url)
    try:
        if not copying.is_empty(target):
            raise BackupRefusedError("the database is not empty: a restore never overwrites")
    finally:
        target.dispose()
    with TemporaryDirectory(prefix="openspine-restore-") as folder:
        copied = Path(folder) / "backup.sqlite"
        shutil.copyfile(file, copied)  # an older backup is migrated, and the file stays as it is
        upgrade(f"sqlite:///{copied}")
        hashes = _filled(database_url, f"sqlite:///{copied}", progress)
    return Restored(hashes=hashes, erased=_erase_again(open_store(), erased, now_ms))


def _filled(target_url: str, source_url: str, progress: Progress) -> dict[str, str]:
    upgrade(target_url)
    source, target = copying.open_raw(source_url), copying.open_raw(target_url)
    try:
        hashes = copying.copy(source, target, progress)
        wrong = [name for name, found in copying.hashes(target).items() if found != hashes[name]]
        if wrong:
            raise BackupRefusedError(f"what was written differs in {', '.join(wrong)}")
        if target.dialect.name == "sqlite":
            with target.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA journal_mode=DELETE")  # one file, complete by itself
                connection.exec_driver_sql("BEGIN")
        return hashes
    finally:
        source.dispose()
        target.dispose()


def _erase_again(engine: Engine, erased: Iterable[Tombstone], now_ms: int) -> tuple[str, ...]:
    done = []
    for one in erased:
        order = Order(
            patient_id=one.patient_id,
            actor=RESTORE,
            at_ms=now_ms,
            keep_measured=one.sessions_kept > 0,  # the backup's consent may have been withdrawn since
            in_training=True,
        )
        try:
            erase(engine, order)
        except LookupError:
            continue  # came after the backup, or was gone before it
        done.append(one.patient_id)
    engine.dispose()
    return tuple(done)
