"""No body is read beyond a limit of size or depth, or in anything but UTF-8: a problem says so instead."""

from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.api import problems

BODY_MOST_BYTES = 64 * 1024  # as on the wire; nothing that a studio says is larger
DEPTH_MOST = 16  # twice as deep as on the wire; nothing that a screen says is half as deep
TOO_LARGE = f"A body may have {BODY_MOST_BYTES} bytes."
TOO_DEEP = f"A body may be nested {DEPTH_MOST} deep."
NUL = b"\0"  # never in JSON as it is sent (RFC 8259: UTF-8), always in UTF-16 and UTF-32, which Python reads
OPENING, CLOSING, QUOTE, ESCAPE = b"[{", b"]}", ord('"'), ord("\\")


class Nesting:
    """How deep JSON goes that comes in pieces; brackets within strings do not count."""

    def __init__(self) -> None:
        self._depth = 0
        self._is_text = self._is_escaped = False

    def is_too_deep(self, piece: bytes) -> bool:
        """Read the next piece, up to the bracket that is one too many."""
        for byte in piece:
            if self._is_escaped:
                self._is_escaped = False
            elif byte == QUOTE:
                self._is_text = not self._is_text
            elif self._is_text:
                self._is_escaped = byte == ESCAPE
            elif byte in OPENING:
                self._depth += 1
                if self._depth > DEPTH_MOST:
                    return True
            elif byte in CLOSING:
                self._depth -= 1
        return False


class BodyLimit:
    """ASGI middleware: refuses what is announced too large, and stops at what is, is too deep or no UTF-8."""

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
        read_bytes, nesting = 0, Nesting()

        async def receive_counted() -> Message:
            nonlocal read_bytes
            message = await receive()
            piece = message.get("body", b"")
            read_bytes += len(piece)
            if read_bytes > BODY_MOST_BYTES:
                raise problems.BodyRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE)
            if NUL in piece:  # brackets can be counted in UTF-8 only
                raise problems.BodyRefused(HTTPStatus.BAD_REQUEST, problems.UNREADABLE)
            if nesting.is_too_deep(piece):
                raise problems.BodyRefused(HTTPStatus.BAD_REQUEST, TOO_DEEP)
            return message

        await self._app(scope, receive_counted, send)


def _announced_bytes(scope: Scope) -> int:
    announced = Headers(scope=scope).get("content-length", "")
    return int(announced) if announced.isdecimal() else 0


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    instance = f"urn:uuid:{scope['state']['request_id']}"
    refusal = problems.answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE, instance=instance)
    await refusal(scope, receive, send)
