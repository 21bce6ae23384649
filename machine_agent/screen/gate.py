"""What stands before every route: only this machine's own page may speak, and nothing foreign is loaded."""

from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from machine_agent.screen.refusals import problem

LOOPBACK = ("127.0.0.1", "localhost")
SAFE_METHODS = ("GET", "HEAD")
OWN_SITES = ("same-origin", "none")  # `Sec-Fetch-Site` of our page and of an address typed into the browser
SENT_WITH_EVERYTHING = {
    "content-security-policy": "default-src 'self'; base-uri 'none'; form-action 'none'",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class Gate:
    """Refuses foreign hosts (DNS rebinding), foreign origins and posts that are no JSON."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Judge a request before any route sees it."""

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SENT_WITH_EVERYTHING.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-store")
            await send(message)

        if scope["type"] != "http":
            return
        refused = _refusal(scope["method"], Headers(scope=scope))
        app = self._app if refused is None else problem(*refused)
        await app(scope, receive, send_guarded)


def _refusal(method: str, headers: Headers) -> tuple[HTTPStatus, str] | None:
    host = headers.get("host", "")
    if _name_of(host) not in LOOPBACK:
        return HTTPStatus.MISDIRECTED_REQUEST, "Only this machine itself may ask."
    if headers.get("sec-fetch-site", "none") not in OWN_SITES:
        return HTTPStatus.FORBIDDEN, "Another page may not ask."
    origin = headers.get("origin")
    if origin != f"http://{host}" and (origin is not None or method not in SAFE_METHODS):
        return HTTPStatus.FORBIDDEN, "Another page may not ask."
    if method not in SAFE_METHODS and _media_type(headers) != "application/json":
        return HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "A touch is JSON."
    return None


def _name_of(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() else host


def _media_type(headers: Headers) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()
