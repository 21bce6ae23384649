"""Sign, restore, renew and withdraw limits: each makes a new version on top of the one that was seen."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Response
from sqlalchemy import Connection

from contract.messages import Envelope
from services.api.problems import Refused, not_found
from services.office import holds
from services.office.refusal import Act
from services.prescribing import shown, sign
from services.prescribing.case import Asked, Case, Seen, changing, keep, refuse_wrong
from services.prescribing.proposing import is_proposed
from services.prescribing.schemas import Because, NewLimits, ProposedLimits, Restore, SignedLimits
from services.store import limits as store

router = APIRouter(prefix="/v1/patients/{patient_id}/limits/{kind}", tags=["limits"])
PROPOSED: dict[int | str, dict[str, Any]] = {
    202: {"model": ProposedLimits, "description": "wider than what holds: somebody else signs it"}
}


@router.get("")
def read_limits(asked: Asked, response: Response) -> SignedLimits:
    """Show the version that holds; its ETag is what a change must name."""
    with asked.looking() as connection:
        held = sign.newest(connection, asked.patient, asked.kind)
    if held is None:
        raise not_found("version")
    return shown.version(held, response)


@router.put("", responses=PROPOSED)
def sign_limits(
    asked: Asked, body: NewLimits, response: Response, seen: Seen = None
) -> SignedLimits | ProposedLimits:
    """Sign new limits; If-Match names the version that was seen, `"0"` before the first.

    Wider ones are proposed instead (202): somebody else signs them.
    """
    with changing(asked, seen) as (connection, _):
        envelope = shown.envelope(asked.kind, body, asked.now_ms + body.valid_days * sign.DAY_MS)
        return _sign_or_propose(connection, asked, envelope, body, response)


@router.post("/restore", responses=PROPOSED)
def restore_limits(
    asked: Asked, body: Restore, response: Response, seen: Seen = None
) -> SignedLimits | ProposedLimits:
    """Sign what an older version allowed, as a new one; where it is wider, somebody else signs it (202)."""
    with changing(asked, seen) as (connection, _):
        older = store.version(connection, asked.patient, asked.kind, body.version)
        if older is None:
            raise not_found("version")
        if sign.is_withdrawn(older):
            raise Refused(HTTPStatus.CONFLICT, "That version allowed nothing: withdraw instead.")
        valid_until_ms = asked.now_ms + body.valid_days * sign.DAY_MS
        envelope = replace(shown.stored(older), valid_until_ms=valid_until_ms)
        return _sign_or_propose(connection, asked, envelope, body, response, what="restore")


@router.post("/renew")
def renew_limits(asked: Asked, body: Because, response: Response, seen: Seen = None) -> SignedLimits:
    """Sign the same limits for another 42 days; what was withdrawn is signed anew instead."""
    with changing(asked, seen) as (connection, held):
        if held is None or sign.is_withdrawn(held):
            raise Refused(HTTPStatus.CONFLICT, "There are no limits to renew: sign new ones.")
        envelope = sign.renewed(held, asked.now_ms)
        refuse_wrong(connection, asked, envelope, HTTPStatus.CONFLICT)
        return shown.version(keep(connection, asked, envelope, asked.act(body.reason, "renew")), response)


@router.post("/withdraw")
def withdraw_limits(asked: Asked, body: Because, response: Response, seen: Seen = None) -> SignedLimits:
    """Allow nothing any more; a machine of this kind on which the person trains now stops."""
    with changing(asked, seen) as (connection, held):
        if held is None or sign.is_withdrawn(held):
            raise Refused(HTTPStatus.CONFLICT, "There are no limits to withdraw.")
        stopping = Act(by=asked.actor.id, name=asked.actor.name, at_ms=asked.now_ms)
        holds.end_training(connection, asked.patient, stopping, (asked.kind,))
        act = asked.act(body.reason, "withdraw")
        return shown.version(keep(connection, asked, sign.withdrawn(held), act), response)


def _sign_or_propose(
    connection: Connection,
    asked: Case,
    envelope: Envelope,
    body: NewLimits | Restore,
    response: Response,
    what: sign.What = "sign",
) -> SignedLimits | ProposedLimits:
    refuse_wrong(connection, asked, envelope)
    proposed = is_proposed(connection, asked, envelope, body.reason, body.valid_days)
    if proposed is not None:
        response.status_code = HTTPStatus.ACCEPTED
        return proposed
    return shown.version(keep(connection, asked, envelope, asked.act(body.reason, what)), response)
