"""Answers that are files: what a browser saves, and no cache keeps."""

from typing import Any

from fastapi import Response

from services.exports.csv.text import MEDIA_TYPE as CSV

Responses = dict[int | str, dict[str, Any]]


def attachment(content: bytes, name: str, media_type: str) -> Response:
    """Hand a file over; its name says nothing about whom it is."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)


def table(content: bytes, name: str) -> Response:
    """Hand over a table."""
    return attachment(content, f"{name}.csv", CSV)


def described(media_type: str, what: str) -> Responses:
    """Describe the answer of a route that hands over a file."""
    return {200: {"description": what, "content": {media_type: {}}}}


TABLE = described("text/csv", "a table; the header line says units and the time zone")
