"""A studio to ask everything of: people with a history, staff of every role, and one of each thing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Connection, Engine, Table, select, update

from contract.machines import LOAD_STEP_G
from openspine.demo.seed import Seeder
from openspine.demo.studio import read_studio
from openspine.fuzz.api_served import NOW_MS, bearer, served, served_prescriber
from openspine.simulation import ground
from services.access import Role
from services.insights.units import at
from services.keys.demo import open_keys
from services.keys.identity import make_identity_key
from services.office import demo_staff
from services.opened import open_store
from services.prescribing.schemas import NewLimits
from services.store import people, tables, tokens
from services.store import staff as accounts
from services.store.engine import upgrade, writing
from services.store.reading import staff as reading

SITE, ELSEWHERE = "studio", "elsewhere"
PEOPLE, WEEKS = 3, 2
TOMORROW = at(NOW_MS + 86_400_000).isoformat()
ROLES: tuple[Role, ...] = ("anonymous", "patient", "therapist", "clinician", "admin", "auditor")
THINGS: Mapping[str, tuple[Table, str]] = {
    "patient_id": (tables.patient, "id"),
    "machine": (tables.machine, "id"),
    "site_id": (tables.site, "id"),
    "session_id": (tables.session, "id"),
    "decision_id": (tables.decision, "id"),
    "setting_id": (tables.setting, "id"),
    "alert_id": (tables.alert, "id"),
    "letter_id": (tables.dead_letter, "id"),
    "staff_id": (tables.staff_member, "id"),
    "screen_id": (tables.screen, "id"),
    "booking_id": (tables.booking, "id"),
    "note_id": (tables.note, "id"),
    "exercise_id": (tables.home_exercise, "id"),
    "test_order_id": (tables.test_order, "id"),
    "preset_id": (tables.preset, "id"),
    "exclusion_id": (tables.exclusion, "id"),
}
THINGS_MOST = 6  # of each kind that are asked for: the rest is like them


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """Who may be asked as (a fresh proof behind all tokens but the first), and what there is to ask for."""

    tokens: Mapping[Role, tuple[str, ...]]
    ids: Mapping[str, tuple[str, ...]]


def build(url: str, folder: Path) -> Studio:
    """Lay a studio into an empty database; its keys are in the folder."""
    keys = open_keys(folder)
    make_identity_key(folder)
    upgrade(url)
    engine = open_store(url, folder, demo=True)
    whole = read_studio()
    small = replace(whole, patients=whole.patients[:PEOPLE], weeks=WEEKS)
    with writing(engine) as connection:
        desk = replace(ground.desk(), site_key=keys.site, command=keys.command)
        Seeder(
            studio=small, connection=connection, keys=keys, desk=desk, progress=_quiet, now_ms=NOW_MS
        ).seed()
        people.add_site(connection, {"id": ELSEWHERE, "name": "Elsewhere", "time_zone": "UTC"})
        demo_staff.seed(connection, SITE, NOW_MS)
        signed_in = _sign_in(connection)
        _leave_open(connection)
    _furnish(engine, folder, signed_in)
    _propose(engine, folder, bearer(signed_in["clinician"][2]))
    with engine.connect() as connection:
        ids = {name: _listed(connection, *where) for name, where in THINGS.items()}
    engine.dispose()
    return Studio(tokens=signed_in, ids=ids)


def _quiet(_: float) -> None:
    return


def _sign_in(connection: Connection) -> dict[Role, tuple[str, ...]]:
    """Give every role two tokens, the second with a fresh proof, and a second clinician one with it."""
    patient = connection.scalars(select(tables.patient.c.id).order_by(tables.patient.c.code)).first()
    found: dict[Role, tuple[str, ...]] = {"anonymous": ("",)}
    for role in ROLES[1:]:
        row = None if role == "patient" else reading.by_login(connection, role)
        who: dict[str, Any] = {"patient": patient} if row is None else {"staff": row.id}
        pair = [tokens.make(connection, role, NOW_MS, **who) for _ in range(2)]
        tokens.step_up(connection, pair[1], NOW_MS)
        found[role] = tuple(pair)
    second = accounts.add(connection, login="lee", name="Dr Lee", language="en", now_ms=NOW_MS)
    accounts.give_role(connection, second, "clinician", [SITE])
    token = tokens.make(connection, "clinician", NOW_MS, staff=second)
    tokens.step_up(connection, token, NOW_MS)
    return found | {"clinician": (*found["clinician"], token)}


def _leave_open(connection: Connection) -> None:
    """Leave somebody at a machine, a setting that waits, a message that nobody can read, an exclusion."""
    session, setting = tables.session, tables.setting
    newest = connection.execute(
        select(session.c.id, session.c.patient_id).order_by(session.c.opened_ms.desc())
    )
    here, patient = newest.first() or ("", "")
    opened = {"closed_ms": None, "heard_ms": NOW_MS, "opened_ms": NOW_MS - 600_000}
    connection.execute(update(session).where(session.c.id == here).values(opened))
    last = select(setting.c.id).where(setting.c.session_id == here).order_by(setting.c.seq.desc()).limit(1)
    waits = setting.c.id == last.scalar_subquery()
    connection.execute(update(setting).where(waits).values(state="proposed"))
    accounts.add(connection, login="new", name="New", language="en", now_ms=NOW_MS)
    letter: dict[str, Any] = {
        "id": "00000000-0000-4000-8000-00000000dead",
        "topic": "openspine-sim/v1/lumbar-1/up/rep",
    }
    letter |= {
        "raw": b"{",
        "size_bytes": 1,
        "sha256": "0" * 64,
        "reason": "JSON",
        "detail": "",
        "origin": "sim",
    }
    letter |= {"machine": "lumbar-1", "stream": None, "seq": None, "received_ms": NOW_MS}
    connection.execute(tables.dead_letter.insert(), [letter])
    alert: dict[str, Any] = {
        "id": "00000000-0000-4000-8000-0000000a1e47",
        "code": "PAIN",
        "severity": "red",
        "origin": "sim",
    }
    alert |= {"machine": "lumbar-1", "patient_id": patient, "session_id": here, "detail": ""}
    connection.execute(tables.alert.insert(), [alert | {"raised_ms": NOW_MS, "state": "open"}])


def _furnish(engine: Engine, folder: Path, signed_in: Mapping[Role, tuple[str, ...]]) -> None:
    """Have staff make one of each thing, as they would: RuntimeError where that is refused."""
    as_clinician, as_admin = bearer(signed_in["clinician"][1]), bearer(signed_in["admin"][1])
    with engine.connect() as connection:
        (patient, kind) = connection.execute(
            select(tables.session.c.patient_id, tables.session.c.kind).order_by(tables.session.c.opened_ms)
        ).first() or ("", "")
    person = f"/v1/patients/{patient}"
    made: tuple[tuple[str, dict[str, Any], dict[str, str]], ...] = (
        ("/v1/bookings", {"patient": patient, "starts_at": TOMORROW}, as_clinician),
        (f"{person}/notes", {"kind": "note", "body": "Walks well."}, as_clinician),
        (f"{person}/home-exercises", {"exercise": "walk", "times_a_week": 7}, as_clinician),
        (f"{person}/tests", {"kind": kind, "test": "strength"}, as_clinician),
        (f"{person}/presets", {"kind": "half_load", "reason": "tired"}, as_clinician),
        (f"{person}/exclusions", {"condition": "osteoporosis"}, as_clinician),
        ("/v1/screens", {"site": SITE, "name": "Entrance"}, as_admin),
        ("/v1/staff", {"login": "mei", "name": "Mei", "role": "therapist", "sites": [SITE]}, as_admin),
    )
    with TestClient(cast("Any", served(engine, folder))) as client:
        for path, body, headers in made:
            _expect(client.post(path, json=body, headers=headers))


def _propose(engine: Engine, folder: Path, headers: dict[str, str]) -> None:
    """Have a clinician propose wider limits wherever some hold: another one may sign them."""
    limits = tables.limits.c
    pairs = select(limits.patient_id, limits.kind).distinct().order_by(limits.patient_id, limits.kind)
    with engine.connect() as connection:
        paths = [f"/v1/patients/{one.patient_id}/limits/{one.kind}" for one in connection.execute(pairs)]
    with TestClient(cast("Any", served_prescriber(engine, folder))) as client:
        for path in paths:
            held = _expect(client.get(path, headers=headers))
            body = {name: value for name, value in held.json().items() if name in NewLimits.model_fields}
            body["max_load_g"] += LOAD_STEP_G
            _expect(client.put(path, json=body, headers=headers | {"If-Match": held.headers["ETag"]}))


def _expect(answer: Response) -> Response:
    if not answer.is_success:
        raise RuntimeError(f"{answer.request.url.path}: {answer.status_code} {answer.text}")
    return answer


def _listed(connection: Connection, table: Table, column: str) -> tuple[str, ...]:
    found = connection.scalars(select(table.c[column]).order_by(table.c[column])).all()
    if not found:
        raise RuntimeError(f"nothing is in {table.name}")
    return tuple(str(one) for one in found[-THINGS_MOST:])
