"""Invented patients of all strata and the machines of their wing, by seed; values only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from contract.messages import Phase
from emulator.people.condition import fresh
from emulator.people.members import Member
from emulator.people.person import Person, person
from openspine.demo.studio import DemoPatient
from services.coaching.enrol import NewPatient

# Machine kinds in the order of a circuit; who has fewer stations leaves some out.
CIRCUIT = (
    "lumbar_extension",
    "trunk_rotation",
    "hip_extension",
    "lumbar_flexion",
    "lateral_flexion",
    "neck_extension",
)
STATIONS_LEAST = 4  # of a visit; design page 1: up to 6
BASELINE_MOST_NRS = 6  # clinical page: B is capped there
PHASES: tuple[Phase, ...] = ("restore", "build", "build", "strengthen")  # reached at the end, in turn
HEIGHT_M = {"female": 1.62, "male": 1.75}  # middle of adults; nothing is decided by it


@dataclass(frozen=True, slots=True, kw_only=True)
class Invented:
    """A patient as the studio knows them, and the body behind the badge."""

    patient: DemoPatient
    member: Member


def invented(numbers: Iterable[int], seed: int, *, year: int, prefix: str) -> tuple[Invented, ...]:
    """Make the patients of these numbers (from 0) of a seed; codes are PREFIX-NUMBER (from 1)."""
    return tuple(
        _invented(number, person(number, seed), f"{prefix}-{number + 1}", year) for number in numbers
    )


def machines(kinds: Sequence[str], count: int, prefix: str) -> dict[str, str]:
    """Name `count` machines (id -> kind), the kinds in turn; ids are PREFIX-KIND-NUMBER."""
    found = {}
    for number in range(count):
        kind = kinds[number % len(kinds)]
        words = (prefix, kind.replace("_", "-"), str(number // len(kinds) + 1))
        found["-".join(word for word in words if word)] = kind
    return found


def as_enrolled(patient: DemoPatient) -> NewPatient:
    """Say what is asked of an invented patient at enrolment."""
    return NewPatient(
        code=patient.code,
        name=patient.name,
        birth_year=patient.birth_year,
        sex=patient.sex,
        mass_kg=patient.mass_kg,
        height_m=patient.height_m,
        badge=patient.badge,
        profile=patient.profile,
        baseline_nrs=patient.baseline_nrs,
        flags={"back_pain": patient.profile == "rehab"},
        stations=patient.stations,
    )


def _invented(number: int, body: Person, code: str, year: int) -> Invented:
    stations = _stations(np.random.default_rng([body.seed, 41]))
    patient = DemoPatient(
        code=code,
        name=f"Invented {code}",
        language="en",
        sex=body.sex,
        birth_year=year - body.age_years,
        mass_kg=body.mass_kg,
        height_m=HEIGHT_M[body.sex],
        profile="rehab" if body.back_pain else "studio",
        baseline_nrs=min(round(body.pain_nrs), BASELINE_MOST_NRS),
        phase=PHASES[number % len(PHASES)],
        stations=stations,
        seed=body.seed,
    )
    member = Member(badge=patient.badge, code=code, stations=stations, person=body, condition=fresh(body))
    return Invented(patient=patient, member=member)


def _stations(chance: np.random.Generator) -> tuple[str, ...]:
    """Choose stations in the circuit's order; it is entered anywhere, so that people spread out."""
    count = int(chance.integers(STATIONS_LEAST, len(CIRCUIT) + 1))
    chosen = sorted(chance.choice(len(CIRCUIT), count, replace=False).tolist())
    first = int(chance.integers(0, count))
    return tuple(CIRCUIT[place] for place in chosen[first:] + chosen[:first])
