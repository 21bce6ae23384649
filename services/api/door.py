"""How a browser and a program carry who they are: a cookie that scripts cannot read, or a bearer token."""

from dataclasses import dataclass, field
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fastapi import Request, Response
from sqlalchemy import Connection

from services.access import Actor, Scope
from services.access.duration import PATIENT_MOST_MS, STAFF_MOST_MS
from services.access.proof import Proofs
from services.access.trip import TRIP_MS
from services.api.problems import Refused
from services.office.signing_in import Place
from services.store import screens

if TYPE_CHECKING:
    from services.oidc.provider import Provider

COOKIE = "openspine"
SCREEN_COOKIE = "openspine_screen"
TRIP_COOKIE = "openspine_trip"
TRIP_PATH = "/v1/sign-in/provider"
SCREEN_S = 365 * 86_400  # an enrolled screen stays one until it is revoked
NETWORK_BITS = 64  # of IPv6: whoever has one address has all that begin alike (RFC 6177)
SCHEME = "bearer "
TOKEN_MOST = 128  # characters: ours have 43
LOOPBACK = ("127.0.0.1", "localhost", "::1")
READING = ("GET", "HEAD", "OPTIONS")
ANONYMOUS = Actor(id="anonymous", name="", role="anonymous", scope=Scope(sites=frozenset()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """How the service lets people in."""

    proofs: Proofs = field(default_factory=Proofs)
    origins: tuple[str, ...] = ()  # web origins that may send what changes something
    is_secure: bool = False  # cookies travel over TLS only
    any_screen: bool = True  # patients may sign in anywhere: a demo
    provider: "Provider | None" = None  # where staff may sign in elsewhere


def bearer_of(request: Request) -> str | None:
    """Read the token that a program sends; an empty one is none, or a cookie would pass in its shade."""
    given = request.headers.get("authorization", "")
    return given[len(SCHEME) :].strip()[:TOKEN_MOST] or None if given.lower().startswith(SCHEME) else None


def token_of(request: Request) -> str | None:
    """Read the token of a request; a program's goes before a browser's."""
    return bearer_of(request) or request.cookies.get(COOKIE, "")[:TOKEN_MOST] or None


def check_origin(request: Request, door: Door) -> None:
    """Refuse a change that another web site sends with somebody's cookie, or to sign somebody in."""
    if request.method in READING or bearer_of(request):
        return
    origin = request.headers.get("origin")
    if origin is None and COOKIE not in request.cookies and SCREEN_COOKIE not in request.cookies:
        return  # no browser: browsers name their origin with whatever changes something
    if origin in door.origins or (origin and _is_own(origin, request.headers.get("host", ""), door)):
        return
    raise Refused(HTTPStatus.FORBIDDEN, "This page may not send that.")


def _is_own(origin: str, host: str, door: Door) -> bool:
    """Tell whether a page of this service sends it, under a name that is known to be ours.

    A name that a stranger points at this computer is the page's and the host's, too, and is not known.
    """
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    known = {urlsplit(one).hostname for one in door.origins} | set(LOOPBACK)
    return parts.netloc == host and parts.hostname in known


def place_of(request: Request, connection: Connection) -> Place:
    """Say from where somebody signs in."""
    secret = request.cookies.get(SCREEN_COOKIE, "")[:TOKEN_MOST]
    screen = screens.known(connection, secret) if secret else None
    if screen is not None:
        return Place(name=f"screen/{screen.id}", is_enrolled=True)
    address = request.client.host if request.client else ""
    return Place(name=f"address/{counted_address(address)}", is_enrolled=False)


def counted_address(address: str) -> str:
    """Return what one device or household has of an address: all of IPv4, and the first 64 bits of IPv6."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv4Address) or known.ipv4_mapped is not None:
        return str(known if isinstance(known, IPv4Address) else known.ipv4_mapped)
    return str(IPv6Network((int(known), NETWORK_BITS), strict=False).network_address)


def keep_token(response: Response, token: str, door: Door) -> None:
    """Give a browser its cookie; the host only, and no script, gets it back."""
    longest_s = max(STAFF_MOST_MS, PATIENT_MOST_MS) // 1_000
    _set(response, COOKIE, token, longest_s, door)


def keep_screen(response: Response, secret: str, door: Door) -> None:
    """Let a browser be an enrolled screen."""
    _set(response, SCREEN_COOKIE, secret, SCREEN_S, door)


def keep_trip(response: Response, secret: str, door: Door) -> None:
    """Give a browser that goes to the identity provider what its answer is bound to."""
    _set(response, TRIP_COOKIE, secret, TRIP_MS // 1_000, door, path=TRIP_PATH)


def trip_in(request: Request) -> str:
    """Read what a browser that comes back was given."""
    return request.cookies.get(TRIP_COOKIE, "")[:TOKEN_MOST]


def drop_trip(response: Response, door: Door) -> None:
    """Take what a browser had on the way."""
    response.delete_cookie(
        TRIP_COOKIE, path=TRIP_PATH, httponly=True, samesite="strict", secure=door.is_secure
    )


def drop_token(response: Response, door: Door) -> None:
    """Take a browser's cookie."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict", secure=door.is_secure)


def _set(response: Response, name: str, value: str, longest_s: int, door: Door, *, path: str = "/") -> None:
    response.set_cookie(
        name, value, max_age=longest_s, path=path, httponly=True, samesite="strict", secure=door.is_secure
    )
