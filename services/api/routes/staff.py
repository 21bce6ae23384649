"""Staff and screens: who and what may sign in."""

from http import HTTPStatus
from typing import Annotated, TypeVar

from fastapi import APIRouter, Path

from contract.messages.vocabulary import UUID_PATTERN
from services.access import Actor
from services.access.duration import INVITATION_MS, SCREEN_CODE_MS
from services.api.deps import Doing, Sight, View
from services.api.first_answers import SHOWN_ONCE
from services.api.problems import Refused
from services.api.schemas import Page
from services.api.schemas.access import (
    EnrolledScreen,
    Invitation,
    NewRole,
    NewScreen,
    NewStaffMember,
    ScreenCode,
    StaffMember,
)
from services.insights.units import at
from services.office import confirming, screens, staff
from services.store import screens as kept_screens
from services.store import staff_links
from services.store.reading import staff as reading
from services.store.reading.keyset import Record

router = APIRouter(prefix="/v1", tags=["access"])
StaffId = Annotated[str, Path(pattern=UUID_PATTERN)]
ScreenId = Annotated[str, Path(pattern=UUID_PATTERN)]
Done = TypeVar("Done")


@router.get("/staff", response_model=Page[StaffMember])
def list_staff(sight: Sight) -> dict[str, object]:
    """List staff with their roles."""
    return {"items": _members(sight)}


@router.get("/staff/waiting", response_model=Page[StaffMember])
def list_waiting_staff(sight: Sight) -> dict[str, object]:
    """List whom an admin let into care, or reset, and whom a clinician has to confirm."""
    return {"items": [one for one in _members(sight) if one.active and one.waits_since is not None]}


@router.post("/staff/{staff_id}/confirm", status_code=HTTPStatus.NO_CONTENT)
def confirm_staff(staff_id: StaffId, doing: Doing) -> None:
    """Say that somebody who waits is who the account says; ask the person, not the admin."""
    _done(confirming.confirm(doing.connection, staff_id, doing.actor.id, doing.now_ms))


def _members(sight: View) -> list[StaffMember]:
    roles: dict[str, list[tuple[str, str | None]]] = {}
    for row in reading.roles(sight.connection):
        roles.setdefault(row.staff_id, []).append((row.role, row.site_id))
    own = sight.actor.scope.sites
    linked = staff_links.everybody(sight.connection)
    members = [(row, roles.get(row.id, [])) for row in reading.everybody(sight.connection)]
    return [
        _member(row, has, is_linked=row.id in linked)
        for row, has in members
        if own is None or _sites(has) <= own
    ]


@router.post("/staff", status_code=HTTPStatus.CREATED, dependencies=SHOWN_ONCE)
def invite_staff(doing: Doing, body: NewStaffMember) -> Invitation:
    """Invite somebody; the code is for the sign-in page and is shown this once."""
    _within(doing.actor, body.sites)
    who = staff.NewStaff(
        login=body.login, name=body.name, language=body.language, role=body.role, sites=body.sites
    )
    return _invitation(_done(staff.invite(doing.connection, who, doing.actor.id, doing.now_ms)), doing.now_ms)


@router.put("/staff/{staff_id}/role", status_code=HTTPStatus.NO_CONTENT)
def change_staff_role(staff_id: StaffId, doing: Doing, body: NewRole) -> None:
    """Give somebody another role; sign-ins with the old one end."""
    _within(doing.actor, body.sites)
    by, now_ms = doing.actor.id, doing.now_ms
    _done(staff.change_role(doing.connection, staff_id, (body.role, body.sites), by, now_ms))


@router.post("/staff/{staff_id}/disable", status_code=HTTPStatus.NO_CONTENT)
def disable_staff(staff_id: StaffId, doing: Doing) -> None:
    """Let somebody sign in no more, at once."""
    _done(staff.disable(doing.connection, staff_id, doing.actor.id, doing.now_ms))


@router.post("/staff/{staff_id}/reset", dependencies=SHOWN_ONCE)
def reset_staff(staff_id: StaffId, doing: Doing) -> Invitation:
    """End passphrase, second factor and sign-ins of somebody, and invite anew."""
    return _invitation(staff.reset(doing.connection, staff_id, doing.actor.id, doing.now_ms), doing.now_ms)


@router.get("/screens", response_model=Page[EnrolledScreen])
def list_screens(sight: Sight) -> dict[str, object]:
    """List the screens at which patients may sign in."""
    rows = kept_screens.everything(sight.connection, sight.actor.scope.sites)
    return {
        "items": [
            EnrolledScreen(
                id=row.id,
                site=row.site_id,
                name=row.name,
                enrolled=row.secret is not None,
                added_at=at(row.created_ms),
            )
            for row in rows
        ]
    }


@router.post("/screens", status_code=HTTPStatus.CREATED, dependencies=SHOWN_ONCE)
def enrol_screen(doing: Doing, body: NewScreen) -> ScreenCode:
    """Add a kiosk, or the phone of a patient; the code is for its sign-in page and is shown this once."""
    _within(doing.actor, [body.site])
    found = _done(screens.enrol(doing.connection, body.site, body.name, doing.actor.id, doing.now_ms))
    return ScreenCode(id=found.id, code=found.code, expires_at=at(doing.now_ms + SCREEN_CODE_MS))


@router.post("/screens/{screen_id}/revoke", status_code=HTTPStatus.NO_CONTENT)
def revoke_screen(screen_id: ScreenId, doing: Doing) -> None:
    """Let nobody sign in there any more."""
    screens.revoke(doing.connection, screen_id, doing.actor.id, doing.now_ms)


def _within(who: Actor, sites: list[str] | None) -> None:
    """Refuse to give away more than one has."""
    own = who.scope.sites
    if own is not None and (sites is None or not set(sites) <= own):
        raise Refused(HTTPStatus.FORBIDDEN, "Your role holds at other sites only.")


def _done(found: Done | staff.Fault) -> Done:
    if isinstance(found, staff.Fault):
        raise Refused(HTTPStatus.CONFLICT, found.why)
    return found


def _invitation(found: staff.Invited, now_ms: int) -> Invitation:
    return Invitation(id=found.id, invitation=found.code, expires_at=at(now_ms + INVITATION_MS))


def _sites(roles: list[tuple[str, str | None]]) -> set[str | None]:
    return {site for _, site in roles} or {None}


def _member(row: Record, roles: list[tuple[str, str | None]], *, is_linked: bool) -> StaffMember:
    sites = [site for _, site in roles if site is not None]
    return StaffMember(
        id=row.id,
        login=row.login,
        name=row.name,
        language="zh-HK" if row.language == "zh-HK" else "en",
        role=roles[0][0] if roles else None,  # type: ignore[arg-type]  # of the vocabulary when it was given
        sites=sites if len(sites) == len(roles) else None,
        active=row.active,
        has_signed_up=row.hash is not None,
        linked=is_linked,
        waits_since=None if row.waits_since_ms is None else at(row.waits_since_ms),
    )
