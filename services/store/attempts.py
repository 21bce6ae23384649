"""How often was tried to sign in, by account, device, and altogether."""

import hashlib
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from sqlalchemy import Connection, delete, select

from services.access.tries import FORGOTTEN_MS, Tries, What, begin, succeed
from services.store import rows, tables

Subjects = Mapping[What, str]
KEPT = [field.name for field in fields(Tries)]
AT = "\n"  # between an account and the place at which it is counted apart
BEYOND = "/beyond"  # of a counter of everybody: what it had no room for
HALF = 32  # characters: of the account before, of the place after


def subject(text: str) -> str:
    """Return what is kept of a login name, code or address: SHA-256 in hex; at a place, half of each."""
    account, _, place = text.partition(AT)
    kept = hashlib.sha256(account.encode()).hexdigest()
    return kept if not place else kept[:HALF] + hashlib.sha256(place.encode()).hexdigest()[:HALF]


def at_place(account: str, place: str) -> str:
    """Name an account as it is counted at one place."""
    return account + AT + place


def is_known(connection: Connection, account: str, place: str, now_ms: int) -> bool:
    """Tell whether an account was let in from a place lately."""
    attempt = tables.attempt.c
    wanted = (attempt.what == "account", attempt.subject == subject(at_place(account, place)))
    last_ms = connection.scalar(select(attempt.last_ms).where(*wanted))
    return last_ms is not None and now_ms - last_ms < FORGOTTEN_MS


def remember(connection: Connection, account: str, place: str, now_ms: int) -> None:
    """Note that an account was let in from a place; what was tried there before is forgotten."""
    text = subject(at_place(account, place))
    _held(connection, "account", text)
    _keep(connection, "account", text, Tries(last_ms=now_ms))


def begin_all(connection: Connection, subjects: Subjects, now_ms: int) -> int:
    """Count a try everywhere before it is judged; else return for how many ms nothing may be tried.

    A try that is turned away counts nowhere: who hammers at one lock closes no other.
    """
    _forget(connection, now_ms)
    before = {what: _held(connection, what, subject(text)) for what, text in subjects.items()}
    begun = {what: begin(tries, what, now_ms) for what, tries in before.items()}
    waits_ms = [wait for wait in begun.values() if isinstance(wait, int)]
    if waits_ms:
        return max(waits_ms)
    for what, tries in begun.items():
        assert isinstance(tries, Tries)  # noqa: S101 (the waits are sorted out above)
        _keep(connection, what, subject(subjects[what]), tries)
    return 0


def pass_over(connection: Connection, text: str, wait_ms: int, now_ms: int) -> None:
    """Count what everybody's counter had no room for; it is told when nobody has to wait any more."""
    beyond = subject(text + BEYOND)
    held = _held(connection, "everybody", beyond)
    counted = replace(held, count=held.count + 1, locked_until_ms=now_ms + wait_ms, last_ms=now_ms)
    _keep(connection, "everybody", beyond, counted)


def passed_over(connection: Connection, text: str, now_ms: int) -> int:
    """Take how many everybody's counter had no room for, once; 0 as long as it has none."""
    attempt = tables.attempt.c
    wanted = (attempt.what == "everybody", attempt.subject == subject(text + BEYOND))
    over = delete(tables.attempt).where(*wanted, attempt.locked_until_ms <= now_ms)
    return connection.scalar(over.returning(attempt.count)) or 0


def succeed_all(connection: Connection, subjects: Subjects) -> None:
    """Take back the try that was right."""
    for what, text in subjects.items():
        held = _held(connection, what, subject(text))
        _keep(connection, what, subject(text), succeed(held, what))


def is_locked(connection: Connection, login: str, now_ms: int) -> bool:
    """Tell whether an account is closed for now."""
    return _held(connection, "account", subject(login)).locked_until_ms > now_ms


def clear(connection: Connection, login: str) -> None:
    """Open an account that tries have closed, at every place."""
    attempt = tables.attempt.c
    is_of_account = (attempt.what == "account") & attempt.subject.startswith(subject(login)[:HALF])
    connection.execute(delete(tables.attempt).where(is_of_account))


def _held(connection: Connection, what: What, text: str) -> Tries:
    """Read and hold a counter until the transaction ends: two tries at once count as two."""
    empty: dict[str, Any] = {"what": what, "subject": text} | dict.fromkeys(KEPT, 0)
    rows.insert_missing(connection, tables.attempt, [empty])
    attempt = tables.attempt.c
    found = connection.execute(
        select(*(attempt[name] for name in KEPT))
        .where(attempt.what == what, attempt.subject == text)
        .with_for_update()
    ).one()
    return Tries(**found._mapping)  # noqa: SLF001 (SQLAlchemy's documented way to a mapping)


def _keep(connection: Connection, what: What, text: str, tries: Tries) -> None:
    row: dict[str, Any] = {"what": what, "subject": text} | {name: getattr(tries, name) for name in KEPT}
    rows.change(connection, tables.attempt, ("what", "subject"), [row])


def _forget(connection: Connection, now_ms: int) -> None:
    attempt = tables.attempt.c
    connection.execute(delete(tables.attempt).where(attempt.last_ms < now_ms - FORGOTTEN_MS))
