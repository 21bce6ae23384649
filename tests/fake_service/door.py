"""The door of a made-up studio: which service it is, who looks, and the way in and out."""

from html import escape
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from fake_service.people import NOW, Json, stamp

TOKEN = "opaque"  # noqa: S105 (lets in while people are asked to sign in; opens nothing real)
FRESH_UNTIL = "2099-01-01T00:00:00Z"


def _about(fake: Any, _request: Request) -> Json:
    return {
        "name": "OpenSpine", "version": "0.1.0", "demo": fake.is_demo, "zone": "Asia/Hong_Kong",
        "origin": "sim", "policy": "steady", "model": "effort-1", "attention": fake.attention,
        "sign_in": fake.role is not None,
    }  # fmt: skip


def _me(fake: Any, _request: Request) -> Json:
    is_patient = fake.role == "patient"
    return {
        "mark": fake.mark,
        "id": "p-1" if is_patient else "u-1",
        "name": "Chan Mei Ling" if is_patient else "Dr Wong Ka Yan",
        "role": fake.role,
        "sites": None,
        "zone": "Asia/Hong_Kong",
        "patient": "p-1" if is_patient else None,
        "language": fake.language,
        "provider": fake.provider,
        "expires_at": stamp(NOW),
        "stepped_up_until": fake.stepped_up_until,
    }


def _sign_out(fake: Any, _request: Request) -> Response:
    fake.tokens.clear()
    return Response(status_code=204)


def _step_up(fake: Any, _request: Request) -> Json:
    fake.stepped_up_until = FRESH_UNTIL
    return {"stepped_up_until": FRESH_UNTIL}


def sign_in(fake: Any, request: Request) -> Response:
    """Show the service's door: one click lets everybody in."""
    after = request.query_params["next"]
    if "enter" not in request.query_params:
        target = f"/sign-in?{urlencode({'enter': 'yes', 'next': after})}"
        return HTMLResponse(f'<title>Sign in</title><h1>Door</h1><a href="{escape(target)}">Enter</a>')
    fake.tokens.add(TOKEN)
    answer = RedirectResponse(after, status_code=303)
    answer.set_cookie("openspine", TOKEN, httponly=True, samesite="strict")
    return answer


ROUTES = {
    "GET /v1/about": _about,
    "GET /v1/me": _me,
    "POST /v1/sign-out": _sign_out,
    "POST /v1/step-up": _step_up,
}
