"""The capacity that a clinician countersigns: the load that caps of phases are shares of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from contract.machines import LOAD_STEP_G, catalogue
from ml.belief import priors
from ml.belief import state as belief
from ml.clinical.table import PHASES, phase_cap_g
from ml.rules.phase_facts import signed_capacity_g
from services.coaching import history
from services.insights.units import at, kg
from services.office.health import note
from services.office.refusal import Act, Refusal, mistake
from services.store import enrolment, limits, people
from services.store.reading import patients


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """One kind of machine: what the belief proposes, what is signed, and the caps of the phases from it."""

    kind: str
    proposed_kg: float
    signed_kg: float | None
    signed_by: str | None
    signed_at: datetime | None
    reason: str | None
    caps_kg: Mapping[str, float]


def of(connection: Connection, patient: Any, now_ms: int) -> tuple[Capacity, ...]:
    """List the capacity on every station of a person's circuit, and where limits are signed."""
    kinds = dict.fromkeys(
        (*patient.stations, *(row.kind for row in patients.signed_limits(connection, [patient.id])))
    )
    signed: dict[str, Any] = {}
    for row in limits.capacities(connection, patient.id):
        signed.setdefault(row.kind, row)
    return tuple(
        _capacity(kind, proposed_g(connection, patient, kind, now_ms), signed.get(kind))
        for kind in kinds
        if kind in catalogue()
    )


def countersign(
    connection: Connection, patient_id: str, kind: str, capacity_g: int, reason: str, act: Act
) -> Refusal | None:
    """Sign a capacity; limits that are signed from now on keep inside its share of their phase."""
    known = catalogue().get(kind)
    if known is None:
        return mistake("body.kind", "Not a machine kind of the catalogue.")
    if not 0 < capacity_g <= known.max_load_g or capacity_g % LOAD_STEP_G:
        return mistake("body.capacity_kg", f"Up to {kg(known.max_load_g)} in steps of {kg(LOAD_STEP_G)}.")
    patient = enrolment.held(connection, patient_id)
    row = {
        "id": str(uuid4()),
        "patient_id": patient_id,
        "kind": kind,
        "capacity_g": capacity_g,
        "proposed_g": proposed_g(connection, patient, kind, act.at_ms),
        "reason": reason,
        "by_id": act.by,
        "by_name": act.name,
        "at_ms": act.at_ms,
    }
    limits.add_capacity(connection, row)
    note(connection, patient_id, "capacity.countersign", act, {"kind": kind, "reason": reason})
    return None


def proposed_g(connection: Connection, patient: Any, kind: str, now_ms: int) -> int:
    """Return the weaker side's 20 % quantile of the belief, of the prior where nothing is known."""
    stored = people.newest_beliefs(connection, [(patient.id, kind)])
    read = [found for row in stored if (found := belief.from_json(row.latest)) is not None]
    if not read:
        who = history.person(patient, kind, [], now_ms)
        read = [priors.prior(who, kind, side) for side in catalogue()[kind].sides]
    return min(signed_capacity_g(one) for one in read)


def _capacity(kind: str, proposed: int, signed: Any | None) -> Capacity:
    holding_g = proposed if signed is None else signed.capacity_g
    return Capacity(
        kind=kind,
        proposed_kg=kg(proposed),
        signed_kg=None if signed is None else kg(signed.capacity_g),
        signed_by=None if signed is None else signed.by_name,
        signed_at=None if signed is None else at(signed.at_ms),
        reason=None if signed is None else signed.reason,
        caps_kg={phase: kg(phase_cap_g(phase, holding_g)) for phase in PHASES},
    )
