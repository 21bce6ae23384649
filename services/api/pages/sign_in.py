"""The sign-in page: own files only, in both languages; it leads on to a page of our own or nowhere else."""

from html import escape
from pathlib import Path
from string import Template
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from services.api.context import Here
from services.api.problems import not_found

FOLDER = Path(__file__).with_name("door")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
MEDIA = {"page.css": "text/css", "page.js": "text/javascript", "words.js": "text/javascript"}
NEXT_MOST = 2_000  # characters: what browsers take for an address
ENGLISH, CHINESE = "en", "zh-HK"
# Where the page leads is decided by `where`, and no address is repeated in a refusal.
Next = Annotated[str, Query(max_length=NEXT_MOST, description="where to go on to, on the dashboard")]
Again = Annotated[bool, Query(description="prove oneself anew at the identity provider")]
LanguageChoice = Annotated[str, Query(max_length=16, description="en or zh-HK; else as the browser wishes")]

router = APIRouter(include_in_schema=False)


@router.get("/sign-in")
def show_sign_in(
    request: Request,
    here: Here,
    next: Next = "",  # noqa: A002 (the name in the address)
    language: LanguageChoice = "",
    *,
    again: Again = False,
) -> Response:
    """Show the page in the language that was asked for, or that the browser wishes."""
    template = Template((FOLDER / "page.html").read_text(encoding="utf-8"))
    wished = language or request.headers.get("accept-language", "")
    filled = template.substitute(
        language=CHINESE if wished.lower().startswith("zh") else ENGLISH,
        next=escape(where(next, here.door.origins, request.url.hostname), quote=True),
        provider=escape(here.door.provider.registered.name if here.door.provider else "", quote=True),
        again="again" if again else "",
    )
    headers = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"}
    return HTMLResponse(filled, headers=headers)


@router.get("/sign-in/{name}")
def show_sign_in_part(name: str) -> Response:
    """Hand out the page's style and scripts."""
    if name not in MEDIA:
        raise not_found("page")
    return Response((FOLDER / name).read_bytes(), media_type=MEDIA[name])


def where(wanted: str, origins: tuple[str, ...], host: str | None) -> str:
    """Return where the page leads: as asked if it is on the dashboard, else to the dashboard's start."""
    try:
        parts = urlsplit(wanted)
    except ValueError:
        parts = urlsplit("")
    if f"{parts.scheme}://{parts.netloc}" in origins and "\\" not in wanted:
        return parts.geturl()  # as it was judged, not as it was sent
    same_name = [origin for origin in origins if urlsplit(origin).hostname == host]
    return next(iter([*same_name, *origins]), "/")
