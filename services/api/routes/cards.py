"""Badges and PINs of people: a secret is in one answer and nowhere else."""

from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter

from services.api.answering import act, done
from services.api.context import Here
from services.api.deps import Doing, PatientId
from services.api.first_answers import SHOWN_ONCE
from services.api.schemas import enrolment as bodies
from services.office import cards

router = APIRouter(prefix="/v1/patients/{patient_id}", tags=["enrolment"])
CardKind = Literal["badge", "pin"]


@router.put("/badge")
def issue_badge(patient_id: PatientId, doing: Doing, here: Here, body: bodies.NewBadge) -> bodies.IssuedCard:
    """Give a badge; the one before opens nothing any more."""
    issued = done(cards.issue_badge(doing.connection, patient_id, body.badge, here.site_key, act(doing)))
    return bodies.IssuedCard.model_validate(issued)


@router.post("/pin", status_code=HTTPStatus.CREATED, dependencies=SHOWN_ONCE)
def issue_pin(patient_id: PatientId, doing: Doing, here: Here) -> bodies.IssuedCard:
    """Make a new PIN, shown this once; the one before opens nothing any more."""
    issued = cards.issue_pin(doing.connection, patient_id, here.site_key, act(doing))
    return bodies.IssuedCard.model_validate(issued)


@router.delete("/cards/{card}", status_code=HTTPStatus.NO_CONTENT)
def take_card_away(patient_id: PatientId, card: CardKind, doing: Doing) -> None:
    """Take a badge or PIN away."""
    done(cards.take_away(doing.connection, patient_id, card, act(doing)))


@router.put("/cards/{card}/lock", status_code=HTTPStatus.NO_CONTENT)
def lock_card(patient_id: PatientId, card: CardKind, doing: Doing, body: bodies.Lock) -> None:
    """Lock a badge or PIN until staff open it again, or open it."""
    done(cards.lock(doing.connection, patient_id, card, act(doing), locked=body.locked))
