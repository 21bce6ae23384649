"""Somebody signs in, proves again who it is, or signs out.

A try is counted and committed before its proof is looked at, and the proof is looked at outside of any
transaction: however many tries come at once, no more proofs are judged than the counters allow, and hashing
keeps no lock.
"""

from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from sqlalchemy import Connection, Engine

from contract.messages import Origin
from services.access.actor import Actor, Role
from services.access.proof import Proofs, step_of_code
from services.store import attempts, audit, people, staff, tokens
from services.store.attempts import Subjects
from services.store.engine import writing
from services.store.reading import actors
from services.store.reading import staff as reading

NOBODY = "anonymous"  # in the audit, of whoever fails to show who it is
UNKNOWN = "unknown"  # in the audit, of no account: what was typed may be a passphrase in the wrong box


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """From where somebody signs in: an enrolled screen, an address, or an own token."""

    name: str
    is_enrolled: bool
    is_signed_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Let:
    """The one who asks is who it says."""

    token: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """Somebody who has signed in proves it again: passphrase and one-time code, or PIN."""

    actor: Actor
    token: str
    proof: tuple[str, str, str]
    is_provided: bool = False  # an identity provider said who it is: the one-time code alone proves it again


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """No; the same words whether there is such an account or not."""

    wait_ms: int = 0  # nothing may be tried that long; 0 = the proof was wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """The proof was right, but a clinician has to confirm first who this is."""


def sign_in_staff(
    engine: Engine, proofs: Proofs, given: tuple[str, str, str], place: Place, now_ms: int
) -> Let | Denied | Waits:
    """Let staff in by login, passphrase and one-time code."""
    proven = prove_staff(engine, proofs, given, place, now_ms)
    if isinstance(proven, Denied):
        return proven
    with writing(engine) as connection:
        return let_staff_in(connection, proven, now_ms)


def let_staff_in(
    connection: Connection, staff_id: str, now_ms: int, *, is_provided: bool = False
) -> Let | Denied | Waits:
    """Let somebody in who has proven who it is, unless shut out meanwhile, or still to be confirmed."""
    role = cast("Role | None", reading.role_of(connection, staff_id))
    if role is None or not reading.is_active(connection, staff_id):
        return Denied()
    if reading.is_waiting(connection, staff_id):
        audit.record(connection, _entry(staff_id, "staff.waits", "staff", staff_id, now_ms))
        return Waits()
    token = tokens.make(connection, role, now_ms, staff=staff_id, is_provided=is_provided)
    entry = _entry(staff_id, "staff.sign_in", "staff", staff_id, now_ms)
    audit.record(connection, replace(entry, detail={"kind": "provider"}) if is_provided else entry)
    return Let(token=token, role=role)


def prove_staff(
    engine: Engine, proofs: Proofs, given: tuple[str, str, str], place: Place, now_ms: int
) -> str | Denied:
    """Return the id of the member of staff who has this login, passphrase and one-time code."""
    login, passphrase, code = given
    account = f"staff/{login}"
    with writing(engine) as connection:
        subjects = _subjects(connection, account, place, now_ms)
        wait_ms = attempts.begin_all(connection, subjects, now_ms)
        row = None if wait_ms else reading.by_login(connection, login)
    if wait_ms:
        return Denied(wait_ms=wait_ms)
    is_known = proofs.is_passphrase(passphrase, None if row is None else row.hash)
    step = step_of_code(code, None if row is None else row.seed, now_ms)
    with writing(engine) as connection:
        if row is not None and is_known and _has_second(connection, row, step):
            _succeeded(connection, subjects, account, place, now_ms)
            return str(row.id)
        whose = UNKNOWN if row is None else row.id
        _refused(connection, "staff", whose, subjects, now_ms)
    return Denied()


def prove_code(engine: Engine, staff_id: str, code: str, place: Place, now_ms: int) -> str | Denied:
    """Return the id of somebody who is named already, and has this one-time code."""
    with writing(engine) as connection:
        row = reading.one(connection, staff_id)
        if row is None or not row.active:
            return Denied()
        account = f"staff/{row.login}"
        subjects = _subjects(connection, account, place, now_ms)
        wait_ms = attempts.begin_all(connection, subjects, now_ms)
    if wait_ms:
        return Denied(wait_ms=wait_ms)
    step = step_of_code(code, row.seed, now_ms)
    with writing(engine) as connection:
        if _has_second(connection, row, step):
            _succeeded(connection, subjects, account, place, now_ms)
            return staff_id
        _refused(connection, "staff", staff_id, subjects, now_ms)
    return Denied()


def sign_in_patient(
    engine: Engine, proofs: Proofs, given: tuple[str, str, Origin], place: Place, now_ms: int
) -> Let | Denied:
    """Let a patient in by code and PIN."""
    proven = prove_patient(engine, proofs, given, place, now_ms)
    if isinstance(proven, Denied):
        return proven
    with writing(engine) as connection:
        token = tokens.make(connection, "patient", now_ms, patient=proven)
        audit.record(connection, _entry(proven, "patient.sign_in", "patient", proven, now_ms))
    return Let(token=token, role="patient")


def prove_patient(
    engine: Engine, proofs: Proofs, given: tuple[str, str, Origin | None], place: Place, now_ms: int
) -> str | Denied:
    """Return the id of the patient who has this code and PIN; a lock set at a machine holds here too."""
    code, pin, origin = given
    account = f"patient/{code}"
    with writing(engine) as connection:
        subjects = _subjects(connection, account, place, now_ms)
        wait_ms = attempts.begin_all(connection, subjects, now_ms)
        found = {} if wait_ms else people.known_persons(connection, [("pin", code)])
    if wait_ms:
        return Denied(wait_ms=wait_ms)
    row = found.get(("pin", code))
    is_known = proofs.is_pin(pin, code, _usable_secret(row, origin, now_ms))
    with writing(engine) as connection:
        if row is not None and is_known:
            _succeeded(connection, subjects, account, place, now_ms)
            return str(row.id)
        _refused(connection, "patient", UNKNOWN if row is None else row.id, subjects, now_ms)
    return Denied()


def step_up(engine: Engine, proofs: Proofs, case: Again, now_ms: int) -> int | Denied:
    """Let a token do for five minutes what needs a fresh proof; returns until when."""
    proven = _prove_again(engine, proofs, case, now_ms)
    if isinstance(proven, Denied):
        return proven
    thing = "staff" if case.actor.role != "patient" else "patient"
    with writing(engine) as connection:
        until_ms = tokens.step_up(connection, case.token, now_ms)
        entry = _entry(case.actor.id, f"{thing}.step_up", thing, case.actor.id, now_ms)
        audit.record(connection, entry)
    return until_ms


def _prove_again(engine: Engine, proofs: Proofs, case: Again, now_ms: int) -> str | Denied:
    passphrase, code, pin = case.proof
    place = Place(name=f"token/{case.token}", is_enrolled=False, is_signed_in=True)
    with engine.connect() as connection:
        if case.actor.role == "patient":
            named = actors.code_of(connection, case.actor.id)
        else:
            row = reading.one(connection, case.actor.id)
            named = None if row is None else row.login
    if named is None:
        return Denied()
    if case.actor.role == "patient":
        return prove_patient(engine, proofs, (named, pin, None), place, now_ms)
    if case.is_provided and not passphrase:
        return prove_code(engine, case.actor.id, code, place, now_ms)
    return prove_staff(engine, proofs, (named, passphrase, code), place, now_ms)


def _usable_secret(row: Any | None, origin: Origin | None, now_ms: int) -> bytes | None:
    """Return what the PIN is compared with, unless the person is of other data, gone, or locked."""
    if row is None or origin not in (None, row.origin) or row.archived_ms is not None:
        return None
    return None if row.locked_until_ms > now_ms else cast("bytes | None", row.secret)


def _has_second(connection: Connection, row: Any, step: int | None) -> bool:
    """Use up the step of the second factor; only invented staff of a demo have none."""
    if row.seed is None:
        return bool(row.demo)
    return step is not None and staff.use_step(connection, row.id, step)


def _subjects(connection: Connection, account: str, place: Place, now_ms: int) -> Subjects:
    """Say what a try counts on: strangers fill no counter of who has signed in, or is where one is known."""
    if place.is_signed_in:
        return {"account": place.name}
    if place.is_enrolled:
        return {"account": attempts.at_place(account, place.name), "device": place.name}
    if attempts.is_known(connection, account, place.name, now_ms):
        account = attempts.at_place(account, place.name)
    return {"everybody": "strangers", "account": account, "device": place.name}


def _succeeded(connection: Connection, subjects: Subjects, account: str, place: Place, now_ms: int) -> None:
    attempts.succeed_all(connection, subjects)
    if not (place.is_enrolled or place.is_signed_in):
        attempts.remember(connection, account, place.name, now_ms)


def _refused(
    connection: Connection, thing: Literal["staff", "patient"], whose: str, subjects: Subjects, now_ms: int
) -> None:
    is_locked = attempts.is_locked(connection, subjects["account"], now_ms)
    action = f"{thing}.{'locked' if is_locked else 'refused'}"
    audit.record(connection, _entry(NOBODY, action, thing, whose, now_ms))


def _entry(actor: str, action: str, thing: str, thing_id: str, now_ms: int) -> audit.Entry:
    return audit.Entry(at_ms=now_ms, actor=actor, action=action, thing=thing, thing_id=thing_id)
