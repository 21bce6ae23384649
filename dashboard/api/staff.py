"""Staff with their roles, and the screens at which patients sign in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.client import Client, Failure, Order, path


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMember:
    """A member of staff; `waits_since`: a clinician has to confirm; `linked`: to the identity provider."""

    id: str
    login: str
    name: str
    role: str | None
    sites: tuple[str, ...] | None
    active: bool
    has_signed_up: bool
    linked: bool
    waits_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffPage:
    """Members of staff."""

    items: tuple[StaffMember, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A one-time code for the sign-in page; shown once."""

    id: str
    invitation: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInScreen:
    """A screen at which patients may sign in; `enrolled`: its code was used."""

    id: str
    site: str
    name: str
    enrolled: bool
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenList:
    """Every such screen."""

    items: tuple[SignInScreen, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenCode:
    """A one-time code that makes a browser an enrolled screen; shown once."""

    id: str
    code: str
    expires_at: datetime


def list_staff(client: Client) -> StaffPage | Failure:
    """Ask for staff with their roles."""
    return client.get("/v1/staff", StaffPage)


def list_waiting_staff(client: Client) -> StaffPage | Failure:
    """Ask whom a clinician has to confirm."""
    return client.get("/v1/staff/waiting", StaffPage)


def invite_staff(client: Client, member: dict[str, Any]) -> Invitation | Failure:
    """Invite somebody: `login`, `name`, `language`, `role`, `sites` (None = every site)."""
    return client.send(Order(path="/v1/staff", body=member), Invitation)


def change_staff_role(client: Client, member: str, role: str, sites: Sequence[str] | None) -> Failure | None:
    """Give somebody another role; sign-ins with the old one end."""
    body = {"role": role, "sites": None if sites is None else list(sites)}
    return client.do(Order(method="PUT", path=path("/v1/staff/{}/role", member), body=body))


def disable_staff(client: Client, member: str) -> Failure | None:
    """Let somebody sign in no more, at once."""
    return client.do(Order(path=path("/v1/staff/{}/disable", member)))


def reset_staff(client: Client, member: str) -> Invitation | Failure:
    """End passphrase, second factor and sign-ins of somebody, and invite anew."""
    return client.send(Order(path=path("/v1/staff/{}/reset", member)), Invitation)


def confirm_staff(client: Client, member: str) -> Failure | None:
    """Say that somebody who waits is who the account says."""
    return client.do(Order(path=path("/v1/staff/{}/confirm", member)))


def list_screens(client: Client) -> ScreenList | Failure:
    """Ask at which screens patients may sign in."""
    return client.get("/v1/screens", ScreenList)


def enrol_screen(client: Client, site: str, name: str) -> ScreenCode | Failure:
    """Add a kiosk or a phone; answers its one-time code."""
    return client.send(Order(path="/v1/screens", body={"site": site, "name": name}), ScreenCode)


def revoke_screen(client: Client, screen: str) -> Failure | None:
    """Let nobody sign in there any more."""
    return client.do(Order(path=path("/v1/screens/{}/revoke", screen)))
