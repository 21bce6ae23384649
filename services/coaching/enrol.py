"""A person joins the studio: patient, badge, and PIN."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from contract.messages import Origin, Profile
from ml.request import Sex
from services.coaching.names import made_id
from services.keys.site import subject
from services.store import people

SCRYPT_COST, SCRYPT_BLOCK, SCRYPT_PARALLEL = (
    2**14,
    8,
    1,
)  # scrypt's interactive parameters, as on the machines
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPatient:
    """What is asked at enrolment; `flags`, `stations` and `set_up` as in the store's `patient` table."""

    code: str
    name: str
    birth_year: int
    sex: Sex
    mass_kg: float
    height_m: float
    badge: str | None = None
    pin: str | None = None
    language: str = "en"
    profile: Profile = "rehab"
    baseline_nrs: int = 0
    flags: dict[str, Any] = field(default_factory=dict)
    stations: tuple[str, ...] = ()
    set_up: dict[str, dict[str, int | str]] = field(default_factory=dict)


def enrol(
    connection: Connection, who: NewPatient, *, site: str, origin: Origin, site_key: bytes, now_ms: int
) -> str:
    """Add a patient and return the id, which is made of site and code; the site must exist."""
    number = made_id("patient", site, who.code)
    row = {
        "id": number,
        "origin": origin,
        "site_id": site,
        "code": who.code,
        "name": who.name,
        "language": who.language,
        "birth_year": who.birth_year,
        "sex": who.sex,
        "mass_kg": who.mass_kg,
        "height_m": who.height_m,
        "profile": who.profile,
        "baseline_nrs": who.baseline_nrs,
        "flags": who.flags,
        "stations": list(who.stations),
        "set_up": who.set_up,
        "created_ms": now_ms,
    }
    secret = None if who.pin is None else pin_secret(who.pin, who.code)
    credentials = [
        {
            "kind": kind,
            "lookup": lookup,
            "patient_id": number,
            "subject": subject(site_key, lookup),
            "secret": secret if kind == "pin" else None,
            "failures": 0,
            "locked_until_ms": 0,
        }
        for kind, lookup in (("badge", who.badge), ("pin", who.code if secret else None))
        if lookup is not None
    ]
    people.add_patient(connection, row, credentials)
    return number


def pin_secret(pin: str, code: str) -> bytes:
    """Stretch a PIN, salted with the person's code; only this is stored."""
    return hashlib.scrypt(
        pin.encode(),
        salt=code.encode(),
        n=SCRYPT_COST,
        r=SCRYPT_BLOCK,
        p=SCRYPT_PARALLEL,
        dklen=SECRET_BYTES,
    )
