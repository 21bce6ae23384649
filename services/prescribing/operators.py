"""Who may ask the prescribing process: names with the hash of a token each, in a file for its owner only.

There is no default: without the file, or with one that others may read, nobody may ask. An entry may name the
account of staff that its bearer has: where two people are needed, the account tells who somebody is.
"""

import hashlib
import hmac
import os
import re
import secrets
import stat
from pathlib import Path

import msgspec

from contract.messages.vocabulary import UUID_PATTERN

TOKEN_BYTES = 32
NAME_MOST = 64  # characters: what the audit keeps
FILE_MODE = 0o600
FOR_OTHERS = 0o077  # permission bits of group and others


class OperatorsUnusableError(Exception):
    """Why the list of operators cannot be used; one sentence."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One operator: SHA-256 of the token (hex), the id of the account of staff, and until when (Unix ms)."""

    token: str
    staff: str | None = None
    until_ms: int | None = None  # None: of a list from before tokens ended, or of a demo


class Operator(msgspec.Struct, frozen=True, kw_only=True):
    """Whose token it is; `staff`: the id of the account, None when the list names none."""

    name: str
    staff: str | None = None


Listed = dict[str, str | Entry]  # by name; a hash alone: without an account and without an end
_LISTED = msgspec.json.Decoder(Listed)


def read(path: Path) -> Listed:
    """Read the operators; empty when there is no file."""
    try:
        if stat.S_IMODE(path.stat().st_mode) & FOR_OTHERS:
            raise OperatorsUnusableError(f"{path} may be read by others: chmod 600 it")
        return _LISTED.decode(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.MsgspecError) as error:
        raise OperatorsUnusableError(f"{path} cannot be read ({type(error).__name__})") from error


def who(path: Path, token: str, now_ms: int) -> Operator | None:
    """Name the operator of a token; None when nobody has it, or it is over.

    The file is read anew: a removed name is out.
    """
    given = _hashed(token)
    found = None
    for name, listed in read(path).items():
        entry = listed if isinstance(listed, Entry) else Entry(token=listed)
        is_over = entry.until_ms is not None and entry.until_ms <= now_ms
        if hmac.compare_digest(given, entry.token) and not is_over:
            found = Operator(name=name, staff=entry.staff)
    return found


def admit(path: Path, name: str, *, staff: str | None = None, until_ms: int | None = None) -> str:
    """Give somebody a token, which is returned this once; an earlier one of the same name ends.

    `staff`: the id of the account that the same person has. `until_ms`: when it ends; None: never, in a demo.
    """
    if not name.isprintable() or not 1 <= len(name) <= NAME_MOST:
        raise OperatorsUnusableError(f"an operator's name has 1 to {NAME_MOST} printable characters")
    if staff is not None and not re.fullmatch(UUID_PATTERN, staff):
        raise OperatorsUnusableError("an account is named by its id, as in admin staff list --json")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    entry = Entry(token=_hashed(token), staff=staff, until_ms=until_ms)
    _write(path, read(path) | {name: entry})
    return token


def dismiss(path: Path, name: str) -> bool:
    """Take somebody off the list; False when the name was not on it."""
    listed = read(path)
    if listed.pop(name, None) is None:
        return False
    _write(path, listed)
    return True


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _write(path: Path, listed: Listed) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(listed)))
    new.replace(path)
