"""Made-up answers about what staff laid down for a person, and what another policy would have given."""

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from fake_service.people import NAMES, NOW, Json, stamp

NOTE = "One step at a time: each dose was worked out from the same facts up to then."
SETS = 24


def standing() -> list[Json]:
    nothing = {"machine": None, "session": None, "side": None}
    by = {"reason": "Slept badly", "by": "Ho Wing Yan"}
    half = {"id": "preset-1", "kind": "half_load", "made_at": stamp(NOW - timedelta(minutes=50))}
    pause = {"id": "order-1", "kind": "pause", "made_at": stamp(NOW - timedelta(minutes=2))}
    machine = {"machine": "lumbar-1", "session": "s-0", "side": None}
    return [half | nothing | by, pause | machine | by | {"reason": "Asked to stop"}]


def whatif(policy: str | None, *, simulated: bool) -> Json:
    sets = [_set(number) for number in range(SETS)]
    return {
        "patient": "P-0001",
        "policy": policy or "as decided",
        "limits": [],
        "simulated": simulated,
        "note": NOTE,
        "sets": sets,
        "real": _totals(sets, "real"),
        "other": _totals(sets, "other"),
        "decisions": SETS,
        "differing": sum(one["differs"] for one in sets),
        "drifted": 0,
        "codes": [{"code": "raise_load", "real": 3, "other": 9}],
        "left_out": [{"reason": "decided with model effort-0, which is not at hand", "sets": 2}],
    }


def _set(number: int) -> Json:
    real, other = 9.5 + 0.25 * number, 9.5 + 0.45 * number
    return {
        "day": f"2026-{9 + number // 10:02}-{1 + 2 * (number % 10):02}",
        "visit": 1 + number // 2,
        "session": f"s-{number // 2}",
        "kind": "lumbar_extension",
        "side": "both",
        "set": 1 + number % 2,
        "real": _dose(real, 4.5 + 0.05 * number),
        "other": None if number == 20 else _dose(other, 5.0 + 0.16 * number),
        "differs": number > 1,
    }


def _dose(load_kg: float, effort: float) -> Json:
    return {
        "load_kg": round(load_kg, 1), "start_deg": 6.0, "end_deg": 44.0, "reps": 12, "work_s": 0.0,
        "effort": round(effort, 1), "p_too_hard": 0.04, "raised": "load", "why": ["raise_load"],
    }  # fmt: skip


def _totals(sets: list[Json], side: str) -> Json:
    given = [one[side] for one in sets if one[side] is not None]
    return {
        "sets": len(given),
        "hard_sets": sum(one["effort"] >= 8 for one in given),
        "mean_load_kg": sum(one["load_kg"] for one in given) / len(given),
        "last_load_kg": given[-1]["load_kg"],
        "mean_p_too_hard": 0.04,
        "rises": 20 if side == "other" else 11,
        "holds": 3,
    }


def _standing(fake: Any, _request: Request) -> Json:
    return {"items": [] if fake.mood == "empty" else standing()}


def _whatif(fake: Any, request: Request) -> Json | None:
    if request.path_params["patient"] not in {f"p-{number}" for number in range(1, len(NAMES) + 1)}:
        return None
    asked = request.query_params
    found = whatif(asked.get("policy"), simulated=asked.get("simulate") == "true")
    limits = [f"{name}={asked[name]}" for name in ("max_load_kg", "pain_green_nrs") if name in asked]
    nothing = {"sets": [], "decisions": 0, "differing": 0, "left_out": []} if fake.mood == "empty" else {}
    return found | {"limits": limits} | nothing


def _reps(_fake: Any, _request: Request) -> Response:
    return Response(b"\xef\xbb\xbfset,side\r\n1,both\r\n", media_type="text/csv")


ROUTES = {
    "GET /v1/patients/{patient}/standing": _standing,
    "GET /v1/patients/{patient}/whatif": _whatif,
    "GET /v1/sessions/{session}/reps.csv": _reps,
}
