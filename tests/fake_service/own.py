"""What comes next for a made-up person, and what the person tells about themselves."""

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from fake_service.people import NOW, PAIRED, SINGLE, Json, stamp
from services.office.exercises import names

DONE = 204
GUIDED = ("walk", "pelvic_tilt")


def outlook(morning_nrs: int | None) -> Json:
    stations = [_stop(GUIDED[0]), *map(_stop, (*SINGLE, *PAIRED)), _stop(GUIDED[1])]
    visit = {
        "starts_at": stamp(NOW + timedelta(days=2)), "minutes": 40, "site": "OpenSpine Central",
        "stations": stations,
    }  # fmt: skip
    morning = {
        "visit_at": stamp(NOW - timedelta(days=1)), "nrs": morning_nrs,
        "settled": None if morning_nrs is None else morning_nrs <= 4, "open": morning_nrs is None,
    }  # fmt: skip
    return {"visit": visit, "morning": morning, "waiting": []}


def _stop(station: str) -> Json:
    english, chinese = names(station) if station in GUIDED else (None, None)
    guided = station in GUIDED
    return {"station": station, "guided": guided, "minutes": 5, "text_en": english, "text_zh": chinese}


def _outlook(fake: Any, _request: Request) -> Json:
    if fake.mood == "empty":
        return {"visit": None, "morning": None, "waiting": []}
    told = [body["value"] for _, where, body in fake.orders if where.endswith("/answers")]
    return outlook(told[-1] if told else None) | {"waiting": fake.waiting}


def _done(_fake: Any, _request: Request) -> Response:
    return Response(status_code=DONE)


def _language(fake: Any, _request: Request) -> Response:
    fake.language = fake.orders[-1][2]["language"]
    return Response(status_code=DONE)


ROUTES = {
    "GET /v1/patients/{patient}/outlook": _outlook,
    "POST /v1/patients/{patient}/answers": _done,
    "POST /v1/patients/{patient}/ticks": _done,
    "PUT /v1/patients/{patient}/language": _language,
}
