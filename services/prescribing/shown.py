"""Versions and proposals as bodies of the prescribing process."""

from typing import Any, cast

from fastapi import Response

from contract.messages import Envelope, SideRange
from contract.reading import converter
from services.insights.units import at
from services.prescribing import sign
from services.prescribing.schemas import NewLimits, ProposedLimits, SignedLimits, State, Unsigned

NOBODY = "0" * 32  # as long as nobody has signed
_envelope = converter(Envelope)


def version(held: Any, response: Response) -> SignedLimits:
    """Show a version; its ETag is what a change must name."""
    response.headers["ETag"] = f'"{held.version}"'
    figures = {
        name: value
        for name, value in held.envelope.items()
        if name in SignedLimits.model_fields and name != "version"
    }
    return SignedLimits(
        **figures,
        patient=held.patient_id,
        kind=held.kind,
        version=held.version,
        valid_until=at(held.valid_until_ms),
        withdrawn=sign.is_withdrawn(held),
        signed_by=held.signed_by,
        signed_at=at(held.signed_ms),
        reason=held.reason,
    )


def proposal(row: Any, wider: tuple[str, ...], state: str) -> ProposedLimits:
    """Show a proposal, in what it is wider than what holds, and what has become of it."""
    figures = {name: row.envelope[name] for name in Unsigned.model_fields if name != "valid_days"}
    return ProposedLimits(
        id=row.id,
        kind=row.kind,
        base_version=row.base_version,
        limits=Unsigned(**figures, valid_days=row.valid_days),
        wider=list(wider),
        proposed_by=row.by_name,
        proposed_at=at(row.at_ms),
        reason=row.reason,
        state=cast("State", state),
    )


def envelope(kind: str, body: NewLimits, valid_until_ms: int) -> Envelope:
    """Make the unsigned envelope of a body."""
    return Envelope(
        version=0,
        subject=NOBODY,
        machine_kind=kind,
        max_load_g=body.max_load_g,
        max_torque_nm=body.max_torque_nm,
        sides={side: SideRange(**window.model_dump()) for side, window in body.sides.items()},
        max_speed_cdeg_s=body.max_speed_cdeg_s,
        phase=body.phase,
        phase_cap_g=body.phase_cap_g,
        pain_green_nrs=body.pain_green_nrs,
        pain_amber_nrs=body.pain_amber_nrs,
        valid_until_ms=valid_until_ms,
        key_id="",
    )


def stored(row: Any) -> Envelope:
    """Read the envelope of a version or a proposal."""
    return _envelope(row.envelope)
