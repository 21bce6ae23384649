"""Machines: enrol by one-time code, claim, change, retire, calibrate."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from contract.machines import catalogue
from contract.messages import Origin
from services.insights.units import DAY_MS
from services.office import secret_words
from services.office.noting import note
from services.office.refusal import Act, Refusal, conflict, mistake
from services.store import machines as store
from services.store import sites
from services.store.machines import Place

CODE_MS = 10 * 60_000  # a code is for whoever stands beside the machine now
LOAD_ERROR_MOST_PCT = 3.0  # per cent of the load; a third of the smallest step between phases in use
ANGLE_ERROR_MOST_DEG = 1.0  # degrees; half of the smallest range step (2 degrees)
CLAIMER = "machine"  # in the audit


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMachine:
    """A machine that is to be enrolled."""

    id: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A one-time code, shown this once."""

    machine: str
    code: str
    expires_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """Which machine a code made of the one that sent it, and its name at the broker."""

    machine: str
    kind: str
    origin: Origin
    client: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """The salted hash of the password that a machine made (base64)."""

    salt: str
    password_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a calibration found, and for how long it holds."""

    load_error_pct: float
    angle_error_deg: float
    valid_days: int
    note: str


def enrol(connection: Connection, site_id: str, new: NewMachine, origin: Origin, act: Act) -> Code | Refusal:
    """Add a machine that nobody has claimed yet; return its one-time code."""
    if new.kind not in catalogue():
        return mistake("body.kind", "Not a machine kind of the catalogue.")
    site = sites.one(connection, site_id)
    if site is None or site.closed_ms is not None:
        return conflict("The site is closed.")
    row = {
        "origin": origin,
        "id": new.id,
        "kind": new.kind,
        "site_id": site_id,
        "name": new.name,
        "enrolled_ms": act.at_ms,
        "retired": False,
    }
    if not store.add(connection, row):
        return conflict("The id is taken.")
    note(connection, ("machine", new.id), "machine.enrol", act, {"kind": new.kind, "site": site_id})
    return _code(connection, (origin, new.id), act)


def renew_code(connection: Connection, place: Place, act: Act) -> Code | Refusal:
    """Make another one-time code; a machine that claims it replaces the one before."""
    if _is_retired(connection, place):
        return conflict("The machine is retired.")
    note(connection, ("machine", place[1]), "machine.code", act)
    return _code(connection, place, act)


def claim(connection: Connection, code: str, secret: Secret, now_ms: int) -> Claimed | Refusal:
    """Exchange a one-time code for a place at the broker, under a password that only the machine knows."""
    used = store.claim(connection, secret_words.hashed(code), now_ms)
    machine = None if used is None else store.one(connection, (used.origin, used.machine))
    if machine is None or machine.retired:
        return mistake("body.code", "Not a code that opens anything: it is used up, too old, or wrong.")
    name = machine.id if machine.origin == "real" else f"sim-{machine.id}"
    row = {
        "name": name,
        "origin": machine.origin,
        "machine": machine.id,
        "salt": secret.salt,
        "password_hash": secret.password_hash,
        "made_ms": now_ms,
        "dismissed_ms": None,
    }
    store.set_client(connection, row)
    note(connection, ("machine", machine.id), "machine.claim", Act(by=CLAIMER, name=CLAIMER, at_ms=now_ms))
    return Claimed(machine=machine.id, kind=machine.kind, origin=machine.origin, client=name)


def change(connection: Connection, place: Place, values: Mapping[str, Any], act: Act) -> Refusal | None:
    """Give a machine another name, or another site."""
    if not values:
        return mistake("body", "Nothing is changed.")
    if "site_id" in values:
        site = sites.one(connection, values["site_id"])
        if site is None or site.closed_ms is not None:
            return mistake("body.site", "There is no such site that is open.")
    store.change(connection, place, values)
    note(connection, ("machine", place[1]), "machine.change", act)
    return None


def retire(connection: Connection, place: Place, reason: str, act: Act) -> Refusal | None:
    """Take a machine out of use: the broker lets it in no more; its history stays."""
    if _is_retired(connection, place):
        return conflict("The machine is retired already.")
    store.change(connection, place, {"retired": True})
    store.replace_code(connection, place, None)
    store.dismiss_client(connection, place, act.at_ms)
    note(connection, ("machine", place[1]), "machine.retire", act, {"reason": reason})
    return None


def bring_back(connection: Connection, place: Place, reason: str, act: Act) -> Code | Refusal:
    """Put a retired machine into use again, by a new one-time code."""
    if not _is_retired(connection, place):
        return conflict("The machine is in use.")
    store.change(connection, place, {"retired": False})
    note(connection, ("machine", place[1]), "machine.return", act, {"reason": reason})
    return _code(connection, place, act)


def calibrate(connection: Connection, place: Place, measured: Measured, act: Act) -> bool | Refusal:
    """Record a calibration; tells whether the machine passed. A machine that did not is due at once."""
    if _is_retired(connection, place):
        return conflict("The machine is retired.")
    has_passed = (
        abs(measured.load_error_pct) <= LOAD_ERROR_MOST_PCT
        and abs(measured.angle_error_deg) <= ANGLE_ERROR_MOST_DEG
    )
    row = {
        "id": str(uuid4()),
        "origin": place[0],
        "machine": place[1],
        "at_ms": act.at_ms,
        "due_ms": act.at_ms + (measured.valid_days * DAY_MS if has_passed else 0),
        "load_error_pct": measured.load_error_pct,
        "angle_error_deg": measured.angle_error_deg,
        "passed": has_passed,
        "note": measured.note,
        "by_id": act.by,
    }
    store.add_calibration(connection, row)
    note(
        connection,
        ("machine", place[1]),
        "machine.calibrate",
        act,
        {"state": "passed" if has_passed else "failed"},
    )
    return has_passed


def _code(connection: Connection, place: Place, act: Act) -> Code:
    code = secret_words.claim_code()
    row = {
        "code_hash": secret_words.hashed(code),
        "origin": place[0],
        "machine": place[1],
        "expires_ms": act.at_ms + CODE_MS,
        "made_by": act.by,
        "made_ms": act.at_ms,
        "claimed_ms": None,
    }
    store.replace_code(connection, place, row)
    return Code(machine=place[1], code=code, expires_ms=act.at_ms + CODE_MS)


def _is_retired(connection: Connection, place: Place) -> bool:
    machine = store.one(connection, place)
    return machine is None or bool(machine.retired)
