"""Made-up people in the shape of `/v1`, and what all made-up bodies are built of."""

# ruff: noqa: RUF001 - Chinese text has Chinese punctuation

from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request

from contract.machines import catalogue

Json = dict[str, Any]
NOW = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)
PAIRED = ("trunk_rotation", "lateral_flexion", "hip_abduction")
SINGLE = ("lumbar_extension", "lumbar_flexion")
NAMES = (
    ("Chan Mei Ling", "female", 72, "red"), ("Lee Kwok Wai", "male", 41, "red"),
    ("Wong Siu Ming", "male", 55, "red"), ("Cheung Ka Yan", "female", 36, "amber"),
    ("Ho Wai Man", "female", 48, "fine"), ("Lau Chi Keung", "male", 63, "fine"),
    ("Ng Pui Shan", "female", 29, "fine"), ("Tang Yuk Lan", "female", 67, "fine"),
    ("Yip Ho Yin", "male", 33, "fine"), ("Fung Lai Sheung", "female", 58, "fine"),
    ("Kwok Tsz Hin", "male", 45, "fine"), ("Mak Oi Lam", "female", 51, "fine"),
)  # fmt: skip
REASONS = {
    "range_first": ("All good: 5° more range first.", "一切良好：先增加活動幅度5°。"),
    "load_up": ("Two good sets: a little more weight.", "兩組都做得好：重量稍為增加。"),
    "reps_up": ("Range is complete: two reps more.", "幅度已足夠：增加兩次。"),
    "hold_pain": ("Pain 5 is above your usual: nothing rises today.", "疼痛5分，比平常高：今天不增加。"),
    "too_hard": ("That was very hard: 10 % less weight.", "太吃力了：重量減10%。"),
}
ATTENTION = {
    "red": ("pain_red", "Pain 7 before training, usual 3.", "訓練前疼痛7分，平常3分。"),
    "amber": ("technique", "Four reps too fast in set 2.", "第二組有四次太快。"),
}


def stamp(at: datetime) -> str:
    """Write a moment as the API does."""
    return at.isoformat().replace("+00:00", "Z")


def reason(code: str) -> Json:
    english, chinese = REASONS[code]
    return {"code": code, "values": {"delta_g": 500}, "text_en": english, "text_zh": chinese}


def attention(light: str) -> list[Json]:
    if light not in ATTENTION:
        return []
    code, english, chinese = ATTENTION[light]
    return [{"code": code, "values": {}, "text_en": english, "text_zh": chinese}]


def angles(kind: str, start_deg: float, end_deg: float) -> Json:
    machine = catalogue()[kind]
    return {
        "start_deg": start_deg,
        "end_deg": end_deg,
        "clinical_start_deg": machine.clinical_deg(start_deg),
        "clinical_end_deg": machine.clinical_deg(end_deg),
    }


def dose(kind: str, load_kg: float, start_deg: float, end_deg: float, reps: int = 12) -> Json:
    return {
        "load_kg": round(load_kg, 1),
        **angles(kind, start_deg, end_deg),
        "reps": reps,
        "work_s": 0.0,
        "tempo_s": [2.0, 0.0, 3.0],
        "rest_s": 60.0,
    }


def patient_rows() -> list[Json]:
    return [_patient_row(number, *who) for number, who in enumerate(NAMES, start=1)]


def _patient_row(number: int, name: str, sex: str, age: int, light: str) -> Json:
    return {
        "id": f"p-{number}",
        "code": f"P-{number:04d}",
        "name": name,
        "age_years": age,
        "sex": sex,
        "profile": "rehab",
        "phase": ("restore", "build", "build", "strengthen")[number % 4],
        "light": light,
        "last_visit_at": stamp(NOW - timedelta(days=number % 5)),
        "visits": 24 - number % 3,
        "flags": ["calibrating"] if number % 4 == 0 else [],
        "attention": attention(light),
    }


def patient(row: Json) -> Json:
    return row | {
        "mass_kg": 58.0,
        "language": "zh-HK",
        "baseline_nrs": 3,
        "back_pain": True,
        "osteoporosis": False,
        "hypermobile": False,
        "stations": [_station(kind) for kind in (*SINGLE, *PAIRED)],
        "proposed_kinds": ["lumbar_extension"],
        "zone": "Asia/Hong_Kong",
    }


def sides(kind: str) -> tuple[str, ...]:
    return ("left", "right") if kind in PAIRED else ("both",)


def _station(kind: str) -> Json:
    low, high = (limit / 100 for limit in catalogue()[kind].default_cdeg)
    clinical = angles(kind, low, high)
    return {
        "kind": kind,
        "sides": list(sides(kind)),
        "phase": "build",
        "last_trained_at": stamp(NOW),
        "limits": {
            "version": 2,
            "max_load_kg": 40.0,
            "phase_cap_kg": 28.5,
            "ranges": [
                {
                    "side": side,
                    "lowest_deg": low,
                    "highest_deg": high,
                    "clinical_lowest_deg": min(clinical["clinical_start_deg"], clinical["clinical_end_deg"]),
                    "clinical_highest_deg": max(clinical["clinical_start_deg"], clinical["clinical_end_deg"]),
                }
                for side in sides(kind)
            ],
            "signed_by": "Dr Demo (DEMO)",
            "signed_at": stamp(NOW - timedelta(days=12)),
            "valid_until": stamp(NOW + timedelta(days=30)),
        },
        "doses": [
            {"side": side, "mode": "train", "at": stamp(NOW), "dose": dose(kind, 18.4, low + 6, high - 4)}
            for side in sides(kind)
        ],
    }


def _patients(fake: Any, request: Request) -> Json:
    wanted = request.query_params.get("search", "").lower()
    rows = [] if fake.mood == "empty" else patient_rows()
    kept = [row for row in rows if wanted in row["name"].lower() or wanted in row["code"].lower()]
    return {"items": kept, "next": None}


def _patient(fake: Any, request: Request) -> Json | None:
    wanted = request.path_params["patient"]
    for row in patient_rows():
        if row["id"] == wanted:
            person = patient(row)
            if fake.circuit is not None:
                person["stations"] = [_station(kind) for kind in fake.circuit]
            return person | {"stations": []} if fake.mood == "empty" else person
    return None


ROUTES = {"GET /v1/patients": _patients, "GET /v1/patients/{patient}": _patient}
