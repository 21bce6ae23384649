"""No body is read beyond a limit; the framework's own limit answers in plain text instead of a problem."""

from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.api import problems

BODY_MOST_BYTES = 64 * 1024  # as on the wire; nothing that a studio says is larger


class BodyLimit:
    """ASGI middleware: refuses what is announced too large, and stops reading what turns out to be."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a receive that counts."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _announced_bytes(scope) > BODY_MOST_BYTES:
            await _refuse(scope, receive, send)
            return
        read_bytes = 0

        async def receive_counted() -> Message:
            nonlocal read_bytes
            message = await receive()
            read_bytes += len(message.get("body", b""))
            if read_bytes > BODY_MOST_BYTES:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return message

        await self._app(scope, receive_counted, send)


def _announced_bytes(scope: Scope) -> int:
    announced = Headers(scope=scope).get("content-length", "")
    return int(announced) if announced.isdecimal() else 0


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    instance = f"urn:uuid:{scope['state']['request_id']}"
    detail = f"A body may have {BODY_MOST_BYTES} bytes."
    refusal = problems.answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, instance=instance)
    await refusal(scope, receive, send)
