"""Two people for wider limits: one proposes, another one signs with an own token."""

from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Any
from uuid import uuid4

import msgspec
from fastapi import APIRouter, Path, Response
from sqlalchemy import Connection

from contract.messages import Envelope
from contract.messages.vocabulary import UUID_PATTERN
from services.api.problems import Refused, not_found
from services.api.schemas import Page
from services.prescribing import shown, sign
from services.prescribing.case import Asked, Case, Seen, changing, keep, refuse_wrong
from services.prescribing.schemas import Because, ProposedLimits, SignedLimits
from services.prescribing.second_person import refuse_one_person
from services.prescribing.widening import wider
from services.store import audit
from services.store import limits as store
from services.store.waiting import PROPOSAL_LAPSES_MS

router = APIRouter(prefix="/v1/patients/{patient_id}/limits/{kind}/proposals", tags=["limits"])
LAPSE_DAYS = PROPOSAL_LAPSES_MS // sign.DAY_MS
ProposalId = Annotated[str, Path(pattern=UUID_PATTERN)]


@router.get("")
def list_proposals(asked: Asked) -> Page[ProposedLimits]:
    """List proposals, newest first, and in what each is wider than what holds now."""
    with asked.looking() as connection:
        rows = store.proposals(connection, asked.patient, asked.kind)
        base = in_force(connection, asked)
    items = [shown.proposal(row, _grown(base, shown.stored(row)), _state(row, asked.now_ms)) for row in rows]
    return Page[ProposedLimits](items=items)


@router.post("/{proposal_id}/sign")
def sign_proposal(
    asked: Asked, proposal_id: ProposalId, body: Because, response: Response, seen: Seen = None
) -> SignedLimits:
    """Sign what somebody else has proposed; If-Match names the version that it stands on."""
    with changing(asked, seen) as (connection, held):
        row = _open_one(connection, asked, proposal_id)
        if row.base_version != (0 if held is None else held.version):
            raise Refused(HTTPStatus.CONFLICT, "It stands on a version that no longer holds: propose anew.")
        refuse_one_person(connection, (row.by_id, row.by_name), (asked.actor.id, asked.actor.name))
        valid_until_ms = asked.now_ms + row.valid_days * sign.DAY_MS
        envelope = replace(shown.stored(row), valid_until_ms=valid_until_ms)
        refuse_wrong(connection, asked, envelope, HTTPStatus.CONFLICT)  # the capacity may be another by now
        act = asked.act(f"{row.reason} / {body.reason}", "sign")
        decided = {"state": "signed", "decided_by": asked.actor.id, "decided_ms": asked.now_ms}
        store.decide(connection, proposal_id, decided)
        act = replace(act, by=f"{row.by_name} + {act.by}")
        return shown.version(keep(connection, asked, envelope, act), response)


@router.post("/{proposal_id}/withdraw", status_code=HTTPStatus.NO_CONTENT)
def withdraw_proposal(asked: Asked, proposal_id: ProposalId, body: Because, seen: Seen = None) -> None:
    """Withdraw a proposal, one's own or somebody else's."""
    with changing(asked, seen) as (connection, _):
        _open_one(connection, asked, proposal_id)
        decided = {"state": "withdrawn", "decided_by": asked.actor.id, "decided_ms": asked.now_ms}
        store.decide(connection, proposal_id, decided)
        _note(connection, asked, "limits.unpropose", body.reason)


def is_proposed(
    connection: Connection, asked: Case, envelope: Envelope, reason: str, valid_days: int
) -> ProposedLimits | None:
    """Keep limits as a proposal when they are wider than what holds; None when one person may sign them."""
    grown = _grown(in_force(connection, asked), envelope)
    if not grown:
        return None
    held = sign.newest(connection, asked.patient, asked.kind)
    number = str(uuid4())
    row = {
        "id": number,
        "patient_id": asked.patient,
        "kind": asked.kind,
        "base_version": 0 if held is None else held.version,
        "envelope": msgspec.to_builtins(envelope),
        "valid_days": valid_days,
        "reason": reason,
        "by_id": asked.actor.id,
        "by_name": asked.actor.name,
        "at_ms": asked.now_ms,
        "state": store.OPEN,
    }
    store.propose(connection, row)
    _note(connection, asked, "limits.propose", reason)
    return shown.proposal(_open_one(connection, asked, number), grown, store.OPEN)


def in_force(connection: Connection, asked: Case) -> Envelope | None:
    """Find what to compare with: the newest version that was not withdrawn; None before the first.

    To withdraw and sign anew is no way around the second person.
    """
    versions = store.versions(connection, asked.patient, asked.kind)
    held = next((row for row in versions if not sign.is_withdrawn(row)), None)
    return None if held is None else shown.stored(held)


def _state(row: Any, now_ms: int) -> str:
    is_over = row.state == store.OPEN and now_ms >= row.at_ms + LAPSE_DAYS * sign.DAY_MS
    return "lapsed" if is_over else str(row.state)


def _grown(base: Envelope | None, envelope: Envelope) -> tuple[str, ...]:
    return () if base is None else wider(base, envelope)


def _open_one(connection: Connection, asked: Case, proposal_id: str) -> Any:
    for row in store.proposals(connection, asked.patient, asked.kind):
        if row.id == proposal_id:
            if row.state != store.OPEN:
                raise Refused(HTTPStatus.CONFLICT, "It is not open any more.")
            if _state(row, asked.now_ms) != store.OPEN:
                raise Refused(HTTPStatus.CONFLICT, f"It has lapsed after {LAPSE_DAYS} days: propose anew.")
            return row
    raise not_found("proposal")


def _note(connection: Connection, asked: Case, action: str, reason: str) -> None:
    entry = audit.Entry(
        at_ms=asked.now_ms,
        actor=asked.actor.id,
        action=action,
        thing="patient",
        thing_id=asked.patient,
        detail={"kind": asked.kind, "reason": reason},
    )
    audit.record(connection, entry)
