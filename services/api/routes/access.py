"""Signing in and out, and who one is."""

from http import HTTPStatus
from math import ceil
from typing import Any

from fastapi import APIRouter, Request, Response

from services.api.admission import Admitted
from services.api.context import Context, Here
from services.api.deps import Doing
from services.api.door import drop_token, keep_screen, keep_token, place_of, token_of
from services.api.problems import Refused, bad_value
from services.api.schemas import Problem
from services.api.schemas.access import (
    Acceptance,
    FreshProof,
    Me,
    PatientProof,
    ScreenClaim,
    SecondFactor,
    SignedIn,
    StaffProof,
    SteppedUp,
)
from services.api.viewer import mark_of
from services.insights.units import at
from services.office import screens, signing_in, staff
from services.store import tokens
from services.store.engine import writing
from services.store.reading import actors, places

router = APIRouter(prefix="/v1", tags=["access"])
COUNTED: dict[int | str, dict[str, Any]] = {
    429: {"model": Problem, "description": "too many tries; `Retry-After` says how long to wait (s)"}
}
WRONG = "The name or code, and what proves it, do not belong together."


@router.post("/sign-in", responses=COUNTED)
def sign_in(request: Request, here: Here, body: StaffProof, response: Response) -> SignedIn:
    """Sign a member of staff in by passphrase and one-time code."""
    place = _place(request, here)
    given = (body.login, body.passphrase, body.code or "")
    found = signing_in.sign_in_staff(here.engine, here.door.proofs, given, place, here.now_ms())
    return _let_in(here, found, body.carried, response)


@router.post("/sign-in/patient", responses=COUNTED)
def sign_in_patient(request: Request, here: Here, body: PatientProof, response: Response) -> SignedIn:
    """Sign a patient in by code and PIN: at an enrolled screen, or on an enrolled phone."""
    place = _place(request, here)
    if not (place.is_enrolled or here.door.any_screen):
        raise Refused(HTTPStatus.FORBIDDEN, "Ask the studio to enrol this screen first.")
    given = (body.code, body.pin, here.identity.origin)
    found = signing_in.sign_in_patient(here.engine, here.door.proofs, given, place, here.now_ms())
    return _let_in(here, found, body.carried, response)


@router.post("/step-up", responses=COUNTED)
def step_up(request: Request, here: Here, who: Admitted, body: FreshProof) -> SteppedUp:
    """Prove again who one is: for five minutes one may sign, export and erase."""
    token = token_of(request) or ""
    given = (body.passphrase or "", body.code or "", body.pin or "")
    case = signing_in.Again(actor=who, token=token, proof=given, is_provided=_is_provided(here, token))
    found = signing_in.step_up(here.engine, here.door.proofs, case, here.now_ms())
    if isinstance(found, signing_in.Denied):
        raise _denied(found)
    return SteppedUp(stepped_up_until=at(found))


@router.post("/sign-out", status_code=HTTPStatus.NO_CONTENT)
def sign_out(request: Request, here: Here, response: Response) -> None:
    """End this sign-in; who has not signed in is out already."""
    token = token_of(request)
    if token is not None:
        with writing(here.engine) as connection:
            tokens.revoke(connection, token, here.now_ms())
    drop_token(response, here.door)


@router.post("/sign-out/everywhere", status_code=HTTPStatus.NO_CONTENT)
def sign_out_everywhere(here: Here, doing: Doing, response: Response) -> None:
    """End every sign-in of one's own, on every computer and screen."""
    tokens.revoke_all(doing.connection, doing.actor.id, doing.now_ms)
    drop_token(response, here.door)


@router.get("/me")
def read_me(request: Request, here: Here) -> Me:
    """Say who has signed in, where that holds, and until when."""
    return Me(**_me(here, token_of(request) or ""))


@router.post("/invitation")
def take_up_invitation(here: Here, body: Acceptance) -> SecondFactor:
    """Choose a passphrase by invitation; the second factor that belongs to it is shown this once."""
    with writing(here.engine) as connection:
        found = staff.take_up(connection, here.door.proofs, body.invitation, body.passphrase, here.now_ms())
    if found is None:
        raise Refused(HTTPStatus.UNAUTHORIZED, "This invitation is over, or was used: ask for a new one.")
    if isinstance(found, staff.Fault):
        raise bad_value("body.passphrase", found.why)
    return SecondFactor(login=found.login, seed=found.seed, address=found.address)


@router.post("/screens/claim", status_code=HTTPStatus.NO_CONTENT)
def claim_screen(here: Here, body: ScreenClaim, response: Response) -> None:
    """Make this browser an enrolled screen by its one-time code."""
    with writing(here.engine) as connection:
        secret = screens.claim(connection, body.code, here.now_ms())
    if secret is None:
        raise Refused(HTTPStatus.UNAUTHORIZED, "This code is over, or was used: ask for a new one.")
    keep_screen(response, secret, here.door)


def _place(request: Request, here: Context) -> signing_in.Place:
    with here.engine.connect() as connection:
        return place_of(request, connection)


def _let_in(
    here: Context,
    found: signing_in.Let | signing_in.Denied | signing_in.Waits,
    carried: str,
    response: Response,
) -> SignedIn:
    if isinstance(found, signing_in.Denied):
        raise _denied(found)
    if isinstance(found, signing_in.Waits):
        raise Refused(HTTPStatus.CONFLICT, "A clinician has to confirm this account first.")
    if carried == "cookie":
        keep_token(response, found.token, here.door)
    shown = found.token if carried == "token" else None
    return SignedIn(**_me(here, found.token), token=shown)


def _me(here: Context, token: str) -> dict[str, Any]:
    with here.engine.connect() as connection:
        found = actors.signed_in(connection, token, here.now_ms())
        zone = None if found is None else places.zone_of(connection, found.actor.scope.sites)
    if found is None:
        raise Refused(HTTPStatus.UNAUTHORIZED, "Sign in first.")
    actor, until_ms = found.actor, found.stepped_up_until_ms
    return {
        "id": actor.id,
        "mark": mark_of(actor, here.site_key),
        "name": actor.name,
        "role": actor.role,
        "sites": None if actor.scope.sites is None else sorted(actor.scope.sites),
        "patient": actor.scope.patient,
        "zone": zone or here.identity.zone,
        "language": found.language if found.language in ("en", "zh-HK") else None,
        "provider": here.door.provider.registered.name if here.door.provider and found.is_provided else None,
        "expires_at": at(found.until_ms),
        "stepped_up_until": at(until_ms) if until_ms > here.now_ms() else None,
    }


def _is_provided(here: Context, token: str) -> bool:
    with here.engine.connect() as connection:
        found = actors.signed_in(connection, token, here.now_ms())
    return found is not None and found.is_provided


def _denied(found: signing_in.Denied) -> Refused:
    if not found.wait_ms:
        return Refused(HTTPStatus.UNAUTHORIZED, WRONG)
    wait_s = ceil(found.wait_ms / 1_000)
    return Refused(
        HTTPStatus.TOO_MANY_REQUESTS,
        "Too many tries: wait before the next one.",
        headers={"Retry-After": str(wait_s)},
    )
