"""Staff sign in at the studio's identity provider, where one is configured."""

from http import HTTPStatus
from math import ceil
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from contract.messages.vocabulary import UUID_PATTERN
from services.api.admission import Admitted
from services.api.context import Context, Here
from services.api.deps import Doing
from services.api.door import drop_trip, keep_token, keep_trip, place_of, token_of, trip_in
from services.api.pages.sign_in import where
from services.api.problems import Refused, not_found
from services.api.schemas import Problem
from services.api.schemas.provided import (
    Arrival,
    Departure,
    ProviderAddress,
    ProviderLink,
    Return,
    ReturnCode,
)
from services.office import linking, provided
from services.office.signing_in import Denied, Let, Waits
from services.office.staff import Fault

if TYPE_CHECKING:
    from services.oidc.provider import Provider
    from services.oidc.signing_in import Browser

router = APIRouter(prefix="/v1", tags=["access"])
StaffId = Annotated[str, Path(pattern=UUID_PATTERN)]
COUNTED: dict[int | str, dict[str, Any]] = {
    429: {"model": Problem, "description": "too many tries; `Retry-After` says how long to wait (s)"},
    502: {"model": Problem, "description": "the identity provider does not answer"},
    503: {"model": Problem, "description": "too many ask it at once, or it has just been away: try again"},
}
AWAY = "The identity provider does not answer: sign in with your passphrase, or try again in a moment."
BUSY = "The identity provider is busy: try again in a moment, or sign in with your passphrase."
WRONG = "The identity provider's answer lets nobody in here: start anew, or ask an admin."


@router.post("/sign-in/provider", responses=COUNTED)
def leave_for_provider(
    request: Request, here: Here, who: Admitted, body: Departure, response: Response
) -> ProviderAddress:
    """Say where the browser signs in; what binds the answer to it is a cookie of ten minutes."""
    from services.oidc import signing_in  # noqa: PLC0415 (an extra, which is not installed everywhere)

    provider = _provider(here)
    if body.again and who.role in ("anonymous", "studio", "patient"):
        raise Refused(HTTPStatus.UNAUTHORIZED, "Sign in first.")
    leads_to = where(body.next, here.door.origins, request.url.hostname)
    wish = signing_in.Wish(leads_to=leads_to, is_again=body.again, language=body.language)
    found = signing_in.set_out(here.engine, provider, wish, _browser(request, here))
    if not isinstance(found, tuple):
        raise _refused(found)
    secret, address = found
    keep_trip(response, secret, here.door)
    return ProviderAddress(address=address)


@router.post("/sign-in/provider/return", responses=COUNTED)
def return_from_provider(request: Request, here: Here, body: Return, response: Response) -> Arrival:
    """Let in whom the provider vouches for; the code and the browser's trip are good for one try."""
    from services.oidc import signing_in  # noqa: PLC0415 (as above)

    given = (body.code, body.state)
    found, leads_to = signing_in.come_back(here.engine, _provider(here), given, _browser(request, here))
    return _arrival(here, found, leads_to, response)


@router.post("/sign-in/provider/code", responses=COUNTED)
def prove_provider_code(request: Request, here: Here, body: ReturnCode, response: Response) -> Arrival:
    """Add the own one-time code to what the provider has said."""
    _provider(here)
    browser = _browser(request, here)
    given = (browser.secret, body.code)
    found, leads_to = provided.add_code(here.engine, given, browser.token, browser.place, browser.now_ms)
    return _arrival(here, found, leads_to, response)


@router.put("/staff/{staff_id}/link", status_code=HTTPStatus.NO_CONTENT)
def link_staff(staff_id: StaffId, here: Here, doing: Doing, body: ProviderLink) -> None:
    """Say who at the identity provider has this account; into care a clinician confirms it."""
    issuer = _provider(here).registered.issuer
    person = linking.Person(issuer=issuer, subject=body.subject, email=body.email)
    _done(linking.link(doing.connection, staff_id, person, doing.actor.id, doing.now_ms))


@router.delete("/staff/{staff_id}/link", status_code=HTTPStatus.NO_CONTENT)
def unlink_staff(staff_id: StaffId, doing: Doing) -> None:
    """Let nobody at the identity provider sign in by this account any more, at once."""
    _done(linking.unlink(doing.connection, staff_id, doing.actor.id, doing.now_ms))


def _provider(here: Context) -> "Provider":
    if here.door.provider is None:
        raise not_found("identity provider")
    return here.door.provider


def _browser(request: Request, here: Context) -> "Browser":
    from services.oidc.signing_in import Browser  # noqa: PLC0415 (as above)

    with here.engine.connect() as connection:
        place = place_of(request, connection)
    return Browser(place=place, now_ms=here.now_ms(), secret=trip_in(request), token=token_of(request))


def _arrival(here: Context, found: Any, leads_to: str, response: Response) -> Arrival:
    if isinstance(found, provided.NeedsCode):
        return Arrival(next=None)
    if isinstance(found, Let):
        keep_token(response, found.token, here.door)
    elif not isinstance(found, provided.SteppedUp):
        raise _refused(found)
    drop_trip(response, here.door)
    return Arrival(next=leads_to)


def _refused(found: Any) -> Refused:
    if isinstance(found, Waits):
        return Refused(HTTPStatus.CONFLICT, "A clinician has to confirm this account first.")
    if not isinstance(found, Denied):
        return _away(found.why)
    if not found.wait_ms:
        return Refused(HTTPStatus.UNAUTHORIZED, WRONG)
    wait_s = str(ceil(found.wait_ms / 1_000))
    said = "Too many tries: wait before the next one."
    return Refused(HTTPStatus.TOO_MANY_REQUESTS, said, headers={"Retry-After": wait_s})


def _away(why: str) -> Refused:
    from services.oidc import fetching  # noqa: PLC0415 (an extra, which is not installed everywhere)

    if why != fetching.BUSY:
        return Refused(HTTPStatus.BAD_GATEWAY, AWAY)
    return Refused(HTTPStatus.SERVICE_UNAVAILABLE, BUSY, headers={"Retry-After": str(ceil(fetching.PAUSE_S))})


def _done(fault: Fault | None) -> None:
    if fault is not None:
        raise Refused(HTTPStatus.CONFLICT, fault.why)
