"""Made-up histories in the shape of `/v1`: balance, progress, adjustments."""

import math
import random
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request

from contract.machines import catalogue
from fake_service import looking, sessions
from fake_service.people import NOW, PAIRED, REASONS, SINGLE, Json, angles, dose, reason, sides, stamp


def balance() -> Json:
    rows = [("trunk_rotation", -7.4, "inside_error", None), ("lateral_flexion", 24.0, "watch", "left"),
            ("hip_abduction", -38.0, "confirmed", "right")]  # fmt: skip
    empty: Json = {
        "kind": "neck_lateral", "measure": "capacity", "verdict": "not_enough_data", "left_kg": None,
        "right_kg": None, "difference_pct": None, "low_pct": None, "high_pct": None, "mdc_pct": None,
        "lsi_pct": None, "weak_side": None, "sessions": 1, "needed_sessions": 3, "own_past": [],
    }  # fmt: skip
    ratio = {
        "numerator": "lumbar_flexion",
        "denominator": "lumbar_extension",
        "verdict": "inside_own_range",
        "reason": None,
        "device": "openspine",
        "mode": "belief",
        "value": 0.68,
        "low": 0.61,
        "high": 0.76,
        "own_past": [
            {"at": stamp(day), "value": 0.6 + 0.004 * place} for place, day in enumerate(_visits(16))
        ],
    }
    return {"pairs": [*(_pair(*row) for row in rows), empty], "ratios": [ratio], "trained": trained()}


def trained() -> list[Json]:
    return [
        {"kind": kind, "side": side, "sets_7_days": 2, "sets_28_days": 14}
        for kind in (*SINGLE, *PAIRED)
        for side in sides(kind)
    ]


def _pair(kind: str, difference_pct: float, verdict: str, weak: str | None) -> Json:
    right_kg = 21.0 * math.exp(difference_pct / 100)
    dice = random.Random(kind)
    return {
        "kind": kind,
        "measure": "capacity",
        "verdict": verdict,
        "left_kg": 21.0,
        "right_kg": round(right_kg, 2),
        "difference_pct": difference_pct,
        "low_pct": difference_pct - 8.0,
        "high_pct": difference_pct + 8.0,
        "mdc_pct": {"trunk_rotation": 33.0, "lateral_flexion": 19.0, "hip_abduction": 21.0}[kind],
        "lsi_pct": round(100 * math.exp(-abs(difference_pct) / 100), 1),
        "weak_side": weak,
        "sessions": 23,
        "needed_sessions": 3,
        "own_past": [
            {"at": stamp(day), "difference_pct": difference_pct + dice.gauss(0, 4)} for day in _visits(8)
        ],
    }


def _visits(count: int) -> list[datetime]:
    return [NOW - timedelta(days=3.5 * (count - place)) for place in range(count)]


def progress() -> Json:
    series = [_series(kind, side) for kind in (*SINGLE, *PAIRED) for side in sides(kind)]
    dice = random.Random("pain")
    pain = []
    for place, day in enumerate(_visits(24)):
        usual = 4.4 - 0.08 * place
        pain.append({"at": stamp(day), "nrs": _nrs(usual + dice.gauss(0, 0.7)), "question": "pain_before"})
        pain.append(
            {
                "at": stamp(day + timedelta(minutes=12)),
                "nrs": _nrs(usual - 0.4 + dice.gauss(0, 0.8)),
                "question": "pain_set",
            }
        )
    change = {"instrument": "nrs", "verdict": "inside_error", "change": -1.0, "needed": 2.0, "visits": 24,
              "needed_visits": 6}  # fmt: skip
    visits = {"planned": 24, "attended": 22}
    told = {"pain": pain, "readiness": _readiness(), "pain_change": change, "adherence": visits}
    return {"series": series, **told}


def _readiness() -> list[Json]:
    dice = random.Random("ready")
    at_machine = [{"at": stamp(day), "value": dice.randint(2, 5), "most": 5} for day in _visits(24)[12:]]
    on_phone = [{"at": stamp(day - timedelta(hours=4)), "value": dice.randint(4, 9), "most": 10}
                for day in _visits(24)[18:]]  # fmt: skip
    return [*at_machine, *on_phone]


def _nrs(value: float) -> int:
    return min(10, max(0, round(value)))


def _series(kind: str, side: str) -> Json:
    dice = random.Random(f"{kind}{side}")
    low, high = (limit / 100 for limit in catalogue()[kind].default_cdeg)
    points = []
    for place, day in enumerate(_visits(24)):
        share = place / 23
        capacity = 26.0 * (1 + 0.33 * share) * math.exp(dice.gauss(0, 0.02))
        spread = 0.30 * math.exp(-place / 5) + 0.06
        start, end = low + 10 * (1 - share), high - 12 * (1 - share)
        points.append(
            {
                "at": stamp(day),
                "session": f"s-{kind}-{place}",
                "load_kg": round(5.0 + 12.0 * share, 1),
                **angles(kind, round(start, 1), round(end, 1)),
                "amplitude_deg": round(end - start, 1),
                "reps": 10 + place % 3,
                "work_j": 800.0 + 30 * place,
                "capacity_kg": round(capacity, 2),
                "capacity_low_kg": round(capacity * (1 - spread), 2),
                "capacity_high_kg": round(capacity * (1 + spread), 2),
                "under_tension_s": 60.0,
                "pain_before": 3,
                "pain_set": 3,
                "endurance": {
                    "reps": round(22.0 + 6 * share, 1),
                    "low_reps": round(13.0 + 8 * share, 1),
                    "high_reps": round(37.0 - 2 * share, 1),
                },
            }
        )
    trend = {"verdict": "rising", "pct_per_week": 2.4, "total_pct": 33.8, "low": 1.1, "high": 3.6}
    drop = {"verdict": "inside_error", "difference_pct": -1.2, "low_pct": -9.0, "high_pct": 6.6,
            "mdc_pct": 20.8, "since": points[-2]["at"]}  # fmt: skip
    totals = {"sessions": len(points), "reps": sum(point["reps"] for point in points), "work_j": 9_000.0,
              "under_tension_s": 2_400.0}  # fmt: skip
    told = {"trend": trend, "plateau": "moving", "drop": drop, "totals": totals}
    steady = {"verdict": "steady", "pct_per_week": 1.9, "total_pct": 21.0, "low": -1.4, "high": 5.2}
    return {"kind": kind, "side": side, "points": points, **told, "endurance_trend": steady}


def adjustments() -> list[Json]:
    kinds = ("lumbar_extension", "trunk_rotation", "lumbar_flexion")
    return [_adjustment(number, kinds[number % 3], tuple(REASONS)[number % 5]) for number in range(26)]


def _adjustment(number: int, kind: str, code: str) -> Json:
    load, start, end, reps = 17.0 - 0.3 * number, 6.0, 44.0, 12
    after = {
        "range_first": dose(kind, load, start, end + 5, reps),
        "load_up": dose(kind, load + 0.5, start, end, reps),
        "reps_up": dose(kind, load, start, end, reps + 2),
        "hold_pain": dose(kind, load, start, end, reps),
        "too_hard": dose(kind, load * 0.9, start, end, reps),
    }[code]
    split = [("sets", 0.9, "last two sets", "最近兩組"), ("pain", -0.2, "pain 4", "疼痛4分"),
             ("away", -0.2, "nine days away", "九天沒有來")]  # fmt: skip
    return {
        "id": f"a-{number}",
        "at": stamp(NOW - timedelta(hours=9 * number)),
        "session": f"s-{number}",
        "machine": "lumbar-1",
        "kind": kind,
        "side": sides(kind)[0],
        "set": 1 + number % 3,
        "mode": "train",
        "occasion": "set_end",
        "from": dose(kind, load, start, end, reps),
        "to": after,
        "state": ("applied", "applied", "refused", "applied", "expired")[number % 5],
        "refusal": {2: "STEP", 4: "superseded"}.get(number % 5),
        "why": [reason(code)],
        "split": [
            {"code": name, "kg": kg, "text_en": english, "text_zh": chinese}
            for name, kg, english, chinese in split
        ]
        if code == "load_up"
        else [],
        "binding": "SESSION_CAP" if code == "load_up" else None,
        "binding_reason": limit("limit of one session", "每節上限") if code == "load_up" else None,
        "held": code == "hold_pain",
        "raised": {"range_first": "range", "load_up": "load", "reps_up": "time"}.get(code),
        "policy": "steady",
        "model": "effort-1",
    }


def explanation() -> Json:
    def said(code: str, english: str, chinese: str) -> Json:
        return {"code": code, "values": {}, "text_en": english, "text_zh": chinese}

    moved = {"code": "growth", "kg": 0.12, "text_en": "growth", "text_zh": "進步"}
    return {
        "patient_en": "A little more weight.", "patient_zh": "重量稍為增加。", "why": [], "split": [moved],
        "split_en": "+0.12 kg growth", "split_zh": "+0.12 公斤 進步", "fitting_kg": 21.4, "moved": [moved],
        "binding": said("one_step", "one step a session", "每節一級"),
        "counter": [said("although_pain", "pain was 3 of 10", "痛楚為 3/10")],
        "confidence": {"level": "low", "sd_pct": 31.0, "sessions": 4, "text_en": "Confidence low.",
                       "text_zh": "把握低。"},
        "forecast": {"reps": 14, "low": 11, "high": 18, "text_en": "About 14 reps.", "text_zh": "約 14 次。"},
    }  # fmt: skip


def limit(english: str, chinese: str) -> Json:
    return {"code": "SESSION_CAP", "values": {}, "text_en": english, "text_zh": chinese}


PAGE_ROWS = 20
NARROWED = ("state", "kind", "side", "session")
NO_PAIN: Json = {
    "instrument": "nrs",
    "verdict": "not_enough_data",
    "change": None,
    "needed": None,
    "visits": 0,
    "needed_visits": 6,
}
NOTHING: Json = {"items": [], "next": None}


def _balance(fake: Any, _request: Request) -> Json:
    return {"pairs": [], "ratios": [], "trained": []} if fake.mood == "empty" else balance()


def _progress(fake: Any, _request: Request) -> Json:
    if fake.mood == "empty":
        visits = {"planned": 0, "attended": 0}
        return {
            "series": [],
            "pain": [],
            "readiness": [],
            "pain_change": NO_PAIN,
            "adherence": visits,
        }
    return progress()


def _adjustments(fake: Any, request: Request) -> Json:
    if fake.mood == "empty":
        return NOTHING
    asked = request.query_params
    rows = [row for row in adjustments() if all(asked.get(name, row[name]) == row[name] for name in NARROWED)]
    if asked.get("unused") == "false":
        rows = [row for row in rows if row["state"] != "expired"]
    limit = int(request.query_params.get("limit", PAGE_ROWS))
    return {"items": rows[:limit], "next": "more" if limit < len(rows) else None}


def _explanation(_fake: Any, request: Request) -> Json | None:
    known = {row["id"] for row in adjustments()}
    return explanation() if request.path_params["adjustment"] in known else None


def _request(_fake: Any, request: Request) -> Json | None:
    known = {row["id"] for row in adjustments()}
    return {"schema": 1, "kind": "trunk_rotation"} if request.path_params["adjustment"] in known else None


ROUTES = {
    **sessions.ROUTES,
    **looking.ROUTES,
    "GET /v1/patients/{patient}/balance": _balance,
    "GET /v1/patients/{patient}/progress": _progress,
    "GET /v1/patients/{patient}/adjustments": _adjustments,
    "GET /v1/adjustments/{adjustment}/explanation": _explanation,
    "GET /v1/adjustments/{adjustment}/request": _request,
    "GET /v1/adjustments/{adjustment}/decision": _request,
}
