"""A made-up studio floor in the shape of `/v1/floor`, and the frames of a machine that never tires."""

import math
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from fake_service.people import NAMES, NOW, angles, attention, reason, stamp

Json = dict[str, Any]
KINDS = (
    "lumbar_extension",
    "trunk_rotation",
    "lumbar_flexion",
    "lateral_flexion",
    "hip_abduction",
    "leg_press",
)
UNTOUCHED = {"hold": None, "overridden": False, "hands_on": False, "sounds": False}  # by staff


def _word(code: str, english: str, chinese: str) -> Json:
    return {"code": code, "values": {}, "text_en": english, "text_zh": chinese}


def _freeze() -> Json:
    return {
        "id": "h-1",
        "action": "freeze",
        "made_at": stamp(NOW - timedelta(minutes=4)),
        "delivery": "applied",
    }


TOUCHED: dict[int, Json] = {  # by staff or by an alert; by the place of the machine
    0: {"sounds": True},
    8: {"hold": _freeze(), "attention": [_word("held", "Staff hold this machine.", "職員已暫停此機。")]},
    11: {
        "overridden": True,
        "hands_on": True,
        "attention": [_word("override", "Staff have chosen the dose.", "份量由職員選定。")],
    },
}


def floor() -> Json:
    """Build twelve occupied machines (3 red, 1 amber, 8 fine) and one that was switched off."""
    items = [_busy(place) for place in range(len(NAMES))]
    items.append(_silent())
    lights = [item["light"] for item in items]
    summary = {light: lights.count(light) for light in ("red", "amber", "fine", "idle")}
    return {"as_of": stamp(NOW), "summary": summary, "items": items[::-1]}


def _floor(fake: Any, request: Request) -> Response:
    other = fake.on_floor(request)
    if isinstance(other, Response):
        return other
    whole = floor()
    if fake.mood == "empty":
        whole |= {"items": [], "summary": dict.fromkeys(whole["summary"], 0)}
    return JSONResponse(whole, headers={"X-Viewer": fake.mark})


def _busy(place: int) -> Json:
    name, _, _, light = NAMES[place]
    kind = KINDS[place % len(KINDS)]
    is_stale = place == 2
    return {
        "machine": f"{kind.split('_')[0]}-{place + 1}",
        "name": f"{kind.replace('_', ' ').capitalize()} {place + 1}",
        "kind": kind,
        "online": not is_stale,
        "state": "stopped" if light == "red" else ("rest" if place % 3 else "working"),
        "light": light,
        "attention": attention(light),
        "patient": {"id": f"p-{place + 1}", "name": name},
        "session": f"s-{place}",
        "set": 1 + place % 2,
        "side": "left" if kind in ("trunk_rotation", "lateral_flexion", "hip_abduction") else "both",
        "sets_planned": 2,
        "rep": 4 + place % 6,
        "reps_planned": 12,
        "load_kg": 12.5 + place,
        **angles(kind, 6.0, 30.0),
        "last_setting": {
            "id": f"a-{place}",
            "at": stamp(NOW - timedelta(minutes=2)),
            "set": 2,
            "why": [reason("range_first" if place % 2 else "load_up")],
            "state": "applied",
            "refusal": None,
        },
        "seen_at": stamp(NOW - timedelta(minutes=11 if is_stale else 0)),
        "stale": is_stale,
        **UNTOUCHED,
        **TOUCHED.get(place, {}),
    }


def _silent() -> Json:
    nothing = (
        *(
            "patient",
            "session",
            "set",
            "side",
            "sets_planned",
            "rep",
            "reps_planned",
            "load_kg",
            "last_setting",
        ),
        *("start_deg", "end_deg", "clinical_start_deg", "clinical_end_deg"),
    )
    return {
        "machine": "row-13",
        "name": "Row 13",
        "kind": "row",
        "online": False,
        "state": "idle",
        "light": "idle",
        "attention": [],
        **dict.fromkeys(nothing),
        "seen_at": stamp(NOW - timedelta(hours=3)),
        "stale": True,
        **UNTOUCHED,
    }


def frame(machine: str, place: int) -> Json:
    """Build frame number `place` (20 Hz) of a repetition of six seconds between 10 and 45 deg of travel."""
    turn = 2 * math.pi * place / 120
    target = 27.5 - 17.5 * math.cos(turn)
    deg = 27.5 - 17.5 * math.cos(turn - 0.12) + 0.6 * math.sin(9 * turn)
    return {
        "machine": machine,
        "mono_ms": 50 * place,
        "set": 1,
        "rep": 1 + place // 120 % 12,
        "deg": round(deg, 2),
        "target_deg": round(target, 2),
        "clinical_deg": round(72 - deg, 2),
        "nm": round(55 + 8 * math.sin(turn), 1),
        "phase": "concentric" if math.sin(turn) > 0 else "eccentric",
    }


ROUTES = {"GET /v1/floor": _floor}
