"""What "Dr Demo (DEMO)" signs: limits from the prior at first, from the belief at each renewal."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from contract.machines import G, catalogue
from contract.messages import Phase, Side
from ml.belief import priors
from ml.belief import state as belief
from ml.clinical.table import amber_until, green_until, phase_cap_g
from ml.request import Person
from openspine.demo.studio import DemoPatient
from services.keys.envelope import EnvelopeKey
from services.prescribing.sign import full_envelope, prescribe
from services.store import people

SIGNED_QUANTILE_SIGMAS = (
    -0.8416
)  # signed capacity = the 20 % quantile of the belief (design page 8, "Phases")
RENEWAL_DAYS = (0, 28, 56, 84)  # an envelope lives 42 days; the last one covers the live demo
ON_THE_WAY: dict[Phase, tuple[Phase, ...]] = {  # the phase at each renewal, by the phase reached at the end
    "calm": ("restore", "calm", "calm", "calm"),
    "restore": ("restore", "restore", "restore", "restore"),
    "build": ("restore", "build", "build", "build"),
    "strengthen": ("build", "build", "strengthen", "strengthen"),
    "maintain": ("build", "strengthen", "maintain", "maintain"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescriber:
    """Who signs, and with which key."""

    name: str
    key: EnvelopeKey


def sign_limits(
    connection: Connection, whose: tuple[str, DemoPatient], prescriber: Prescriber, renewal: int, now_ms: int
) -> None:
    """Sign the limits of one renewal (0 = the first) for every station of a patient (id, description)."""
    patient_id, patient = whose
    phase = ON_THE_WAY[patient.phase][renewal]
    beliefs = people.newest_beliefs(connection, [(patient_id, kind) for kind in patient.stations])
    for kind in patient.stations:
        capacity_g = _signed_capacity_g(
            patient, kind, [row.latest for row in beliefs if row.kind == kind], now_ms
        )
        envelope = full_envelope(
            kind,
            now_ms=now_ms,
            phase_cap_g=phase_cap_g(phase, capacity_g),
            max_torque_nm=int(catalogue()[kind].torque_nm(capacity_g / G)),
        )
        envelope = replace(
            envelope,
            max_load_g=min(envelope.max_load_g, capacity_g // 100 * 100),
            phase=phase,
            pain_green_nrs=green_until(patient.baseline_nrs),
            pain_amber_nrs=amber_until(patient.baseline_nrs),
        )
        reason = "First limits." if renewal == 0 else f"Renewal {renewal}, {phase} phase."
        prescribe(connection, patient_id, envelope, by=prescriber.name, reason=reason, key=prescriber.key)


def _signed_capacity_g(
    patient: DemoPatient, kind: str, latest: Sequence[dict[str, object]], now_ms: int
) -> int:
    """Return the capacity (g) that a clinician countersigns: the weaker side's 20 % quantile."""
    read = [found for stored in latest if (found := belief.from_json(stored)) is not None]
    if not read:
        sides: tuple[Side, ...] = catalogue()[kind].sides
        read = [priors.prior(person(patient, now_ms), kind, side) for side in sides]
    return int(min(one.capacity_quantile_kg(SIGNED_QUANTILE_SIGMAS) for one in read) * G)


def person(patient: DemoPatient, now_ms: int) -> Person:
    """Describe a demo patient to the model."""
    year = 1970 + now_ms // (365.2425 * 86_400_000)
    return Person(
        age_years=int(year - patient.birth_year),
        sex=patient.sex,
        mass_kg=patient.mass_kg,
        baseline_nrs=patient.baseline_nrs,
        back_pain=patient.profile == "rehab",
    )
