"""Running a made-up place: machines, staff, screens, sites, messages put aside, the audit."""

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from fake_service.people import NOW, Json, stamp

CODE = "9f86d081884c7d659a2feaa0c55ad015"
INVITATION = "q0y9nZk3mX1vB7s2tW4uE6rT8yU0iO-pA_sD5fG7hJ1"
WONG, CHAN = "5f6d0c9e-5c0b-4f5e-9d0a-3f4f9b6a1c11", "6a7e1daf-6d1c-4a6f-8e1b-4a5a0c7b2d22"


def machines() -> list[Json]:
    """Build one machine of every state that somebody should see."""
    return [
        _machine("lumbar-1", "lumbar_extension", "fine", conformance=_tested(122, 0)),
        _machine("rotation-1", "trunk_rotation", "due_soon", spool_rows=412, conformance=_tested(119, 2)),
        _machine("flexion-1", "lumbar_flexion", "due", online=False, conformance=_tested(122, 0, "1.3.9")),
        _machine("row-1", "row", "never", clock_ahead_s=140.0),
        _machine("press-1", "leg_press", "fine", retired=True, clock_ahead_s=None),
    ]


def _tested(passed: int, failed: int, firmware: str = "1.4.2") -> Json:
    return {
        "tested_at": stamp(NOW - timedelta(days=9)),
        "level": "full",
        "passed": passed,
        "failed": failed,
        "skipped": 1,
        "firmware": firmware,
        "is_of_other_firmware": firmware != "1.4.2",
        "ended_early": False,
    }


def _machine(name: str, kind: str, calibration: str, **changes: Any) -> Json:
    is_measured = calibration != "never"
    row = {
        "machine": name,
        "name": name.replace("-", " ").capitalize(),
        "kind": kind,
        "site": "kowloon",
        "site_name": "Kowloon",
        "retired": False,
        "enrolled_at": stamp(NOW - timedelta(days=200)),
        "online": True,
        "stale": False,
        "state": "REST",
        "firmware": "1.4.2",
        "spool_rows": 0,
        "seen_at": stamp(NOW - timedelta(seconds=4)),
        "clock_ahead_s": 0.2,
        "calibration": calibration,
        "calibrated_at": stamp(NOW - timedelta(days=170)) if is_measured else None,
        "calibration_due_at": stamp(NOW + timedelta(days=10)) if is_measured else None,
        "conformance": None,
    }
    return row | changes


def _health(fake: Any, _request: Request) -> Json:
    return {"items": [] if fake.mood == "empty" else machines(), "next": None}


def _file(fake: Any, request: Request) -> Json | None:
    done = {
        "at": stamp(NOW - timedelta(days=170)),
        "due_at": stamp(NOW + timedelta(days=10)),
        "load_error_pct": 0.8,
        "angle_error_deg": -0.3,
        "passed": True,
        "note": "Reference weights A",
    }
    for row in machines():
        if row["machine"] == request.path_params["machine"]:
            is_measured = row["calibrated_at"] and fake.mood != "empty"
            return row | {"calibrations": [done] if is_measured else []}
    return None


def _code(_fake: Any, request: Request) -> Json:
    machine = request.path_params.get("machine", "rotation-2")
    return {"machine": machine, "code": CODE, "expires_at": stamp(NOW + timedelta(minutes=10))}


def _nothing(_fake: Any, _request: Request) -> Response:
    return Response(status_code=204)


def _sites(fake: Any, _request: Request) -> Json:
    rows = [_site("kowloon", "Kowloon", None), _site("central", "Central", "12 Queen's Road, Central")]
    return {"items": [] if fake.mood == "empty" else rows, "next": None}


def _site(code: str, name: str, address: str | None) -> Json:
    return {
        "id": code,
        "name": name,
        "time_zone": "Asia/Hong_Kong",
        "address": address,
        "closed_at": None,
        "advice": code == "central",
    }


def _staff(fake: Any, _request: Request) -> Json:
    rows = [
        _member(WONG, "ka.yan.wong", "Dr Wong Ka Yan", "clinician"),
        _member(CHAN, "tai.man.chan", "Chan Tai Man", "therapist", waits_since=stamp(NOW)),
        _member("7b8f2eb0-7e2d-4b7a-8f2c-5b6b1d8c3e33", "old.hand", "Old Hand", "admin", active=False),
    ]
    return {"items": [] if fake.mood == "empty" else rows, "next": None}


def _waiting(fake: Any, request: Request) -> Json:
    rows = [row for row in _staff(fake, request)["items"] if row["waits_since"]]
    return {"items": rows, "next": None}


def _member(number: str, login: str, name: str, role: str, **changes: Any) -> Json:
    row = {
        "id": number,
        "login": login,
        "name": name,
        "language": "en",
        "role": role,
        "sites": ["kowloon"] if role == "therapist" else None,
        "active": True,
        "has_signed_up": True,
        "linked": False,
        "waits_since": None,
    }
    return row | changes


def _invitation(_fake: Any, _request: Request) -> Json:
    return {"id": CHAN, "invitation": INVITATION, "expires_at": stamp(NOW + timedelta(days=3))}


def _screens(fake: Any, _request: Request) -> Json:
    rows = [
        {"id": WONG, "site": "kowloon", "name": "Entrance", "enrolled": True, "added_at": stamp(NOW)},
        {"id": CHAN, "site": "central", "name": "Phone of P-0007", "enrolled": False, "added_at": stamp(NOW)},
    ]
    return {"items": [] if fake.mood == "empty" else rows, "next": None}


def _screen_code(_fake: Any, _request: Request) -> Json:
    return {"id": CHAN, "code": INVITATION, "expires_at": stamp(NOW + timedelta(hours=1))}


def _letters(fake: Any, _request: Request) -> Json:
    row = {
        "id": "41",
        "at": stamp(NOW),
        "topic": "openspine-sim/v1/lumbar-1/up/rep",
        "machine": "lumbar-1",
        "stream": "0b6c2a1e-8a53-4f6e-9f56-7b6b3c8f2d10",
        "seq": 12,
        "reason": "schema",
        "detail": "load_g is missing.",
        "size_bytes": 412,
        "state": "kept",
    }
    rows = [row, row | {"id": "40", "state": "taken"}, row | {"id": "39", "state": "failed", "machine": None}]
    return {"items": [] if fake.mood == "empty" else rows, "next": None}


def _audit(fake: Any, request: Request) -> Json:
    entry = {
        "number": 41,
        "at": stamp(NOW),
        "actor": WONG,
        "action": "limits.sign",
        "thing": "patient",
        "thing_id": "0d9f3b8a-62a7-4d8e-8d64-0a8f4b0f6f11",
        "detail": {"kind": "row", "version": 3, "reason": "hmac:980fd4a9efabec629ce7f72f77f352a0"},
        "seal": "9c1b" * 16,
    }
    rows = [entry, entry | {"number": 40, "actor": "retention", "action": "retention.drop", "detail": {}}]
    wanted = request.query_params.get("action")
    kept = [row for row in rows if wanted in (None, row["action"])]
    return {"items": [] if fake.mood == "empty" else kept, "next": None}


ROUTES = {
    "GET /v1/machine-health": _health,
    "GET /v1/machines/{machine}": _file,
    "POST /v1/sites/{site}/machines": _code,
    "POST /v1/machines/{machine}/code": _code,
    "POST /v1/machines/{machine}/return": _code,
    "PATCH /v1/machines/{machine}": _nothing,
    "POST /v1/machines/{machine}/retire": _nothing,
    "POST /v1/machines/{machine}/calibrations": lambda _fake, _request: {"passed": True},
    "GET /v1/sites": _sites,
    "POST /v1/sites": _nothing,
    "PATCH /v1/sites/{site}": _nothing,
    "POST /v1/sites/{site}/close": _nothing,
    "POST /v1/sites/{site}/open": _nothing,
    "POST /v1/sites/{site}/advice": _nothing,
    "GET /v1/staff": _staff,
    "GET /v1/staff/waiting": _waiting,
    "POST /v1/staff": _invitation,
    "PUT /v1/staff/{member}/role": _nothing,
    "POST /v1/staff/{member}/disable": _nothing,
    "POST /v1/staff/{member}/reset": _invitation,
    "POST /v1/staff/{member}/confirm": _nothing,
    "GET /v1/screens": _screens,
    "POST /v1/screens": _screen_code,
    "POST /v1/screens/{screen}/revoke": _nothing,
    "GET /v1/dead-letters": _letters,
    "POST /v1/dead-letters/{letter}/requeue": _nothing,
    "GET /v1/audit": _audit,
}
