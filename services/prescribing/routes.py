"""Sign, renew and withdraw limits: each makes a new version on top of the one that was seen."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, Literal, cast

import msgspec
from fastapi import APIRouter, Depends, Header, Path, Request, Response
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from contract.machines import catalogue
from contract.messages import Envelope, Origin, SideRange
from contract.messages.vocabulary import UUID_PATTERN
from services.access import Actor, Thing, authorize
from services.api.problems import Refused, bad_value, not_found
from services.api.schemas import Mistake
from services.insights.units import at
from services.keys.envelope import EnvelopeKey
from services.prescribing import rules, sign
from services.prescribing.schemas import Because, NewLimits, SignedLimits
from services.store import people
from services.store.engine import writing
from services.store.reading import patients

router = APIRouter(prefix="/v1/patients/{patient_id}/limits/{kind}", tags=["limits"])

PatientId = Annotated[str, Path(pattern=UUID_PATTERN)]
Kind = Annotated[str, Path(pattern="^[a-z_]{1,64}$")]
Seen = Annotated[str | None, Header(alias="if-match", max_length=24, description='the version seen: `"3"`')]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the routes work with; the composition root hangs one on the application."""

    engine: Engine
    key: EnvelopeKey
    origin: Origin
    now_ms: Callable[[], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One request: who asks, for whose limits on which kind of machine, at what time."""

    desk: Desk
    operator: str
    patient: str
    kind: str
    now_ms: int

    def check(self, connection: Connection, action: Literal["read", "sign"]) -> None:
        """Refuse what is not there, or not for this operator, in the same words."""
        actor = Actor(id=self.operator, name=self.operator, role="clinician")
        thing = Thing(kind="limits", origin=self.desk.origin, id=self.patient)
        known = patients.one(connection, self.patient, self.desk.origin)
        if known is None or not authorize(actor, action, thing):
            raise not_found("patient")
        if self.kind not in catalogue():
            raise not_found("kind of machine")


def case(request: Request, patient_id: PatientId, kind: Kind) -> Case:
    """Put together what one request is about."""
    desk = cast("Desk", request.app.state.desk)
    operator = request.scope["state"]["operator"]
    return Case(desk=desk, operator=operator, patient=patient_id, kind=kind, now_ms=desk.now_ms())


Asked = Annotated[Case, Depends(case)]


@router.get("")
def read_limits(asked: Asked, response: Response) -> SignedLimits:
    """Show the version that holds; its ETag is what a change must name."""
    with asked.desk.engine.connect() as connection:
        asked.check(connection, "read")
        held = sign.newest(connection, asked.patient, asked.kind)
    if held is None:
        raise not_found("version")
    return _shown(held, response)


@router.put("")
def sign_limits(asked: Asked, body: NewLimits, response: Response, seen: Seen = None) -> SignedLimits:
    """Sign new limits; If-Match names the version that was seen, `"0"` before the first."""
    with _changing(asked, seen) as (connection, _):
        envelope = _envelope(asked, body)
        wrong = rules.mistakes(envelope, catalogue()[asked.kind], asked.now_ms)
        if wrong:
            mistakes = [Mistake(where=f"body.{field}", what=what) for field, what in wrong]
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "These limits cannot be signed.", mistakes)
        _keep(connection, asked, envelope, _act(asked, body, "sign"))
        held = sign.newest(connection, asked.patient, asked.kind)
    return _shown(held, response)


@router.post("/renew")
def renew_limits(asked: Asked, body: Because, response: Response, seen: Seen = None) -> SignedLimits:
    """Sign the same limits for another 42 days; what was withdrawn is signed anew instead."""
    with _changing(asked, seen) as (connection, held):
        if held is None or _is_withdrawn(held):
            raise Refused(HTTPStatus.CONFLICT, "There are no limits to renew: sign new ones.")
        _keep(connection, asked, sign.renewed(held, asked.now_ms), _act(asked, body, "renew"))
        renewed = sign.newest(connection, asked.patient, asked.kind)
    return _shown(renewed, response)


@router.post("/withdraw")
def withdraw_limits(asked: Asked, body: Because, response: Response, seen: Seen = None) -> SignedLimits:
    """Allow nothing any more, from the next sign-in on; a running session is stopped by staff."""
    with _changing(asked, seen) as (connection, held):
        if held is None or _is_withdrawn(held):
            raise Refused(HTTPStatus.CONFLICT, "There are no limits to withdraw.")
        _keep(connection, asked, sign.withdrawn(held), _act(asked, body, "withdraw"))
        gone = sign.newest(connection, asked.patient, asked.kind)
    return _shown(gone, response)


@contextmanager
def _changing(asked: Case, seen: str | None) -> Iterator[tuple[Connection, Any | None]]:
    """Write on top of the version that was seen, or not at all."""
    if seen is None:
        raise Refused(HTTPStatus.PRECONDITION_REQUIRED, "If-Match must name the version that was seen.")
    version = seen.removeprefix('"').removesuffix('"')
    if seen != f'"{version}"' or not (version.isascii() and version.isdigit()):
        raise bad_value("header.if-match", 'A version in quotes, such as "3".')
    try:
        with writing(asked.desk.engine) as connection:
            asked.check(connection, "sign")
            people.hold(connection, asked.patient)
            held = sign.newest(connection, asked.patient, asked.kind)
            if int(version) != (0 if held is None else held.version):
                raise _overtaken()
            yield connection, held
    except IntegrityError:  # somebody else signed the same version at the same time
        raise _overtaken() from None


def _overtaken() -> Refused:
    return Refused(HTTPStatus.PRECONDITION_FAILED, "Another version holds by now: look at it first.")


def _keep(connection: Connection, asked: Case, envelope: Envelope, act: sign.Act) -> None:
    try:
        sign.sign(connection, asked.patient, envelope, act, asked.desk.key)
    except sign.UnknownPatientError:
        raise Refused(HTTPStatus.CONFLICT, "The patient has neither badge nor code to sign for.") from None


def _act(asked: Case, body: Because, what: Literal["sign", "renew", "withdraw"]) -> sign.Act:
    return sign.Act(by=asked.operator, reason=body.reason, at_ms=asked.now_ms, what=what)


def _is_withdrawn(held: Any) -> bool:
    return bool(held.valid_until_ms == sign.WITHDRAWN_MS)


def _envelope(asked: Case, body: NewLimits) -> Envelope:
    return Envelope(
        version=0,
        subject="",
        machine_kind=asked.kind,
        max_load_g=body.max_load_g,
        max_torque_nm=body.max_torque_nm,
        sides={side: SideRange(**window.model_dump()) for side, window in body.sides.items()},
        max_speed_cdeg_s=body.max_speed_cdeg_s,
        phase=body.phase,
        phase_cap_g=body.phase_cap_g,
        pain_green_nrs=body.pain_green_nrs,
        pain_amber_nrs=body.pain_amber_nrs,
        valid_until_ms=asked.now_ms + body.valid_days * sign.DAY_MS,
        key_id="",
    )


def _shown(held: Any, response: Response) -> SignedLimits:
    envelope = msgspec.convert(held.envelope, Envelope)
    response.headers["ETag"] = f'"{held.version}"'
    figures = {
        name: value
        for name, value in held.envelope.items()
        if name in SignedLimits.model_fields and name != "version"
    }
    return SignedLimits(
        **figures,
        patient=held.patient_id,
        kind=envelope.machine_kind,
        version=held.version,
        valid_until=at(held.valid_until_ms),
        withdrawn=_is_withdrawn(held),
        signed_by=held.signed_by,
        signed_at=at(held.signed_ms),
        reason=held.reason,
    )
