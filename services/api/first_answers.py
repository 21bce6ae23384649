"""`Idempotency-Key`: a request that is sent again is done once, and answered as it was the first time."""

import hashlib
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.access import Actor
from services.api.problems import Refused
from services.store import first_answers as store
from services.store.engine import writing

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern="^[A-Za-z0-9_-]{8,64}$",
        description="the same key again within a day: done once, answered as the first time",
    ),
]
REPEATED = "Idempotent-Replay"
CLAIMED = "claimed"  # in the state of a request: what its answer is to be kept for
UNKEPT = "unkept"  # as above: the answer is shown once and kept nowhere


class Repeated(Exception):  # noqa: N818 (an answer, not an error)
    """A request that was done before; carries its first answer."""

    def __init__(self, status: int, answer: str) -> None:
        super().__init__("done before")
        self.status, self.answer = status, answer


async def body_of(request: Request) -> bytes:
    """Read what is asked for, as it was sent."""
    return await request.body()


Body = Annotated[bytes, Depends(body_of)]


def once(request: Request) -> None:
    """Keep the answer of a route nowhere: it holds a PIN, a code, or whatever is shown once."""
    request.state.unkept = True


SHOWN_ONCE = [Depends(once)]


def claim(request: Request, connection: Connection, who: Actor, key: str, body: bytes, now_ms: int) -> None:
    """Take the key inside the transaction of the request; raises Repeated or Refused when it was taken."""
    asked = f"{request.method} {request.url.path}?{request.url.query}\n".encode() + body
    wanted = store.Claim(actor=who.id, key=key, request_hash=hashlib.sha256(asked).hexdigest())
    first = store.claim(connection, wanted, now_ms)
    if first is None:
        request.state.claimed = wanted
        return
    if not first.is_same:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "This Idempotency-Key was used for another request.")
    if first.status is None:
        raise Refused(HTTPStatus.CONFLICT, "This was done before; its answer was lost.")
    raise Repeated(first.status, first.answer or "")


async def repeat(_request: Request, repeated: Exception) -> Response:
    """Answer as the first time."""
    assert isinstance(repeated, Repeated)  # noqa: S101 (registered for this type)
    kind = "application/json" if repeated.answer else None
    return Response(repeated.answer, repeated.status, headers={REPEATED: "true"}, media_type=kind)


class FirstAnswers:
    """ASGI middleware: keeps the answer of every request that has claimed a key."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and keep its answer before it goes out."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started: list[Message] = []
        sent: list[bytes] = []

        async def send_kept(message: Message) -> None:
            state = scope.get("state", {})
            claimed: store.Claim | None = state.get(CLAIMED)
            if claimed is None or UNKEPT in state:
                await send(message)
            elif message["type"] == "http.response.start":
                started.append(message)
            else:
                sent.append(message.get("body", b""))
                if not message.get("more_body", False):
                    await run_in_threadpool(
                        _keep, scope["app"], claimed, started[0]["status"], b"".join(sent)
                    )
                    await send(started[0])
                    await send({"type": "http.response.body", "body": b"".join(sent)})

        await self._app(scope, receive, send_kept)


def _keep(app: Any, claimed: store.Claim, status: int, body: bytes) -> None:
    if status >= HTTPStatus.BAD_REQUEST:
        return  # the transaction was rolled back, and the claim with it
    with writing(app.state.context.engine) as connection:
        store.keep(connection, claimed, status, body.decode())
