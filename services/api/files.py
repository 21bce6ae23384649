"""Answers that are files: what a browser saves, and no cache keeps."""

from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Response

from services.exports.csv.text import MEDIA_TYPE as CSV

Responses = dict[int | str, dict[str, Any]]
ZONE = "X-Time-Zone"  # of the times in a file, for a screen that says what it hands on


def attachment(content: bytes, name: str, media_type: str, zone: str = "UTC") -> Response:
    """Hand a file over; its name says nothing about whom it is, `zone` is that of its times."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        ZONE: zone,
    }
    return Response(content, media_type=media_type, headers=headers)


def table(content: bytes, name: str, zone: ZoneInfo) -> Response:
    """Hand over a table, written in a zone."""
    return attachment(content, f"{name}.csv", CSV, str(zone))


def described(media_type: str, what: str) -> Responses:
    """Describe the answer of a route that hands over a file."""
    zone = {"description": "the zone of the times in it", "schema": {"type": "string"}}
    return {200: {"description": what, "content": {media_type: {}}, "headers": {ZONE: zone}}}


TABLE = described("text/csv", "a table; the header line says units and the time zone")
