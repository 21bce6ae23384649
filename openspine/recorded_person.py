"""Whoever sits in a recording: enrolled with wide limits, so that the model has somebody to answer."""

from dataclasses import replace

from contract.machines import G, catalogue
from contract.messages import Envelope, Side
from ml.clinical import phase_cap_g
from ml.priors import prior
from ml.request import Person
from openspine.service import ServiceProcess
from services.coaching.enrol import NewPatient
from services.coaching.enrol import enrol as enrol_patient
from services.coaching.prescribe import full_envelope, prescribe
from services.keys import open_keys
from services.store import people
from services.store.engine import open_engine, writing

SITE = "studio"
YEAR_MS = 365.2425 * 86_400_000
AGE_YEARS, MASS_KG, HEIGHT_M = 40, 75.0, 1.75  # nobody in particular: a recording says nothing of its person
SIGNED_SIGMAS = -0.8416  # signed capacity is the 20 % quantile (clinical page, "Phases")


def enrol(service: ServiceProcess, machine: str, kind: str, badge: str, now_ms: int) -> None:
    """Put a machine and a person with this badge into an empty store, and sign the limits of the kind."""
    keys = open_keys(service.keys)
    with writing(open_engine(service.database_url)) as connection:
        people.add_site(connection, {"id": SITE, "name": "Replay", "time_zone": "UTC"})
        enrolled = {"id": machine, "kind": kind, "name": machine, "enrolled_ms": now_ms, "retired": False}
        people.add_machine(connection, {"origin": "sim", "site_id": SITE, **enrolled})
        who = NewPatient(
            code="R01",
            name="Recorded",
            birth_year=1970 + int(now_ms / YEAR_MS) - AGE_YEARS,
            sex="male",
            mass_kg=MASS_KG,
            height_m=HEIGHT_M,
            badge=badge,
            profile="studio",
            stations=(kind,),
        )
        patient = enrol_patient(connection, who, site=SITE, origin="sim", site_key=keys.site, now_ms=now_ms)
        envelope = _envelope(kind, now_ms)
        prescribe(connection, patient, envelope, by="replay", reason="recorded session", key=keys.envelope)


def _envelope(kind_name: str, now_ms: int) -> Envelope:
    kind = catalogue()[kind_name]
    person = Person(age_years=AGE_YEARS, sex="male", mass_kg=MASS_KG, baseline_nrs=0, back_pain=False)
    sides: tuple[Side, ...] = kind.sides
    capacity_g = int(
        min(prior(person, kind_name, side).capacity_quantile_kg(SIGNED_SIGMAS) for side in sides) * G
    )
    envelope = full_envelope(
        kind_name,
        now_ms=now_ms,
        phase_cap_g=phase_cap_g("strengthen", capacity_g),
        max_torque_nm=int(kind.torque_nm(capacity_g / G)),
    )
    return replace(envelope, phase="strengthen", max_load_g=min(envelope.max_load_g, capacity_g // 100 * 100))
