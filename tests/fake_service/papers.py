"""Notes, exercises for home, questionnaires, tests and files of the people of a made-up studio."""

from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from fake_service.people import NOW, Json, stamp
from services.office import exercises, instruments

WEEK = timedelta(weeks=1)
NOTES_MOST = 50  # of a page
HOME = (("pelvic_tilt", 7, 12, True), ("knee_to_chest", 7, 9, False), ("lying_rotation", 4, 3, False))
CLOSED = {"ball_bridge": "neutral_spine", "leg_raise": "neutral_spine", "seated_rotation": "age"}
SCORES = {"odi": (44.0, 31.0), "roland_morris": (14.0, 12.0), "nrs": (6.0, 5.0, 3.0)}
NEEDED = {"odi": 10.0, "roland_morris": 5.0, "nrs": 2.0}


def exercise(name: str) -> Json:
    """Write an exercise of the service's own catalogue as `/v1` does."""
    known = exercises.catalogue()[name]
    row = {field: getattr(known, field) for field in ("group", "text_en", "text_zh", "opens", "minutes")}
    row |= {field: list(getattr(known, field)) for field in ("steps_en", "steps_zh", "where")}
    row |= {field: getattr(known, field) for field in ("hold_s", "reps", "sets", "rest_s", "sided")}
    return {"exercise": name, **row, "closed": CLOSED.get(name)}


def _exercises(fake: Any, _request: Request) -> Json:
    names = [name for name, each in exercises.catalogue().items() if "home" in each.where]
    return {"items": [] if fake.mood == "empty" else [exercise(name) for name in names]}


def _home(fake: Any, _request: Request) -> Json:
    return {"items": [] if fake.mood == "empty" else [_prescribed(*each) for each in HOME]}


def _prescribed(name: str, times_a_week: int, days_done: int, is_done_today: bool) -> Json:
    known = exercise(name)
    expected = 2 * times_a_week
    return {
        "id": f"h-{name}", "exercise": known, "sets": known["sets"], "reps": known["reps"],
        "hold_s": float(known["hold_s"]), "times_a_week": times_a_week, "since": stamp(NOW - 3 * WEEK),
        "days_done": days_done, "days_expected": expected,
        "adherence_pct": round(100 * days_done / expected, 1), "done_today": is_done_today,
    }  # fmt: skip


def _notes(fake: Any, request: Request) -> Json:
    told = (
        ("n-2", "massage", "Deep tissue at the lower back.", "Ho Ka Ming", 1),
        ("n-1", "note", "Prefers mornings. Fears bending since March.", "Dr Wong Ka Yan", 9),
    )
    rows = [
        {"id": number, "kind": kind, "body": body, "by": who, "at": stamp(NOW - timedelta(days=days))}
        for number, kind, body, who, days in told
    ]
    if fake.mood == "empty":
        return {"items": [], "next": None}
    begin = int(request.query_params.get("cursor", 0))
    end = begin + NOTES_MOST
    return {"items": rows[begin:end], "next": str(end) if end < len(rows) else None}


def _form(_fake: Any, request: Request) -> Json | None:
    form = instruments.forms().get(request.path_params["instrument"])
    if form is None:
        return None
    items = [{"id": one.id, "text_en": one.text_en, "text_zh": one.text_zh} for one in form.items]
    return {
        "instrument": form.instrument, "text_en": form.text_en, "text_zh": form.text_zh, "most": form.most,
        "least": form.least, "items": items,
    }  # fmt: skip


def _questionnaires(fake: Any, _request: Request) -> Json:
    due = [{"instrument": name, "week": 12, "since": stamp(NOW - WEEK)} for name in ("odi", "roland_morris")]
    if fake.mood == "empty":
        nothing = {"verdict": "not_enough_data", "by": None, "needed": None}
        return {"due": [], "items": [], "changes": [{"instrument": name} | nothing for name in SCORES]}
    items = [
        {
            "id": f"{name}-{place}", "instrument": name, "week": 6 * place if name != "nrs" else None,
            "score": score, "at": stamp(NOW - (12 - 6 * place) * WEEK),
        }
        for name, scores in SCORES.items()
        for place, score in enumerate(scores)
    ]  # fmt: skip
    return {"due": due, "items": items, "changes": [_judged(name) for name in SCORES]}


def _judged(name: str) -> Json:
    by = SCORES[name][0] - SCORES[name][-1]
    verdict = "improved" if by >= NEEDED[name] else "inside_error"
    return {"instrument": name, "verdict": verdict, "by": by, "needed": NEEDED[name]}


def _score(_fake: Any, _request: Request) -> Json:
    return {"score": 24.0}


def _tests(fake: Any, _request: Request) -> Json:
    if fake.mood == "empty":
        return {"waiting": [], "tries": []}
    waiting = {"id": "t-1", "kind": "trunk_rotation", "test": "mobility", "ordered_at": stamp(NOW)}
    tries = [
        {
            "kind": "lumbar_extension", "test": "strength", "side": "both", "angle_deg": angle_deg,
            "peak_nm": peak_nm, "mean_3s_nm": peak_nm - 6, "range_deg": 0.0, "attempt": attempt,
            "at": stamp(NOW - WEEK),
        }
        for angle_deg, attempt, peak_nm in ((12.0, 1, 118.0), (12.0, 2, 124.0), (36.0, 1, 96.0))
    ]  # fmt: skip
    return {"waiting": [waiting], "tries": tries}


def _functional(fake: Any, _request: Request) -> Json:
    if fake.mood == "empty":
        return {"due": [], "standings": [], "items": []}
    first, now = NOW - 12 * WEEK, NOW - WEEK
    items = [
        _entered("f-3", "chair_stand", 12, now, stands=12),
        _entered("f-2", "chair_stand", 0, first, stands=8),
        _entered("f-1", "single_leg_stand", 0, first, left_s=6.2, right_s=45.0, cap_s=45),
    ]  # fmt: skip
    standings = [
        _standing("single_leg_stand", "left", 6.2, first),
        _standing("single_leg_stand", "right", 45.0, first),
        _standing("chair_stand", "both", 12.0, now)
        | {"first_value": 8.0, "first_at": stamp(first), "verdict": "improved", "change": 4.0, "needed": 2.5},
    ]  # fmt: skip
    due = [{"test": "single_leg_stand", "week": 12, "since": stamp(NOW - WEEK)}]
    return {"due": due, "standings": standings, "items": items}


def _entered(number: str, test: str, week: int, at: datetime, **figures: float) -> Json:
    nothing = dict.fromkeys(("left_s", "right_s", "cap_s", "stands"))
    return {"id": number, "test": test, "week": week, "at": stamp(at)} | nothing | figures


def _standing(test: str, side: str, value: float, at: datetime) -> Json:
    least = {"measure": "least", "value": 10.0, "from_years": 70, "to_years": 74, "source": "cdc_steadi_2017"}
    mean = {"measure": "mean", "value": 17.2, "from_years": 70, "to_years": 79, "source": "bohannon_2006"}
    return {
        "test": test, "side": side, "value": value, "at_cap": value == 45.0, "at": stamp(at),
        "first_value": None, "first_at": None, "verdict": "not_enough_data", "change": None, "needed": None,
        "published": least if test == "chair_stand" else mean,
    }  # fmt: skip


def _made(_fake: Any, _request: Request) -> Json:
    return {"id": "6a1f8f0e-54a3-5d0e-9c57-0f3d1f6f2b11"}


def _done(_fake: Any, _request: Request) -> Response:
    return Response(status_code=204)


def _report(_fake: Any, _request: Request) -> Response:
    return Response(b"%PDF-1.7 a page", media_type="application/pdf")


def _table(_fake: Any, _request: Request) -> Response:
    zone = {"X-Time-Zone": "Asia/Hong_Kong"}
    return Response("\ufeffday,load_kg\n2026-11-21,18.4\n".encode(), 200, zone, "text/csv; charset=utf-8")


def _record(_fake: Any, _request: Request) -> Json:
    return {"resourceType": "Bundle", "type": "collection", "entry": []}


def _everything(_fake: Any, request: Request) -> Json:
    visit = {"id": "v-1", "day": "2026-11-21", "number": 23}
    return {"patient": request.path_params["patient"], "tables": {"visit": [visit]}}


PERSON = "/v1/patients/{patient}"
ROUTES = {
    f"GET {PERSON}/notes": _notes,
    f"POST {PERSON}/notes": _made,
    "POST /v1/notes/{note}/withdraw": _done,
    f"GET {PERSON}/exercises": _exercises,
    f"GET {PERSON}/home-exercises": _home,
    f"POST {PERSON}/home-exercises": _made,
    "POST /v1/home-exercises/{exercise}/end": _done,
    f"POST {PERSON}/neutral-spine": _done,
    "GET /v1/questionnaires/{instrument}": _form,
    f"GET {PERSON}/questionnaires": _questionnaires,
    f"POST {PERSON}/questionnaires/{{instrument}}": _score,
    f"GET {PERSON}/tests": _tests,
    f"POST {PERSON}/tests": _made,
    f"GET {PERSON}/functional-tests": _functional,
    f"POST {PERSON}/functional-tests": _made,
    "POST /v1/functional-tests/{entry}/withdraw": _done,
    "POST /v1/test-orders/{test}/cancel": _done,
    f"GET {PERSON}/report.pdf": _report,
    f"GET {PERSON}/fhir": _record,
    f"GET {PERSON}/everything": _everything,
    **{
        f"GET {PERSON}/{name}.csv": _table
        for name in ("sessions", "adjustments", "progress", "pain", "balance")
    },
}
