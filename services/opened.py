"""A store with the secrets of a key folder: how processes and verbs open a database that people live in."""

from pathlib import Path

from sqlalchemy import Engine

from services.keys.audit import AUDIT_FILE, open_audit_key
from services.keys.identity import IDENTITY_FILE, read_identity_keys
from services.sealing import Secrets, Vault
from services.store.engine import open_engine


def open_store(database_url: str, keys: Path, *, demo: bool) -> Engine:
    """Open the database with the audit key and the identity key of this folder.

    A demo makes a missing audit key, and seals only where there is an identity key; everybody else needs
    both. Raises KeyRefusedError with the reason.
    """
    return open_engine(database_url, open_secrets(keys, demo=demo))


def open_to_read(database_url: str, *folders: Path) -> Engine:
    """Open the database with the first identity key that there is among these folders, to read only."""
    for folder in folders:
        if (folder / IDENTITY_FILE).exists():
            return open_engine(database_url, Secrets(vault=Vault(*read_identity_keys(folder))))
    return open_engine(database_url)


def open_to_look(database_url: str, *folders: Path) -> Engine:
    """Open the database as to read only, but with the first audit key among these folders: looks are kept."""
    vault = next((folder for folder in folders if (folder / IDENTITY_FILE).exists()), None)
    audit = next((folder for folder in folders if (folder / AUDIT_FILE).exists()), None)
    secrets = Secrets(
        vault=None if vault is None else Vault(*read_identity_keys(vault)),
        audit=None if audit is None else open_audit_key(audit, make=False),
    )
    return open_engine(database_url, secrets)


def open_secrets(keys: Path, *, demo: bool) -> Secrets:
    """Read what rows are sealed with."""
    audit = open_audit_key(keys, make=demo)
    if demo and not (keys / IDENTITY_FILE).exists():
        return Secrets(audit=audit)
    return Secrets(audit=audit, vault=Vault(*read_identity_keys(keys)))
