"""People for the benches: as many as machines, with wide limits, straight into the store."""

from pathlib import Path

from services.coaching.enrol import NewPatient
from services.coaching.enrol import enrol as enrol_patient
from services.keys.demo import open_keys
from services.prescribing.sign import full_envelope, prescribe
from services.store import people
from services.store.engine import open_engine, upgrade, writing

SITE = "studio"
NOW_MS = 1_790_000_000_000  # the load's own studio time; limits are signed then and valid for 42 days
CAPACITY_G = 40_000


def enrol(url: str, key_folder: Path, count: int, kind: str, prefix: str = "bench") -> list[str]:
    """Migrate the database and add people with signed limits; returns their badges, which begin as told."""
    upgrade(url)
    keyring = open_keys(key_folder)
    engine = open_engine(url)
    badges = [f"{prefix}-{index}" for index in range(count)]
    envelope = full_envelope(kind, now_ms=NOW_MS, phase_cap_g=CAPACITY_G, max_torque_nm=100)
    with writing(engine) as connection:
        people.add_site(connection, {"id": SITE, "name": "Bench", "time_zone": "UTC"})
        for badge in badges:
            who = NewPatient(
                code=badge,
                name=badge,
                birth_year=1980,
                sex="female",
                mass_kg=60.0,
                height_m=1.65,
                badge=badge,
                profile="studio",
                stations=(kind,),
            )
            patient = enrol_patient(
                connection, who, site=SITE, origin="sim", site_key=keyring.site, now_ms=NOW_MS
            )
            prescribe(connection, patient, envelope, by="bench", reason="bench", key=keyring.envelope)
    engine.dispose()
    return badges
