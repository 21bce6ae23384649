"""What staff order on a made-up floor, in the shape of `/v1`: holds, doses, presets, settings that wait.

What holds follows from the orders that the fake has kept, so that two viewers see the same.
"""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from fake_service.floor import floor
from fake_service.people import NOW, Json, angles, reason, stamp

BY = "Ho Wing Yan"
CREATED = 201


def _id(text: str) -> str:
    return str(uuid5(NAMESPACE_URL, text))


def _given(kind: str, machine: str, words: str, **more: Any) -> Json:
    nothing = ("session", "side", "from_set", "load_kg", "start_deg", "end_deg", "reps", "because")
    return {
        **dict.fromkeys(nothing), "id": _id(f"{kind} {machine}"), "kind": kind, "machine": machine,
        "reason": words, "by": BY, "made_at": stamp(NOW), "ended_at": None, "delivery": "sent",
        "refusal": None, **more,
    }  # fmt: skip


def _hold(fake: Any, request: Request) -> Response:
    _, _, wish = fake.orders[-1]
    made = _given(wish["action"], request.path_params["machine"], wish["reason"])
    return JSONResponse(made, status_code=CREATED)


def _holds(fake: Any, request: Request) -> Json:
    """List what was ordered of a machine since its holds were released; machines here obey at once."""
    machine = request.path_params["machine"]
    found: list[Json] = []
    for _, path, wish in fake.orders:
        if path == f"/v1/machines/{machine}/hold":
            found.insert(0, _given(wish["action"], machine, wish["reason"], delivery="applied"))
        elif path == f"/v1/machines/{machine}/release":
            found.clear()
    return {"items": found}


def _override(fake: Any, request: Request) -> Response:
    _, _, wish = fake.orders[-1]
    session = request.path_params["session"]
    said = {name: wish[name] for name in ("side", "because", "load_kg", "reps") if name in wish}
    machine = next(item["machine"] for item in floor()["items"] if item["session"] == session)
    more = {"session": session, "from_set": 2, "delivery": "standing", **said}
    return JSONResponse(_given("override", machine, wish["reason"], **more), status_code=CREATED)


def _done(_fake: Any, _request: Request) -> Response:
    return Response(status_code=204)


def _lay_down(fake: Any, request: Request) -> Response:
    _, _, wish = fake.orders[-1]
    who = request.path_params["patient"]
    sent = [
        {
            "session": item["session"],
            "machine": item["machine"],
            "side": item["side"],
            "load_kg": round(item["load_kg"] / 2, 1) if wish["kind"] == "half_load" else None,
            "refusal": None,
        }
        for item in floor()["items"]
        if item["patient"] and item["patient"]["id"] == who
    ]
    refused = {"machine": "row-9", "refusal": "No set of training is left on this side.", "load_kg": None}
    made = {"id": _id(f"{wish['kind']} {who}"), "sent": [*sent, *({**one, **refused} for one in sent)]}
    return JSONResponse(made, status_code=CREATED)


def _proposals(fake: Any, _request: Request) -> Json:
    """Let one setting wait until it is confirmed."""
    confirmed = any(path.endswith("/confirm") for _, path, _ in fake.orders)
    waits = [] if confirmed or fake.mood == "empty" or not fake.advises else [_proposal()]
    return {"items": waits}


def _proposal() -> Json:
    return {
        "id": _id("waits"), "machine": "trunk-8", "machine_name": "Trunk rotation 8",
        "kind": "trunk_rotation",
        "patient": {"id": "p-8", "name": "Tang Yuk Lan"}, "set": 2, "side": "right", "load_kg": 20.5,
        **angles("trunk_rotation", -20.0, 25.0), "reps": 12, "work_s": 0.0,
        "why": [reason("load_up")], "decided_at": stamp(NOW),
    }  # fmt: skip


def _free(fake: Any, _request: Request) -> Json:
    names = ("Row 14", "Row 15", "Leg press 16") if fake.mood == "normal" else ()
    rows = [
        {
            "machine": name.lower().replace(" ", "-"),
            "name": name,
            "kind": name.rsplit(" ", 1)[0].lower().replace(" ", "_"),
        }
        for name in names
    ]
    return {"items": rows}


ROUTES = {
    "POST /v1/machines/{machine}/hold": _hold,
    "GET /v1/machines/{machine}/hold": _holds,
    "POST /v1/machines/{machine}/release": _done,
    "POST /v1/sessions/{session}/override": _override,
    "POST /v1/sessions/{session}/give-back": _done,
    "POST /v1/patients/{patient}/presets": _lay_down,
    "POST /v1/presets/{preset}/end": _done,
    "GET /v1/proposals": _proposals,
    "POST /v1/settings/{setting}/confirm": _done,
    "GET /v1/free-machines": _free,
}
