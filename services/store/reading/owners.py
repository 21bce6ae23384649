"""To which site and person an object belongs: what every question of rights needs of the store."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, case, func, null, or_, select

from contract.messages import Origin
from contract.messages.vocabulary import MACHINE_PATTERN, UUID_PATTERN
from services.store import tables
from services.store.reading.day_owners import DAY_OWNERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose an object is; None = nobody's in particular."""

    site: str | None
    patient: str | None


MACHINE = re.compile(MACHINE_PATTERN)
MADE = re.compile(UUID_PATTERN)
SITE = re.compile("^[a-z0-9-]{1,64}$")
SHAPES = {"machine": MACHINE, "site_id": SITE}
SEVERAL = "*"  # no site is called so
Question = Callable[[str, Origin], Select[Any]]


def is_well_formed(by: str, thing_id: str) -> bool:
    """Tell whether an id can be one at all: what is not must not reach a database."""
    return SHAPES.get(by, MADE).fullmatch(thing_id) is not None


def owner(connection: Connection, by: str, thing_id: str, origin: Origin) -> Owner | None:
    """Find whose the object is that a path parameter (`patient_id`, ...) names; None when there is none."""
    row = connection.execute(OWNERS[by](thing_id, origin)).mappings().first()
    return None if row is None else Owner(site=row["site"], patient=row["patient"])


def _patient(thing_id: str, origin: Origin) -> Select[Any]:
    patient = tables.patient.c
    return select(patient.site_id.label("site"), patient.id.label("patient")).where(
        patient.id == thing_id, patient.origin == origin
    )


def _machine(thing_id: str, origin: Origin) -> Select[Any]:
    machine = tables.machine.c
    return select(machine.site_id.label("site"), null().label("patient")).where(
        machine.id == thing_id, machine.origin == origin
    )


def _site(thing_id: str, _origin: Origin) -> Select[Any]:
    site = tables.site.c
    return select(site.id.label("site"), null().label("patient")).where(site.id == thing_id)


def _session(thing_id: str, origin: Origin) -> Select[Any]:
    session, machine, patient = tables.session, tables.machine, tables.patient
    # A person may train at another site than the own: then the person's holds.
    place = (machine.c.id == session.c.machine) & (machine.c.origin == session.c.origin)
    joined = session.outerjoin(patient, patient.c.id == session.c.patient_id).outerjoin(machine, place)
    site = func.coalesce(patient.c.site_id, machine.c.site_id).label("site")
    wanted = (session.c.id == thing_id, session.c.origin == origin)
    return select(site, session.c.patient_id.label("patient")).select_from(joined).where(*wanted)


def _decision(thing_id: str, origin: Origin) -> Select[Any]:
    decision, patient = tables.decision, tables.patient
    joined = decision.outerjoin(patient, patient.c.id == decision.c.patient_id)
    wanted = (decision.c.id == thing_id, decision.c.origin == origin)
    return (
        select(patient.c.site_id.label("site"), decision.c.patient_id.label("patient"))
        .select_from(joined)
        .where(*wanted)
    )


def _letter(thing_id: str, origin: Origin) -> Select[Any]:
    letter, machine = tables.dead_letter, tables.machine
    place = (machine.c.id == letter.c.machine) & (machine.c.origin == letter.c.origin)
    told = or_(letter.c.origin == origin, letter.c.origin.is_(None))
    return (
        select(machine.c.site_id.label("site"), null().label("patient"))
        .select_from(letter.outerjoin(machine, place))
        .where(letter.c.id == thing_id, told)
    )


def _staff(thing_id: str, _origin: Origin) -> Select[Any]:
    staff, has = tables.staff_member, tables.staff_role.c
    joined = staff.outerjoin(tables.staff_role, has.staff_id == staff.c.id)
    # Who works at several sites is for those who manage all of them.
    site = case((func.count(has.id) == 1, func.coalesce(func.max(has.site_id), SEVERAL)), else_=SEVERAL)
    return (
        select(site.label("site"), null().label("patient"))
        .select_from(joined)
        .where(staff.c.id == thing_id)
        .group_by(staff.c.id)
    )


def _screen(thing_id: str, _origin: Origin) -> Select[Any]:
    screen = tables.screen.c
    return select(screen.site_id.label("site"), null().label("patient")).where(screen.id == thing_id)


OWNERS: Mapping[str, Question] = {
    "staff_id": _staff,
    "screen_id": _screen,
    "patient_id": _patient,
    "machine": _machine,
    "site_id": _site,
    "session_id": _session,
    "letter_id": _letter,
    "decision_id": _decision,
    **DAY_OWNERS,
}
