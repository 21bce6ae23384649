"""Staff sign in, or prove again who they are, at the studio's identity provider.

The provider says who somebody is and nothing else: an admin has linked the account before, roles stay ours,
and where it does not vouch for a second factor the account's own one-time code is asked for.
"""

from dataclasses import dataclass
from ipaddress import IPv6Network
from typing import Final, Literal

from sqlalchemy import Connection, Engine

from services.access.proof import kept_token
from services.access.trip import is_state
from services.office.signing_in import (
    NOBODY,
    UNKNOWN,
    Denied,
    Let,
    Place,
    Waits,
    let_staff_in,
    prove_code,
)
from services.store import attempts, audit, staff, staff_links, tokens, trips
from services.store.attempts import Subjects
from services.store.engine import writing
from services.store.reading import actors
from services.store.reading.keyset import Record

SITE_BITS: Final = 48  # of IPv6: what one customer is given at most
STRANGERS = "provider"  # the counter of refusals that are of no account
Why = Literal["state", "session", "unlinked", "disabled", "email_unverified", "other_person"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Whom a provider vouches for; `email` only with `is_email_verified` leads to an account."""

    issuer: str
    subject: str
    email: str | None
    is_email_verified: bool
    has_second: bool  # the provider saw a second factor that is enough here


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """A browser that comes back: its secret, its own token if it has signed in, and its trip."""

    secret: str
    token: str | None
    trip: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsCode:
    """The provider named somebody; the own one-time code is still to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SteppedUp:
    """Somebody who has signed in has proven it again."""

    until_ms: int


Outcome = Let | SteppedUp | NeedsCode | Waits | Denied


def set_out(engine: Engine, leads_to: str, token: str | None, place: Place, now_ms: int) -> str:
    """Let a browser go to the provider; returns the secret that it keeps meanwhile.

    Nothing is tried yet, so nothing is counted: strangers who set out again and again close no door.
    """
    began_at = _whole_site(place.name) if token is None else _of_token(token)
    with writing(engine) as connection:
        return trips.begin(connection, leads_to, token, began_at, now_ms)


def come_back(
    engine: Engine, given: tuple[str, str], token: str | None, place: Place, now_ms: int
) -> Back | Denied:
    """Receive a browser with its (secret, state), once; a wrong state ends the trip."""
    secret, state = given
    with writing(engine) as connection:
        trip = trips.read(connection, secret, now_ms) if secret else None
        wait_ms = attempts.begin_all(connection, _subjects(trip, token, place), now_ms)
        if wait_ms:
            return Denied(wait_ms=wait_ms)
        if trip is None or not trips.come_back(connection, secret, now_ms):
            refuse(connection, "no_trip", UNKNOWN, now_ms)
            return Denied()
        wrong = _wrong(trip, secret, state, token)
        if wrong is None:
            return Back(secret=secret, token=token, trip=trip)
        trips.end(connection, secret)
        refuse(connection, wrong, UNKNOWN, now_ms)
    return Denied()


def go_on(engine: Engine, back: Back, named: Named, place: Place, now_ms: int) -> Outcome:
    """Let whom the provider named in, or ask for the own one-time code first."""
    with writing(engine) as connection:
        whose, wrong = _account(connection, named, back, now_ms)
        if wrong is not None:
            trips.end(connection, back.secret)
            refuse(connection, wrong, whose, now_ms)
            return Denied()
        if not named.has_second:
            trips.wait_for_code(connection, back.secret, whose, now_ms)
            return NeedsCode()
        return _finish(connection, back, whose, place, now_ms)


def add_code(
    engine: Engine, given: tuple[str, str], token: str | None, place: Place, now_ms: int
) -> tuple[Outcome, str]:
    """Take the own one-time code of whom the provider has named; returns also where it leads on to."""
    secret, code = given
    with engine.connect() as connection:
        trip = trips.waiting(connection, secret, now_ms) if secret else None
    if trip is None or (trip.token_id and not _is_of_token(trip, token)):
        return Denied(), ""
    at = place
    if trip.token_id:
        at = Place(name=_of_token(token or ""), is_enrolled=False, is_signed_in=True)
    proven = prove_code(engine, trip.staff_id, code, at, now_ms)
    if isinstance(proven, Denied):
        return proven, ""
    back = Back(secret=secret, token=token, trip=trip)
    with writing(engine) as connection:
        return _finish(connection, back, proven, place, now_ms), str(trip.next)


def refuse(connection: Connection, why: str, whose: str, now_ms: int) -> None:
    """Write down why somebody who came from the provider was not let in; `why` is one of our own words.

    Of strangers it writes down as many in a window as `everybody` may try: they fill no audit, however many.
    """
    if whose == UNKNOWN:
        tell_unwritten(connection, now_ms)
        wait_ms = attempts.begin_all(connection, {"everybody": STRANGERS}, now_ms)
        if wait_ms:
            attempts.pass_over(connection, STRANGERS, wait_ms, now_ms)
            return
    _note_refused(connection, {"code": why}, whose, now_ms)


def tell_unwritten(connection: Connection, now_ms: int) -> None:
    """Write down of how many strangers nothing was written, when their window is over."""
    count = attempts.passed_over(connection, STRANGERS, now_ms)
    if count:
        _note_refused(connection, {"code": "unwritten", "count": count}, UNKNOWN, now_ms)


def _note_refused(connection: Connection, detail: dict[str, str | int], whose: str, now_ms: int) -> None:
    entry = audit.Entry(
        at_ms=now_ms,
        actor=NOBODY,
        action="staff.provider_refused",
        thing="staff",
        thing_id=whose,
        detail=detail,
    )
    audit.record(connection, entry)


def _finish(connection: Connection, back: Back, staff_id: str, place: Place, now_ms: int) -> Outcome:
    if not trips.end(connection, back.secret):
        return Denied()  # taken already, or somebody has unlinked or shut the account meanwhile
    attempts.succeed_all(connection, _subjects(back.trip, back.token, place))
    if back.token is None or not back.trip.token_id:
        return let_staff_in(connection, staff_id, now_ms, is_provided=True)
    until_ms = tokens.step_up(connection, back.token, now_ms)
    entry = audit.Entry(
        at_ms=now_ms, actor=staff_id, action="staff.step_up", thing="staff", thing_id=staff_id
    )
    audit.record(connection, entry)
    return SteppedUp(until_ms=until_ms)


def _wrong(trip: Record, secret: str, state: str, token: str | None) -> Why | None:
    if not is_state(state, secret):
        return "state"
    if trip.token_id and not _is_of_token(trip, token):
        return "session"
    return None


def _account(connection: Connection, named: Named, back: Back, now_ms: int) -> tuple[str, Why | None]:
    """Find whose account it is; else whom it would have been, and why not."""
    found = staff_links.by_subject(connection, named.issuer, named.subject)
    if found is None and named.email is not None:
        found = staff_links.by_email(connection, named.issuer, named.email.lower())
        if found is not None and not named.is_email_verified:
            return found.staff_id, "email_unverified"
        if found is not None and found.active:
            staff_links.bind(connection, found.staff_id, named.subject)
            staff.wait_again(connection, found.staff_id, now_ms)
            _note_bound(connection, found.staff_id, named, now_ms)
    if found is None:
        return UNKNOWN, "unlinked"
    if not found.active:
        return found.staff_id, "disabled"
    if back.token is not None and back.trip.token_id:
        actor = actors.actor_of(connection, back.token, now_ms)
        if actor is None or actor.id != found.staff_id:
            return found.staff_id, "other_person"
    return found.staff_id, None


def _note_bound(connection: Connection, staff_id: str, named: Named, now_ms: int) -> None:
    """Write down whom a linked address turned out to be (a keyed digest)."""
    entry = audit.Entry(
        at_ms=now_ms,
        actor=staff_id,
        action="staff.link_bound",
        thing="staff",
        thing_id=staff_id,
        detail={"kind": "subject", "person": [named.issuer, named.subject]},
    )
    audit.record(connection, entry)


def _subjects(trip: Record | None, token: str | None, place: Place) -> Subjects:
    """Count returns apart from passphrases, and by device alone: no stranger elsewhere closes this door.

    Who proves again who has signed in counts on the own token, as with the one-time code.
    """
    if trip is not None and _is_of_token(trip, token):
        return {"account": f"provider/{_of_token(token or '')}"}
    return {"device": f"provider/{place.name}"}


def _is_of_token(trip: Record, token: str | None) -> bool:
    """Tell whether a trip began, and ends, with this token of somebody who has signed in."""
    return bool(trip.token_id) and token is not None and kept_token(token) == trip.token_id


def _whole_site(place: str) -> str:
    """Widen an IPv6 network of a household to its customer's: a flood has 65,536 of them in one of those."""
    kind, _, address = place.partition("/")
    try:
        return f"{kind}/{IPv6Network((address, SITE_BITS), strict=False)}"
    except ValueError:
        return place


def _of_token(token: str) -> str:
    return f"token/{token}"
