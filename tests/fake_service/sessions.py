"""Made-up sessions in the shape of `/v1`: the list, and one with every set, rep and answer."""

import math
import random
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request

from fake_service.people import NAMES, NOW, Json, angles, dose, stamp

NOTHING: Json = {"items": [], "next": None}
REP_S, REST_S = 6.0, 75.0


def session_rows() -> list[Json]:
    return [
        {
            "session": f"s-{place}",
            "machine": "lumbar-1",
            "kind": "lumbar_extension",
            "opened_at": stamp(NOW - timedelta(days=3.5 * place)),
            "closed_at": None if place == 0 else stamp(NOW - timedelta(days=3.5 * place, minutes=-6)),
            "sets": 2,
            "reps": 20,
            "pain_before": 3,
        }
        for place in range(6)
    ]


def session(row: Json, *, with_curves: bool) -> Json:
    kind, hidden = row["kind"], {} if with_curves else {"curve": None}
    told_at = stamp(_over(row, 1, 10) + timedelta(seconds=9))
    return {
        "session": row["session"],
        "machine": row["machine"],
        "kind": kind,
        "patient": {"id": "p-1", "name": NAMES[0][0]},
        "opened_at": row["opened_at"],
        "closed_at": row["closed_at"],
        "sets": [
            {
                "set": number,
                "side": "both",
                "setting": f"setting-{number}",
                "dose": dose(kind, 17.0, 8.0, 44.0, 10),
                "ended_by": "target" if number == 1 else "too_heavy",
                "duration_s": 62.0,
                "reps": [_rep(kind, rep, number, _over(row, number, rep)) | hidden for rep in range(1, 11)],
            }
            for number in (1, 2)
        ],
        "answers": [
            {"at": row["opened_at"], "question": "pain_before", "set": None, "value": 3},
            {
                "at": told_at,
                "question": "pain_set",
                "set": 1,
                "value": 4,
            },
        ],
    }


def _over(row: Json, number: int, rep: int) -> datetime:
    """Say when a rep was over."""
    opened = datetime.fromisoformat(row["opened_at"])
    return opened + timedelta(seconds=20 + REP_S * (rep + 10 * (number - 1)) + REST_S * (number - 1))


def _rep(kind: str, rep: int, number: int, over: datetime) -> Json:
    dice = random.Random(f"{rep}{number}")
    start, end = 8.0 + dice.gauss(0, 0.8), 44.0 - 0.5 * rep + dice.gauss(0, 0.8)
    deg = [round(start + (end - start) * math.sin(math.pi * place / 31), 2) for place in range(32)]
    nm = [round((62 - rep) * (1 + 0.2 * math.cos(math.pi * place / 31)) + dice.gauss(0, 0.6), 2)
          for place in range(32)]  # fmt: skip
    return {
        "rep": rep,
        "at": stamp(over),
        "load_kg": 17.0,
        **angles(kind, round(start, 1), round(end, 1)),
        "concentric_s": 2.1,
        "hold_s": 0.1,
        "eccentric_s": 3.0,
        "peak_torque_nm": max(nm),
        "mean_torque_nm": sum(nm) / 32,
        "work_j": 42.0,
        "mean_speed_deg_s": 17.5,
        "peak_speed_deg_s": 31.0,
        "smoothness": -1.9,
        "quality": ["partial"] if rep == 10 else [],
        "curve": {"deg": deg, "nm": nm},
    }


def _sessions(fake: Any, _request: Request) -> Json:
    return NOTHING if fake.mood == "empty" else {"items": session_rows(), "next": None}


def _session(_fake: Any, request: Request) -> Json | None:
    wanted = request.path_params["session"]
    for row in session_rows():
        if row["session"] == wanted:
            return session(row, with_curves=request.query_params.get("curves") == "true")
    return None


ROUTES = {
    "GET /v1/patients/{patient}/sessions": _sessions,
    "GET /v1/sessions/{session}": _session,
}
