"""Refusals as RFC 9457 problems; no answer ever repeats what was sent: it may be a PIN."""

from http import HTTPStatus

from msgspec import json
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


def problem(status: HTTPStatus, detail: str) -> Response:
    """Make the response of a refusal."""
    body = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}
    return Response(json.encode(body), status_code=status.value, media_type=MEDIA_TYPE)
