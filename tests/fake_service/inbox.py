"""A made-up alert inbox and search; what was ordered shows in the next answer."""

# ruff: noqa: RUF001 - Chinese text has Chinese punctuation

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from fake_service.people import NAMES, NOW, Json, patient_rows, stamp

ME = {"id": "u-1", "name": "Dr Wong Ka Yan"}
COLLEAGUES = [ME, {"id": "u-2", "name": "Ho Wing Yan"}]
SAID = {
    "pain": ("Pressed Pain at the machine.", "在機上按下「痛」。"),
    "unwell": ("Pressed Dizzy / unwell at the machine.", "在機上按下「頭暈／不適」。"),
    "machine_offline": ("The machine has not been heard for minutes.", "機器已有數分鐘沒有回應。"),
    "amber": ("A therapist should look today.", "治療師今天應查看。"),
    "phase_next": ("Meets what the next phase asks for: sign it, or leave it.", "已符合下一階段要求。"),
    "away": ("Has been away: call and ask.", "已一段時間未到：請致電了解。"),
}
ROWS = (  # code, severity, number of the person (0: a machine), minutes ago
    ("pain", "red", 1, 2), ("pain", "red", 1, 9), ("unwell", "red", 2, 4),
    ("machine_offline", "amber", 0, 20), ("amber", "amber", 4, 31),
    ("phase_next", "info", 7, 60), ("away", "info", 9, 90),
)  # fmt: skip


def alerts(fake: Any) -> list[Json]:
    """List all alerts as they stand after what was ordered."""
    found = {f"al-{place}": _alert(place, *row) for place, row in enumerate(ROWS)}
    before: dict[str, Json] = {}
    for _, where, body in fake.orders:
        _, _, kind, *rest = where.split("/")
        if kind == "alerts" and rest[0] in found:
            alert, act = found[rest[0]], rest[1]
            before[rest[0]], found[rest[0]] = (
                alert,
                before[rest[0]] if act == "undo" else _after(alert, act, body),
            )
    return list(found.values())


def _alert(place: int, code: str, severity: str, person: int, minutes: int) -> Json:
    english, chinese = SAID[code]
    return {
        "id": f"al-{place}",
        "code": code,
        "severity": severity,
        "reason": {"code": code, "values": {}, "text_en": english, "text_zh": chinese},
        "state": "open",
        "machine": "leg-6",
        "machine_name": "Leg press 6",
        "patient": {"id": f"p-{person}", "name": NAMES[person - 1][0]} if person else None,
        "session": None,
        "raised_at": stamp(NOW - timedelta(minutes=minutes)),
        "handled_by": None,
        "assigned_to": None,
        "muted_until": None,
        "resolved_at": None,
        "resolved_why": None,
        "sounds": severity == "red" and minutes > 1,
    }


def _after(alert: Json, act: str, body: Any) -> Json:
    if act == "acknowledge":
        return alert | {"state": "acknowledged", "handled_by": ME, "sounds": False}
    if act == "assign":
        return alert | {"assigned_to": next(one for one in COLLEAGUES if one["id"] == body["staff"])}
    if act == "mute":
        return alert | {"muted_until": body["until"]}
    done = {"state": "resolved", "resolved_at": stamp(NOW), "handled_by": ME, "sounds": False}
    return alert | done | {"resolved_why": body["why"]}


def _fits(alert: Json, query: Any) -> bool:
    state, wanted = alert["state"], query.get("state", "unresolved")
    if wanted not in ("any", state) and not (wanted == "unresolved" and state != "resolved"):
        return False
    owner = (alert["assigned_to"] or {}).get("id")
    return (
        (alert["muted_until"] is not None) == (query.get("muted") == "true")
        and query.get("severity") in (None, alert["severity"])
        and query.get("assigned_to") in (None, owner)
        and query.get("patient") in (None, (alert["patient"] or {}).get("id"))
    )


def _like(found: list[Json], wanted: str) -> list[Json]:
    """Choose an alert and those of the same trouble."""
    asked = [(one["code"], one["patient"]) for one in found if one["id"] == wanted]
    return [one for one in found if (one["code"], one["patient"]) in asked]


def _inbox(fake: Any, request: Request) -> Json:
    query = request.query_params
    found = [] if fake.mood == "empty" else [a for a in alerts(fake) if _fits(a, query)]
    found = _like(found, query["alert"]) if "alert" in query else found
    groups: dict[tuple[Any, ...], list[Json]] = {}
    for alert in found:
        groups.setdefault((alert["code"], (alert["patient"] or {}).get("id")), []).append(alert)
    severities = {alert["severity"] for alert in found if alert["state"] != "resolved"}
    return {
        "light": "red" if "red" in severities else "amber" if "amber" in severities else "fine",
        "groups": [
            {
                "id": rows[0]["id"],
                "code": rows[0]["code"],
                "severity": rows[0]["severity"],
                "announced_at": rows[-1]["raised_at"],
                "alerts": rows,
            }
            for rows in groups.values()
        ],
        "held_back": fake.held_back,
        "sounds": any(alert["sounds"] for alert in found),
        "next": "older" if fake.has_more else None,
    }


def _waiting(fake: Any, _request: Request) -> Json:
    unseen = [] if fake.mood == "empty" else [a for a in alerts(fake) if a["state"] == "open"]
    severities = [alert["severity"] for alert in unseen]
    return {
        "red": severities.count("red"),
        "amber": severities.count("amber"),
        "sounds": any(alert["sounds"] for alert in unseen),
    }


def _colleagues(_fake: Any, _request: Request) -> Json:
    return {"items": COLLEAGUES}


def _table(_fake: Any, request: Request) -> Response:
    return Response(f"id\r\n{request.url.query}\r\n".encode(), media_type="text/csv")


def _done(_fake: Any, _request: Request) -> Response:
    return Response(status_code=204)


def _search(fake: Any, request: Request) -> Json:
    wanted = request.query_params["q"].lower()
    people = [_hit("patient", row["id"], row["name"], row["code"]) for row in patient_rows()]
    unresolved = [alert for alert in alerts(fake) if alert["state"] != "resolved"]
    other = [
        _hit("machine", "leg-6", "Leg press 6", "leg_press"),
        _hit("site", "studio", "Studio", "studio"),
        *(
            _hit("alert", one["id"], one["patient"]["name"], one["code"], one["patient"]["id"])
            for one in unresolved
            if one["patient"]
        ),
        _hit("session", "s-0", "Chan Mei Ling", "lumbar_extension", "p-1"),
    ]
    found = [one for one in (*people, *other) if wanted in one["name"].lower()]
    return {"items": [] if fake.mood == "empty" else found[:20], "next": None}


def _hit(what: str, thing: str, name: str, hint: str, patient: str | None = None) -> Json:
    at = stamp(NOW) if what in ("alert", "session") else None
    return {
        "what": what,
        "id": thing,
        "name": name,
        "hint": hint,
        "active": True,
        "patient": patient,
        "at": at,
    }


ROUTES = {
    "GET /v1/alerts": _inbox,
    "GET /v1/alerts/waiting": _waiting,
    "GET /v1/alerts/colleagues": _colleagues,
    "GET /v1/alerts.csv": _table,
    **{
        f"POST /v1/alerts/{{alert}}/{act}": _done
        for act in ("acknowledge", "assign", "mute", "resolve", "undo")
    },
    "GET /v1/search": _search,
}
