"""Limits, phase, programme, capacity, health, cards and enrolment of a made-up studio.

What was signed and proposed follows from the orders that the fake has kept, so that two viewers see the same.
"""

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from contract.machines import catalogue
from fake_service.people import NOW, Json, stamp
from services.office import conditions

PHASES = ("calm", "restore", "build", "strengthen", "maintain")
SHARES = (0.15, 0.30, 0.45, 0.80, 0.80)  # of capacity, by phase
PROPOSER = "Dr Lee Chi Wai"


def _figures(kind: str, load_kg: float) -> Json:
    machine = catalogue()[kind]
    low, high = (limit / 100 for limit in machine.default_cdeg)
    found: Json = {
        "max_load_kg": load_kg, "phase_cap_kg": 28.5, "max_torque_nm": 120, "phase": "build",
        "pain_green_nrs": 3, "pain_amber_nrs": 5, "max_speed_deg_s": machine.max_speed_cdeg_s / 100,
    }  # fmt: skip
    for side in machine.sides:
        found |= {f"{side}_lowest_deg": low, f"{side}_highest_deg": high, f"{side}_start_highest_deg": high}
    return found


def _version(kind: str, number: int, load_kg: float) -> Json:
    return {
        "version": number, "signed_by": "Dr Demo (DEMO)", "reason": "Range painless for two weeks.",
        "signed_at": stamp(NOW - timedelta(days=30 - 9 * number)),
        "valid_until": stamp(NOW + timedelta(days=12 + 9 * number)), "withdrawn": False,
        "figures": _figures(kind, load_kg), "changes": [],
    }  # fmt: skip


def versions(fake: Any, kind: str) -> list[Json]:
    """List the versions of one kind, newest first; every accepted signature adds one."""
    signed = [_version(kind, number, load_kg) for number, load_kg in ((1, 30.0), (2, 40.0))]
    for method, path, body in fake.orders:
        if f"/limits/{kind}" in path and _is_signed(method, path, body):
            load_kg = 44.0 if path.endswith("/sign") else body.get("max_load_g", 40_000) / 1_000
            signed.append(_version(kind, len(signed) + 1, load_kg) | {"reason": body["reason"]})
    return signed[::-1]


def _is_signed(method: str, path: str, body: Json) -> bool:
    if path.endswith(("/sign", "/renew")):
        return True
    return method == "PUT" and body["max_load_g"] <= 40_000


def _versions(fake: Any, request: Request) -> Json:
    return {
        "items": [] if fake.mood == "empty" else versions(fake, request.path_params["kind"]),
        "next": None,
    }


def _proposals(fake: Any, request: Request) -> Json:
    kind = request.path_params["kind"]
    if fake.mood == "empty" or kind != "lumbar_extension":
        return {"items": [], "next": None}
    is_decided = any("/proposals/" in path for _, path, _ in fake.orders)
    limits: Json = {
        "max_load_g": 44_000, "phase_cap_g": 28_500, "max_torque_nm": 120, "max_speed_cdeg_s": 4_500,
        "sides": {"both": {"lowest_cdeg": 0, "highest_cdeg": 6_000, "start_highest_cdeg": 6_000}},
        "phase": "build", "pain_green_nrs": 3, "pain_amber_nrs": 5, "valid_days": 42,
    }  # fmt: skip
    proposal = {
        "id": "6a1f8f0e-54a3-5d0e-9c57-0f3d1f6f2b11", "kind": kind, "base_version": 2, "limits": limits,
        "wider": ["max_load_g"], "proposed_by": PROPOSER, "proposed_at": stamp(NOW - timedelta(hours=3)),
        "reason": "Twenty easy reps.", "state": "signed" if is_decided else "open",
    }  # fmt: skip
    return {"items": [proposal], "next": None}


def _sign(fake: Any, request: Request) -> Response:
    """Sign what is not wider, propose the rest; on top of the version that holds, or not at all."""
    kind = request.path_params["kind"]
    order = fake.orders.pop()
    number = versions(fake, kind)[0]["version"]
    if request.headers.get("if-match") != f'"{number}"':
        return problem(412, "Another version holds by now: look at it first.")
    fake.orders.append(order)
    if not _is_signed(*order):
        return JSONResponse({"id": "p", "wider": ["max_load_g"]}, status_code=202)
    return JSONResponse({"version": number + 1})


def problem(status: int, detail: str) -> Response:
    """Refuse in the form of RFC 9457."""
    body = {"type": "about:blank", "title": "Problem", "status": status, "detail": detail, "mistakes": []}
    return JSONResponse(body, status_code=status, media_type="application/problem+json")


def _phase(fake: Any, _request: Request) -> Json:
    if fake.mood == "empty":
        return {"phase": None, "stations": [], "history": []}
    told = (("visits", 6.0, 8.0, False), ("dose", 1.0, 1.0, True), ("release", 0.0, 1.0, False))
    conditions_of = [{"code": code, "have": have, "need": need, "met": met} for code, have, need, met in told]
    stations = [
        {"kind": kind, "side": side, "phase": "build", "next": None, "conditions": conditions_of}
        for kind, side in (
            ("lumbar_extension", "both"),
            ("trunk_rotation", "left"),
            ("trunk_rotation", "right"),
        )
    ]
    change = {
        "at": stamp(NOW - timedelta(days=20)), "left_phase": "restore", "phase": "build",
        "by": "Dr Wong Ka Yan",
        "reason": "All conditions are met.", "conditions": conditions_of,
    }  # fmt: skip
    return {"phase": "build", "stations": stations, "history": [change]}


def _change_phase(fake: Any, _request: Request) -> Json:
    wanted = fake.orders[-1][2]["phase"]
    return {"phase": wanted, "conditions": [], "limits_to_sign": ["lumbar_extension", "trunk_rotation"]}


def _programmes(fake: Any, _request: Request) -> Json:
    if fake.mood == "empty":
        return {"items": [], "next": None}
    goals = [
        {"what": "load", "of": "lumbar_extension", "target": 24.0, "week": 12, "unit": "kg", "now": 19.5,
         "reached": False},
        {"what": "pain", "of": None, "target": 3.0, "week": 6, "unit": "nrs", "now": 3.0, "reached": True},
    ]  # fmt: skip
    stations = {"restore": ["lumbar_extension", "trunk_rotation"], "build": ["lumbar_extension", "leg_press"]}
    programme = {
        "id": "pr-1", "version": 1, "starts_day": "2026-09-07", "weeks": 12, "visits_a_week": 2, "week": 11,
        "visits_planned": 24, "visits_kept": 19, "stations": stations, "goals": goals, "ended_why": None,
    }  # fmt: skip
    return {"items": [programme], "next": None}


def _capacity(fake: Any, _request: Request) -> Json:
    if fake.mood == "empty":
        return {"items": [], "next": None}
    signed = {
        "signed_kg": 60.0, "signed_by": "Dr Wong Ka Yan", "signed_at": stamp(NOW - timedelta(days=20)),
        "reason": "As tested in week 6.",
    }  # fmt: skip
    nothing = dict.fromkeys(signed)
    rows = [("lumbar_extension", 63.4, 60.0, signed), ("trunk_rotation", 41.2, 41.2, nothing)]
    return {
        "items": [
            {"kind": kind, "proposed_kg": proposed, **known,
             "caps_kg": {phase: round(base * share, 1) for phase, share in zip(PHASES, SHARES, strict=True)}}
            for kind, proposed, base, known in rows
        ],
        "next": None,
    }  # fmt: skip


def _conditions(fake: Any, _request: Request) -> Json:
    fields = ("name", "group", "weeks", "emergency", "decompression", "text_en", "text_zh")
    rows = [
        {field: getattr(one, field) for field in fields} | {"closes": list(one.closes)}
        for one in conditions.catalogue().values()
    ]
    return {"items": [] if fake.mood == "empty" else rows, "next": None}


def _exclusion(name: str, number: str, *, is_open: bool) -> Json:
    known = conditions.catalogue()[name]
    return {
        "id": number, "condition": name, "text_en": known.text_en, "text_zh": known.text_zh,
        "since_day": None, "note": "", "entered_at": stamp(NOW - timedelta(days=40)), "ends_at": None,
        "open": is_open, "closes": list(known.closes),
        "cleared_at": None if is_open else stamp(NOW - timedelta(days=12)),
        "cleared_reason": None if is_open else "Seen by the surgeon.",
    }  # fmt: skip


def _file(fake: Any, request: Request) -> Response:
    is_new = fake.mood == "empty"
    told = [_exclusion("glaucoma", "e-1", is_open=True), _exclusion("hernia", "e-2", is_open=False)]
    pressures = [
        {"at": stamp(NOW - timedelta(days=days)), "systolic_mmhg": high, "diastolic_mmhg": low}
        for days, high, low in ((3, 148, 86), (24, 155, 92))
    ]
    consents = [
        {"purpose": purpose, "version": "2026-10", "given": given, "at": stamp(NOW - timedelta(days=80))}
        for purpose, given in (("training", True), ("research", False))
    ]
    cards = [{"kind": "badge", "locked": False}, {"kind": "pin", "locked": True}]
    closed = ["lumbar_flexion", "neck_extension", "neck_lateral", "leg_press"]
    file: Json = {
        "id": request.path_params["patient"], "site": "kowloon", "height_m": 1.56,
        "set_up": {"lumbar_extension": {"seat": 4}}, "archived_at": None,
        "exclusions": [] if is_new else told, "closed_kinds": [] if is_new else closed,
        "pressures": [] if is_new else pressures, "consents": [] if is_new else consents,
        "cards": [] if is_new else cards, "pain_signed": False, "baseline_nrs": 4,
        "baseline_signed_nrs": None, "baseline_signed_until": None, "finds_neutral": False,
    }  # fmt: skip
    return JSONResponse(file, headers={"ETag": FILE_VERSION})


def _card(kind: str, pin: str | None) -> Json:
    return {"kind": kind, "pin": pin, "limits_to_renew": ["lumbar_extension"]}


def _badge(_fake: Any, _request: Request) -> Json:
    return _card("badge", None)


def _pin(_fake: Any, _request: Request) -> Json:
    return _card("pin", "492713")


def _enrol(fake: Any, _request: Request) -> Json:
    told = [one["condition"] for one in fake.orders[-1][2]["exclusions"]]
    known = [conditions.catalogue()[name] for name in told]
    closed = list(dict.fromkeys(kind for one in known for kind in one.closes if kind != "*"))
    return {
        "id": "p-1", "code": "P-0099", "pin": "604518", "closed_kinds": closed,
        "emergency": any(one.emergency for one in known),
    }  # fmt: skip


def _done(_fake: Any, _request: Request) -> Response:
    return Response(status_code=204)


FILE_VERSION = 'W/"1f0e"'
PERSON = "/v1/patients/{patient}"
LIMITS = f"{PERSON}/limits/{{kind}}"
ROUTES = {
    f"GET {LIMITS}/versions": _versions,
    f"GET {LIMITS}/proposals": _proposals,
    f"PUT {LIMITS}": _sign,
    f"POST {LIMITS}/renew": _sign,
    f"POST {LIMITS}/restore": _sign,
    f"POST {LIMITS}/withdraw": _done,
    f"POST {LIMITS}/proposals/{{proposal}}/sign": _sign,
    f"POST {LIMITS}/proposals/{{proposal}}/withdraw": _done,
    f"GET {PERSON}/phase": _phase,
    f"PUT {PERSON}/phase": _change_phase,
    f"GET {PERSON}/programmes": _programmes,
    f"POST {PERSON}/programmes": _done,
    f"POST {PERSON}/programmes/end": _done,
    f"GET {PERSON}/capacity": _capacity,
    f"POST {PERSON}/capacity": _done,
    "GET /v1/conditions": _conditions,
    f"GET {PERSON}/file": _file,
    f"POST {PERSON}/exclusions": _done,
    f"POST {PERSON}/exclusions/{{exclusion}}/clearance": _done,
    f"POST {PERSON}/symptoms/clearance": _done,
    f"POST {PERSON}/blood-pressure": _done,
    f"POST {PERSON}/consents": _done,
    f"PUT {PERSON}/pain-signature": _done,
    f"POST {PERSON}/pain-signature/withdraw": _done,
    f"PUT {PERSON}/profile": _done,
    f"PUT {PERSON}/badge": _badge,
    f"POST {PERSON}/pin": _pin,
    f"DELETE {PERSON}/cards/{{card}}": _done,
    f"PUT {PERSON}/cards/{{card}}/lock": _done,
    f"PUT {PERSON}/site": _done,
    f"POST {PERSON}/archive": _done,
    f"POST {PERSON}/return": _done,
    f"PATCH {PERSON}": _done,
    "POST /v1/sites/{site}/patients": _enrol,
}
