"""Somebody goes to the identity provider and comes back: asked outside of any transaction."""

from dataclasses import dataclass

from sqlalchemy import Engine

from services.access.trip import trip_of
from services.office import provided
from services.office.provided import Back, Named, Outcome
from services.office.signing_in import UNKNOWN, Denied, Place
from services.oidc.fetching import BUSY, Away
from services.oidc.id_token import Claims
from services.oidc.provider import Provider
from services.store import trips
from services.store.engine import writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """Who asks: from where, when, with which secret of a trip, and with which token."""

    place: Place
    now_ms: int
    secret: str = ""
    token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a browser wants of the provider: to sign in, or (`is_again`) to prove itself anew."""

    leads_to: str
    is_again: bool
    language: str


def set_out(engine: Engine, provider: Provider, wish: Wish, browser: Browser) -> tuple[str, str] | Away:
    """Return the secret that a browser keeps, and the address to which it goes."""
    token = browser.token if wish.is_again else None
    secret = provided.set_out(engine, wish.leads_to, token, browser.place, browser.now_ms)
    address = provider.address(trip_of(secret), is_again=wish.is_again, language=wish.language)
    if isinstance(address, Away):
        _refuse(engine, address.why, secret, browser.now_ms)
        return address
    return secret, address


def come_back(
    engine: Engine, provider: Provider, given: tuple[str, str], browser: Browser
) -> tuple[Outcome | Away, str]:
    """Let in whom the provider vouches for, by (code, state); returns also where it leads on to."""
    code, state = given
    back = provided.come_back(engine, (browser.secret, state), browser.token, browser.place, browser.now_ms)
    if isinstance(back, Denied):
        return back, ""
    fresh_from_ms = back.trip.began_ms if back.trip.token_id else None
    found = provider.claims(code, trip_of(browser.secret), fresh_from_ms, browser.now_ms)
    if not isinstance(found, Claims):
        _refuse(engine, found.why, browser.secret, browser.now_ms)
        return (found if isinstance(found, Away) else Denied()), ""
    return _go_on(engine, provider, back, found, browser), str(back.trip.next)


def _go_on(engine: Engine, provider: Provider, back: Back, claims: Claims, browser: Browser) -> Outcome:
    named = Named(
        issuer=provider.registered.issuer,
        subject=claims.subject,
        email=claims.email,
        is_email_verified=claims.is_email_verified,
        has_second=provider.has_second(claims),
    )
    return provided.go_on(engine, back, named, browser.place, browser.now_ms)


def _refuse(engine: Engine, why: str, secret: str, now_ms: int) -> None:
    """End a trip that leads nowhere: it could not come back again."""
    with writing(engine) as connection:
        trips.end(connection, secret)
        if why != BUSY:  # else nobody was asked
            provided.refuse(connection, why, UNKNOWN, now_ms)
