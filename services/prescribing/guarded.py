"""Nobody but operators and clinicians gets further than health and figures; no body is read before that."""

from http import HTTPStatus
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from services.access import Actor
from services.api import problems
from services.prescribing import operators
from services.store.reading import signers

OPEN_PATHS = ("/healthz", "/readyz", "/metrics")
SCHEME = "bearer "
READING = ("GET", "HEAD")
AGAIN = "Prove again who you are: step up first."
NOBODY = "A token of an operator, or of a clinician who has signed in, is needed."


class OperatorsOnly:
    """ASGI middleware: names who asks in the request's state, or refuses."""

    def __init__(self, app: ASGIApp, listed: Path) -> None:
        self._app = app
        self._listed = listed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with who asks."""
        if scope["type"] != "http" or scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("authorization", "")
        token = given[len(SCHEME) :] if given.lower().startswith(SCHEME) else ""
        actor = await run_in_threadpool(self._who, scope, token) if token else None
        if actor is None:
            await _refuse(scope, receive, send, HTTPStatus.UNAUTHORIZED, NOBODY)
        elif actor.role != "clinician":
            await _refuse(scope, receive, send, HTTPStatus.FORBIDDEN, "Only clinicians sign limits.")
        elif scope["method"] not in READING and not actor.stepped_up:
            await _refuse(scope, receive, send, HTTPStatus.FORBIDDEN, AGAIN)
        else:
            scope["state"]["actor"] = actor
            await self._app(scope, receive, send)

    def _who(self, scope: Scope, token: str) -> Actor | None:
        """Name whose token it is: an operator's, or one of the service's sign-in."""
        desk = scope["app"].state.desk
        try:
            operator = operators.who(self._listed, token, desk.now_ms())
        except operators.OperatorsUnusableError:
            operator = None
        if operator is not None and operator.staff is None:
            return _of(operator.name, operator)
        with desk.engine.connect() as connection:
            if operator is None or operator.staff is None:
                return signers.signer_of(connection, token, desk.now_ms())
            is_known = bool(signers.accounts(connection, (operator.staff,)))
        return _of(operator.staff, operator) if is_known else None


def _of(number: str, operator: operators.Operator) -> Actor:
    return Actor(id=number, name=operator.name, role="clinician", stepped_up=True)


async def _refuse(scope: Scope, receive: Receive, send: Send, status: HTTPStatus, why: str) -> None:
    refusal = problems.answer(
        status,
        why,
        headers={"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else None,
        instance=f"urn:uuid:{scope['state']['request_id']}",
        kind=problems.STEP_UP if why == AGAIN else "about:blank",
    )
    await refusal(scope, receive, send)
