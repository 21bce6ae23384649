"""Requests for limits from somebody who has just looked: they name what is there, and what holds."""

from random import Random
from typing import Any

import msgspec
from schemathesis import Case
from sqlalchemy import Connection, Engine, select

from contract.machines import LOAD_STEP_G, catalogue
from openspine.fuzz.api_cases import KNOWN_SHARE, Aim
from openspine.fuzz.api_served import NOW_MS
from services.prescribing import sign
from services.prescribing.schemas import Unsigned
from services.store import limits as store
from services.store import tables
from services.store.reading.keyset import Rows

FIRST_SHARE = 0.15  # of requests for limits on a kind of machine for which nobody may have signed
STALE_SHARE = 0.1  # of requests on top of the version before the one that holds
OWN_SHARE = 0.3  # of bodies that keep one figure as it was drawn
STEPS_G = (-LOAD_STEP_G, 0, LOAD_STEP_G)  # narrower, as it is, and wider: that needs a second person
CAP_G, TORQUE_NM = 5_000, 20  # of first limits: well below every machine's most


def aimed(engine: Engine) -> Aim:
    """Aim at the limits in a store as it is when a request is sent."""

    def aim(case: "Case[Any]", chance: Random) -> None:
        if "kind" not in case.path_parameters or chance.random() >= KNOWN_SHARE:
            return
        with engine.connect() as connection:
            case.path_parameters |= _path(connection, case.path_parameters, chance)
            patient, kind = (case.path_parameters[name] for name in ("patient_id", "kind"))
            versions = store.versions(connection, patient, kind)
        is_stale = chance.random() < STALE_SHARE
        case.headers["If-Match"] = f'"{(versions[0].version if versions else 0) - is_stale}"'
        if isinstance(case.body, dict):
            case.body = case.body | _meant(case.body, kind, versions, chance)

    return aim


def _path(connection: Connection, names: dict[str, Any], chance: Random) -> dict[str, str]:
    """Choose a proposal that waits, where one is asked for, or limits that somebody has or could have."""
    proposal, limits = tables.limits_proposal.c, tables.limits.c
    waiting = select(proposal.patient_id, proposal.kind, proposal.id.label("proposal_id"))
    waiting = waiting.where(proposal.state == store.OPEN).order_by(proposal.patient_id, proposal.kind)
    signed = select(limits.patient_id, limits.kind).distinct().order_by(limits.patient_id, limits.kind)
    rows = connection.execute(waiting).all() if "proposal_id" in names else ()
    found: dict[str, str] = chance.choice(rows or connection.execute(signed).all())._asdict()
    is_first = "proposal_id" not in names and chance.random() < FIRST_SHARE
    return found | ({"kind": chance.choice(list(catalogue()))} if is_first else {})


def _meant(body: dict[str, Any], kind: str, versions: Rows, chance: Random) -> dict[str, Any]:
    """Say what a body that can be signed has in these fields; now and then without one of them."""
    if "max_load_g" in body:
        standing = [row.envelope for row in versions if not sign.is_withdrawn(row)]
        envelope = standing[0] if standing else _first(kind)
        found = {name: envelope[name] for name in Unsigned.model_fields if name in envelope}
        found["max_load_g"] += chance.choice(STEPS_G)
    elif "version" in body and versions:
        found = {"version": chance.choice(versions).version}
    else:
        return {}
    found["valid_days"] = sign.VALID_DAYS
    if chance.random() < OWN_SHARE:
        found.pop(chance.choice(list(found)))
    return found


def _first(kind: str) -> dict[str, Any]:
    envelope = sign.full_envelope(kind, now_ms=NOW_MS, phase_cap_g=CAP_G, max_torque_nm=TORQUE_NM)
    made: dict[str, Any] = msgspec.to_builtins(envelope)
    return made
