"""Nobody without an operator's token gets further than the health checks; no body is read before that."""

from http import HTTPStatus
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from services.api import problems
from services.prescribing import operators

OPEN_PATHS = ("/healthz", "/readyz")
SCHEME = "bearer "


class OperatorsOnly:
    """ASGI middleware: names the operator in the request's state, or refuses."""

    def __init__(self, app: ASGIApp, listed: Path) -> None:
        self._app = app
        self._listed = listed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with the operator's name."""
        if scope["type"] != "http" or scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("authorization", "")
        token = given[len(SCHEME) :] if given.lower().startswith(SCHEME) else ""
        try:
            name = await run_in_threadpool(operators.who, self._listed, token) if token else None
        except operators.OperatorsUnusableError:
            name = None
        if name is None:
            await _refuse(scope, receive, send)
            return
        scope["state"]["operator"] = name
        await self._app(scope, receive, send)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    refusal = problems.answer(
        HTTPStatus.UNAUTHORIZED,
        "An operator's token is needed.",
        headers={"WWW-Authenticate": "Bearer"},
        instance=f"urn:uuid:{scope['state']['request_id']}",
    )
    await refusal(scope, receive, send)
