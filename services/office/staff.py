"""Staff come, change their role, and go."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from services.access.actor import Role
from services.access.caring import CARING, is_raised
from services.access.passphrase import fault
from services.access.proof import Proofs, new_seed, seed_address
from services.store import attempts, audit, staff, staff_links, tokens, trips
from services.store.reading import staff as reading
from services.store.reading.keyset import Record

STAFF_ROLES: tuple[Role, ...] = ("therapist", "clinician", "admin", "auditor")
WHOLE = "The audit is one for all sites: an auditor's role holds everywhere."


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStaff:
    """Who is to be invited; `sites` None = every site."""

    login: str
    name: str
    language: str
    role: Role
    sites: Sequence[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """Somebody, and the one-time code that is shown this once."""

    id: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactor:
    """What an authenticator app is given, shown this once."""

    login: str
    seed: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why not, in a sentence."""

    why: str


def invite(
    connection: Connection, who: NewStaff, by: str, now_ms: int, *, is_vouched: bool = False
) -> Invited | Fault:
    """Add somebody with a role and a one-time code; into care only vouched for, or confirmed later."""
    if _is_part_of_whole(who.role, who.sites):
        return Fault(why=WHOLE)
    try:
        with connection.begin_nested():
            staff_id = staff.add(
                connection, login=who.login, name=who.name, language=who.language, now_ms=now_ms
            )
    except IntegrityError:
        return Fault(why="Somebody has this login already.")
    if not _give(connection, staff_id, who.role, who.sites):
        return Fault(why="There is no such site.")
    if who.role in CARING and not is_vouched:
        staff.wait(connection, staff_id, by, now_ms)
    _note(connection, by, "staff.invite", staff_id, now_ms, role=who.role)
    return Invited(id=staff_id, code=staff.invite(connection, staff_id, now_ms))


def take_up(
    connection: Connection, proofs: Proofs, code: str, passphrase: str, now_ms: int
) -> SecondFactor | Fault | None:
    """Choose a passphrase by invitation and get a second factor; None when the code is of no use."""
    row = reading.by_invitation(connection, code, now_ms)
    if row is None:
        return None
    wrong = fault(passphrase, (row.login, row.name))
    if wrong is not None:
        return Fault(why=wrong)
    seed = new_seed()
    staff.take_up(connection, row.id, hashed=proofs.keep(passphrase), seed=seed)
    staff.wait_again(connection, row.id, now_ms)
    _note(connection, row.id, "staff.accept", row.id, now_ms)
    return SecondFactor(login=row.login, seed=seed, address=seed_address(seed, row.login))


def reset(
    connection: Connection, staff_id: str, by: str, now_ms: int, *, is_vouched: bool = False
) -> Invited:
    """End passphrase, second factor, link and every sign-in, open the account, and invite anew."""
    row = _known(connection, staff_id)
    staff_links.remove(connection, staff_id)
    code = staff.invite(connection, staff_id, now_ms)
    send_away(connection, staff_id, now_ms)
    attempts.clear(connection, f"staff/{row.login}")
    if is_vouched or reading.role_of(connection, staff_id) in CARING:
        staff.wait(connection, staff_id, None if is_vouched else by, now_ms)
    _note(connection, by, "staff.reset", staff_id, now_ms)
    return Invited(id=staff_id, code=code)


def change_role(
    connection: Connection, staff_id: str, to: tuple[Role, Sequence[str] | None], by: str, now_ms: int
) -> Fault | None:
    """Give somebody another role at these sites; what was signed in with the old one ends."""
    role, sites = to
    if staff_id == by:
        return Fault(why="Nobody changes the own role: ask another admin.")
    if _is_part_of_whole(role, sites):
        return Fault(why=WHOLE)
    if _is_last_admin(connection, staff_id) and role != "admin":
        return Fault(why="Nobody else could manage staff: let somebody else be an admin first.")
    before = [(row.role, row.site_id) for row in reading.roles(connection) if row.staff_id == staff_id]
    if not _give(connection, staff_id, role, sites):
        return Fault(why="There is no such site.")
    if is_raised(before, role, sites):
        staff.wait(connection, staff_id, by, now_ms)
    send_away(connection, staff_id, now_ms)
    _note(connection, by, "staff.role", staff_id, now_ms, role=role)
    return None


def disable(connection: Connection, staff_id: str, by: str, now_ms: int) -> Fault | None:
    """Let somebody sign in no more, at once."""
    if _is_last_admin(connection, staff_id):
        return Fault(why="Nobody else could manage staff: let somebody else be an admin first.")
    staff.disable(connection, staff_id)
    send_away(connection, staff_id, now_ms)
    _note(connection, by, "staff.disable", staff_id, now_ms)
    return None


def _is_last_admin(connection: Connection, staff_id: str) -> bool:
    active = {row.id for row in reading.everybody(connection) if row.active}
    admins = {row.staff_id for row in reading.roles(connection) if row.role == "admin"} & active
    return admins == {staff_id}


def _is_part_of_whole(role: Role, sites: Sequence[str] | None) -> bool:
    """Tell whether somebody would audit some sites only: the chain is of all, and shows all."""
    return role == "auditor" and sites is not None


def _give(connection: Connection, staff_id: str, role: Role, sites: Sequence[str] | None) -> bool:
    try:
        with connection.begin_nested():
            staff.give_role(connection, staff_id, role, sites)
    except IntegrityError:
        return False
    return True


def send_away(connection: Connection, staff_id: str, now_ms: int) -> None:
    """End sign-ins, and first those on the way to one: whoever finishes meanwhile has a token by then."""
    trips.end_all(connection, staff_id)
    tokens.revoke_all(connection, staff_id, now_ms)


def _known(connection: Connection, staff_id: str) -> Record:
    row = reading.one(connection, staff_id)
    if row is None:
        raise LookupError(staff_id)  # whether there is one is settled before
    return row


def _note(connection: Connection, by: str, action: str, staff_id: str, now_ms: int, **detail: str) -> None:
    entry = audit.Entry(
        at_ms=now_ms, actor=by, action=action, thing="staff", thing_id=staff_id, detail=detail
    )
    audit.record(connection, entry)
