"""A made-up studio day: who needs somebody, the visits, and the changes to sign in the evening."""

from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from fake_service.inbox import SAID, alerts
from fake_service.people import NAMES, NOW, Json, dose, reason, sides, stamp

LIGHTS = {"red": "red", "amber": "amber", "info": "fine"}
WORDS = {
    "missed_visits": ("Missed 2 of the last visits.", "最近缺席 2 次。"),
    "waiting_clearance": ("Waits for a clinician to clear.", "等待臨床人員批准。"),
}
CIRCUIT = (("walk", True, 5), ("lumbar_extension", False, 6), ("trunk_rotation", False, 6),
           ("knee_to_chest", True, 4), ("pelvic_tilt", True, 4))  # fmt: skip


def needs(fake: Any) -> list[Json]:
    """Rank people by their alerts, then who missed visits."""
    found: dict[str, Json] = {}
    for alert in (one for one in alerts(fake) if one["state"] != "resolved" and one["patient"]):
        person = found.setdefault(alert["patient"]["id"], _need(alert["patient"], LIGHTS[alert["severity"]]))
        unseen = [alert["id"]] if alert["state"] == "open" else []
        known = next((one for one in person["reasons"] if one["code"] == alert["code"]), None)
        if known is None:
            person["reasons"].append(_cause(alert["code"], SAID[alert["code"]], alert["raised_at"], unseen))
        else:
            known["alerts"] += unseen
            known["since"] = min(known["since"], alert["raised_at"])
    for number, code in ((3, "waiting_clearance"), (6, "missed_visits")):
        person = _need({"id": f"p-{number}", "name": NAMES[number - 1][0]}, "fine")
        person["reasons"].append(_cause(code, WORDS[code], stamp(NOW - timedelta(days=3)), []))
        found[person["patient"]["id"]] = person
    return list(found.values())


def _need(patient: Json, light: str) -> Json:
    return {"patient": patient, "light": light, "weight": 100, "reasons": []}


def _cause(code: str, said: tuple[str, str], since: str, unseen: list[str]) -> Json:
    words = {"text_en": said[0], "text_zh": said[1]}
    return {"code": code, "values": {}, **words, "since": since, "alerts": unseen}


def visits(day: str) -> list[Json]:
    """List a day: done, in training, arrived, expected, missed, cancelled, and who walked in."""
    came = ("came", "came", "came", "planned", "planned", "missed", "cancelled")
    found = [_visit(number, state, day) for number, state in enumerate(came, start=1)]
    found[1]["trains_at"] = {"machine": "lumbar-1", "name": "Lumbar extension 1", "kind": "lumbar_extension"}
    nobody: Json = {"booking": None, "version": None, "minutes": None, "stations": []}
    return [*found, _visit(8, "came", day) | nobody]


def _visit(number: int, state: str, day: str) -> Json:
    begins = datetime.fromisoformat(f"{day}T01:00:00+00:00") + timedelta(minutes=40 * number)
    done = {1: len(CIRCUIT), 2: 1, 3: 1}.get(number, 0)
    return {
        "booking": f"b-{number}",
        "version": 1,
        "patient": {"id": f"p-{number}", "name": NAMES[number - 1][0]},
        "state": state,
        "starts_at": stamp(begins),
        "zone": "Asia/Hong_Kong",
        "minutes": 40,
        "came_at": stamp(begins) if state == "came" else None,
        "pain_before": 3 if state == "came" else None,
        "number": 12 if state == "came" else None,
        "trains_at": None,
        "stations": [
            {"station": name, "guided": guided, "minutes": minutes, "done": place < done}
            for place, (name, guided, minutes) in enumerate(CIRCUIT)
        ],
    }


def changes(fake: Any) -> list[Json]:
    """List what changed; what was signed stays so."""
    signed = {
        one for _, where, body in fake.orders if where == "/v1/countersign" for one in body["decisions"]
    }
    rows: list[tuple[str, int, str, str, Json]] = [
        ("d-1", 1, "lumbar_extension", "load_up", {"raised": "load"}),
        ("d-2", 1, "trunk_rotation", "range_first", {"raised": "amplitude", "before_kg": 18.0}),
        ("d-3", 2, "lumbar_extension", "load_up", {"refusal": "STEP"}),
        ("d-4", 4, "lumbar_flexion", "hold_pain", {"by_staff": True, "before_kg": 20.0}),
    ]
    return [_change(*row, signed=row[0] in signed) for row in rows]


def _change(decision: str, number: int, kind: str, why: str, what: Json, *, signed: bool) -> Json:
    load_kg = dose(kind, 18.0, 0.0, 30.0)["load_kg"]
    return {
        "decision": decision,
        "session": f"s-{number}",
        "patient": {"id": f"p-{number}", "name": NAMES[number - 1][0]},
        "kind": kind,
        "side": sides(kind)[0],
        "set": 2,
        "at": stamp(NOW - timedelta(minutes=10 * number)),
        "raised": None,
        "refusal": None,
        "by_staff": False,
        "before_kg": 17.0,
        "load_kg": load_kg,
        "why": [reason(why)],
        "signed": signed,
    } | what


def _needs(fake: Any, _request: Request) -> Json:
    return {"items": [] if fake.mood == "empty" else needs(fake)}


def _visits(fake: Any, request: Request) -> Json | Response:
    day = request.query_params.get("day", NOW.date().isoformat())
    return _page(fake, request, [] if fake.mood == "empty" else visits(day), {"day": day})


def _changes(fake: Any, request: Request) -> Json | Response:
    day = request.query_params.get("day", NOW.date().isoformat())
    found = [] if fake.mood == "empty" else changes(fake)
    unsigned = sum(not one["signed"] for one in found)
    return _page(fake, request, found, {"day": day, "open": unsigned})


def _page(fake: Any, request: Request, found: list[Json], whole: Json) -> Json | Response:
    cursor = request.query_params.get("cursor", "0")
    if not cursor.isdecimal():
        return JSONResponse({"detail": "This is no place in this list."}, status_code=422)
    first, last = int(cursor), int(cursor) + fake.rows_of_page
    following = str(last) if last < len(found) else None
    return whole | {"count": len(found), "items": found[first:last], "next": following}


def _countersign(fake: Any, _request: Request) -> Json:
    return {"signed": len(fake.orders[-1][2]["decisions"])}


def _booked(_fake: Any, _request: Request) -> Response:
    return JSONResponse({"id": "b-9"}, status_code=201)


def _done(_fake: Any, _request: Request) -> Response:
    return Response(status_code=204)


ROUTES = {
    "GET /v1/needs": _needs,
    "GET /v1/visits": _visits,
    "GET /v1/countersign": _changes,
    "POST /v1/countersign": _countersign,
    "POST /v1/bookings": _booked,
    "POST /v1/bookings/{booking}/move": _done,
    "POST /v1/bookings/{booking}/cancel": _done,
    "PUT /v1/bookings/{booking}/stations": _done,
}
