"""Whose the things of a studio day are."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import Select, Table, func, select

from contract.messages import Origin
from services.store import tables


def _of_person(table: Table, thing_id: str, origin: Origin) -> Select[Any]:
    """Find the owner of a row that belongs to a patient."""
    patient = tables.patient
    joined = table.join(patient, patient.c.id == table.c.patient_id)
    wanted = (table.c.id == thing_id, patient.c.origin == origin)
    return (
        select(patient.c.site_id.label("site"), patient.c.id.label("patient"))
        .select_from(joined)
        .where(*wanted)
    )


def _alert(thing_id: str, origin: Origin) -> Select[Any]:
    alert, patient, machine = tables.alert, tables.patient, tables.machine
    place = (machine.c.id == alert.c.machine) & (machine.c.origin == alert.c.origin)
    joined = alert.outerjoin(patient, patient.c.id == alert.c.patient_id).outerjoin(machine, place)
    site = func.coalesce(patient.c.site_id, machine.c.site_id).label("site")
    wanted = (alert.c.id == thing_id, alert.c.origin == origin)
    return select(site, alert.c.patient_id.label("patient")).select_from(joined).where(*wanted)


def _setting(thing_id: str, origin: Origin) -> Select[Any]:
    setting, session, patient = tables.setting, tables.session, tables.patient
    joined = setting.join(session, session.c.id == setting.c.session_id).join(
        patient, patient.c.id == session.c.patient_id
    )
    wanted = (setting.c.id == thing_id, session.c.origin == origin)
    return (
        select(patient.c.site_id.label("site"), patient.c.id.label("patient"))
        .select_from(joined)
        .where(*wanted)
    )


DAY_OWNERS: Mapping[str, Callable[[str, Origin], Select[Any]]] = {
    "alert_id": _alert,
    "setting_id": _setting,
    "booking_id": partial(_of_person, tables.booking),
    "note_id": partial(_of_person, tables.note),
    "exercise_id": partial(_of_person, tables.home_exercise),
    "test_order_id": partial(_of_person, tables.test_order),
    "functional_test_id": partial(_of_person, tables.functional_test),
    "preset_id": partial(_of_person, tables.preset),
}
