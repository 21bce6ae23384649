"""What verbs about one person share: find who is meant, and keep a file to its owner."""

from pathlib import Path
from typing import TYPE_CHECKING

from openspine.outcome import ExitCode, Failure

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from services.store.reading.keyset import Record

OWNER_ONLY = 0o600  # health data


def find(connection: "Connection", named: str) -> "Record":
    """Find a person by id or code; Failure 3 when there is none."""
    from services.store.reading import whatif  # noqa: PLC0415 (heavy)

    found = whatif.find(connection, named, None)
    if found is None:
        raise Failure(f"there is no person {named}", ExitCode.NOT_FOUND)
    return found


def keep(file: Path, content: bytes) -> None:
    """Write a file that only its owner may read."""
    file.touch(mode=OWNER_ONLY)
    file.write_bytes(content)
