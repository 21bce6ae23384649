"""People for the benches: as many as machines, with wide limits, straight into the store."""

import uuid
from pathlib import Path

from openspine.demo.seed import SITE
from services import keys
from services.coaching.prescribe import full_envelope, prescribe
from services.store import people
from services.store.engine import open_engine, upgrade, writing

NAMESPACE = uuid.UUID("0f6a0f0e-5f0e-5c8b-8f8c-55f0c3a6d2b1")
NOW_MS = 1_790_000_000_000  # the load's own studio time; limits are signed then and valid for 42 days
CAPACITY_G = 40_000


def enrol(url: str, key_folder: Path, count: int, kind: str) -> list[str]:
    """Migrate the database and add people with signed limits; returns their badges."""
    upgrade(url)
    keyring = keys.open_keys(key_folder)
    engine = open_engine(url)
    badges = [f"bench-{index}" for index in range(count)]
    envelope = full_envelope(kind, now_ms=NOW_MS, phase_cap_g=CAPACITY_G, max_torque_nm=100)
    with writing(engine) as connection:
        people.add_site(connection, {"id": SITE, "name": "Bench", "time_zone": "UTC"})
        for index, badge in enumerate(badges):
            patient = _patient(index, kind)
            subject = keys.subject(keyring.site, badge)
            people.add_patient(connection, patient, [_credential(badge, str(patient["id"]), subject)])
            prescribe(
                connection, str(patient["id"]), envelope, by="bench", reason="bench", key=keyring.envelope
            )
    engine.dispose()
    return badges


def _patient(index: int, kind: str) -> dict[str, object]:
    return {
        "id": str(uuid.uuid5(NAMESPACE, str(index))),
        "origin": "sim",
        "site_id": SITE,
        "code": f"B{index}",
        "name": f"Load {index}",
        "language": "en",
        "birth_year": 1980,
        "sex": "female",
        "mass_kg": 60.0,
        "height_m": 1.65,
        "profile": "studio",
        "baseline_nrs": 0,
        "flags": {"osteoporosis": False, "hypermobile": False, "back_pain": False, "weak_side": {}},
        "stations": [kind],
        "set_up": {},
        "created_ms": NOW_MS,
    }


def _credential(badge: str, patient: str, subject: str) -> dict[str, object]:
    return {
        "kind": "badge",
        "lookup": badge,
        "patient_id": patient,
        "subject": subject,
        "secret": None,
        "failures": 0,
        "locked_until_ms": 0,
    }
