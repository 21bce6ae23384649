"""Guests of a studio of our own: enrolled with limits from the prior, so that the model knows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from contract.machines import G, catalogue
from contract.messages import Envelope, Phase, Profile, Side
from ml.belief.priors import prior
from ml.clinical.table import phase_cap_g
from ml.request import Person
from openspine.service import ServiceProcess
from services.coaching.enrol import NewPatient, enrol
from services.keys.demo import open_keys
from services.opened import open_store
from services.prescribing.sign import full_envelope, prescribe
from services.store import people
from services.store.engine import writing

SITE = "studio"
YEAR_MS = 365.2425 * 86_400_000
SIGNED_SIGMAS = -0.8416  # signed capacity is the 20 % quantile (clinical page, "Phases")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Somebody with a badge; the defaults are nobody in particular, as whoever sits in a recording."""

    badge: str
    name: str
    stations: tuple[str, ...]
    code: str | None = None  # else the badge
    pin: str | None = None
    language: str = "en"
    set_up: Mapping[str, int | str] = field(default_factory=dict)  # the same at every station
    age_years: int = 40
    sex: Literal["female", "male"] = "male"
    mass_kg: float = 75.0
    height_m: float = 1.75
    baseline_nrs: int = 0
    profile: Profile = "studio"
    phase: Phase = "strengthen"


def welcome(
    service: ServiceProcess, machines: Mapping[str, str], guests: Sequence[Guest], now_ms: int
) -> None:
    """Put machines (id -> kind) and guests into an empty store, and sign the limits of every station."""
    keys = open_keys(service.keys)
    made = {"origin": "sim", "site_id": SITE, "enrolled_ms": now_ms, "retired": False}
    engine = open_store(service.database_url, service.keys, demo=True)
    with writing(engine) as connection:
        people.add_site(connection, {"id": SITE, "name": "Guests", "time_zone": "UTC"})
        for machine, kind in machines.items():
            people.add_machine(connection, {"id": machine, "kind": kind, "name": machine, **made})
        for guest in guests:
            patient = enrol(
                connection,
                _as_enrolled(guest, now_ms),
                site=SITE,
                origin="sim",
                site_key=keys.site,
                now_ms=now_ms,
            )
            for kind in guest.stations:
                limits = envelope(guest, kind, now_ms)
                prescribe(connection, patient, limits, by="guest", reason="prior", key=keys.envelope)


def envelope(guest: Guest, kind_name: str, now_ms: int) -> Envelope:
    """Make the unsigned limits of a guest at one kind of machine."""
    kind = catalogue()[kind_name]
    person = Person(
        age_years=guest.age_years,
        sex=guest.sex,
        mass_kg=guest.mass_kg,
        baseline_nrs=guest.baseline_nrs,
        back_pain=guest.profile == "rehab",
    )
    sides: tuple[Side, ...] = kind.sides
    quantiles = (prior(person, kind_name, side).capacity_quantile_kg(SIGNED_SIGMAS) for side in sides)
    capacity_g = int(min(quantiles) * G)
    full = full_envelope(
        kind_name,
        now_ms=now_ms,
        phase_cap_g=phase_cap_g(guest.phase, capacity_g),
        max_torque_nm=int(kind.torque_nm(capacity_g / G)),
    )
    return replace(full, phase=guest.phase, max_load_g=min(full.max_load_g, capacity_g // 100 * 100))


def _as_enrolled(guest: Guest, now_ms: int) -> NewPatient:
    return NewPatient(
        code=guest.code or guest.badge,
        name=guest.name,
        birth_year=1970 + int(now_ms / YEAR_MS) - guest.age_years,
        sex=guest.sex,
        mass_kg=guest.mass_kg,
        height_m=guest.height_m,
        badge=guest.badge,
        pin=guest.pin,
        language=guest.language,
        profile=guest.profile,
        baseline_nrs=guest.baseline_nrs,
        flags={"back_pain": guest.profile == "rehab"},
        stations=guest.stations,
        set_up={kind: dict(guest.set_up) for kind in guest.stations},
    )
