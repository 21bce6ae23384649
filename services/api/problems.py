"""Refusals as RFC 9457 problems. No answer ever repeats what was sent: it may be NaN, or somebody's name."""

from collections.abc import Mapping, Sequence
from functools import cache
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError
from starlette.exceptions import HTTPException

from services.api.codes import PLAIN, coded
from services.api.schemas import Mistake, Problem
from services.api.schemas.shape import field_names

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
OUTSIDE_OF_SCOPE = "42501"  # PostgreSQL: insufficient privilege
UNKNOWN_PLACE = "body"
PLACES = ("query", "path", "header", UNKNOWN_PLACE)
UNASKED = "extra_forbidden"  # its place ends with the sender's own word, which may be one of ours elsewhere
QUOTING = ("union_tag_invalid", "value_error", "assertion_error")  # their messages may repeat what was sent
STEP_UP = "urn:openspine:problem:step-up"  # the one type that a screen answers with a question
UNREADABLE = "The body cannot be read: JSON in UTF-8 is wanted."
OWN_WORDS = {HTTPStatus.BAD_REQUEST: UNREADABLE}
UNQUOTED = "Not a value that may stand here."


class Refused(Exception):  # noqa: N818 (a refusal is an answer, not an error)
    """A request that is answered with a problem."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        mistakes: Sequence[Mistake] = (),
        headers: Mapping[str, str] | None = None,
        kind: str = PLAIN,
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.headers = headers
        self.status = status
        self.detail = detail
        self.mistakes = mistakes


class BodyRefused(HTTPException):
    """A refusal while a body is read: there the framework lets through no other error with its sentence."""


def not_found(what: str) -> Refused:
    """Refuse because there is no such thing, or because it is not for the one who asks."""
    return Refused(HTTPStatus.NOT_FOUND, f"There is no such {what}.")


def bad_value(where: str, what: str) -> Refused:
    """Refuse one value of the request."""
    mistakes = [Mistake(where=where, what=what)]
    return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "The request has a mistake.", mistakes)


def install(app: FastAPI) -> None:
    """Answer every refusal of the application with a problem."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    for outage in (OperationalError, InterfaceError):
        app.add_exception_handler(outage, _database)
    app.add_exception_handler(ProgrammingError, _fenced)


def answer(
    status: HTTPStatus,
    detail: str,
    mistakes: Sequence[Mistake] = (),
    headers: Mapping[str, str] | None = None,
    instance: str | None = None,
    kind: str = PLAIN,
) -> JSONResponse:
    """Make the response of a problem."""
    named = coded(detail)
    problem = Problem(
        type=named.type if kind == PLAIN else kind,
        title=status.phrase,
        status=status.value,
        detail=detail,
        instance=instance or f"urn:uuid:{uuid4()}",
        mistakes=[one.model_copy(update=coded(one.what)._asdict()) for one in mistakes],
        values=named.values,
    )
    return JSONResponse(
        problem.model_dump(), status_code=status.value, headers=headers, media_type=MEDIA_TYPE
    )


def _instance(request: Request) -> str:
    """Name the occurrence as the log line of the request names it."""
    return f"urn:uuid:{request.scope.get('state', {}).get('request_id') or uuid4()}"


async def _refused(request: Request, refused: Exception) -> JSONResponse:
    assert isinstance(refused, Refused)  # noqa: S101 (registered for this type)
    return answer(
        refused.status,
        refused.detail,
        refused.mistakes,
        refused.headers,
        instance=_instance(request),
        kind=refused.kind,
    )


async def _invalid(request: Request, invalid: Exception) -> JSONResponse:
    assert isinstance(invalid, RequestValidationError)  # noqa: S101 (registered for this type)
    mistakes = [_mistake(error) for error in invalid.errors()]
    detail = "The request has a mistake." if len(mistakes) == 1 else "The request has mistakes."
    return answer(HTTPStatus.UNPROCESSABLE_ENTITY, detail, mistakes, instance=_instance(request))


def _mistake(error: Mapping[str, Any]) -> Mistake:
    """Keep place and rule of a mistake."""
    is_quoting = error["type"] in QUOTING
    return Mistake(where=_where(error), what=UNQUOTED if is_quoting else str(error["msg"]))


def _where(error: Mapping[str, Any]) -> str:
    """Name the place of a mistake; of a body's, only places in a list and names of ours are said.

    A key of the sender is text, and stays away even if all of it are digits: it may be a telephone number.
    """
    first, *rest = error["loc"]
    rest = rest[:-1] if error["type"] == UNASKED else rest
    if first == UNKNOWN_PLACE:
        rest = [part for part in rest if isinstance(part, int) or part in _known_fields()]
    return ".".join(str(part) for part in (first, *rest)) if first in PLACES else UNKNOWN_PLACE


@cache
def _known_fields() -> frozenset[str]:
    return field_names()  # when all routes, and with them all bodies, are there


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 (registered for this type)
    status = HTTPStatus(error.status_code)
    own_words = error.detail if isinstance(error, BodyRefused) else OWN_WORDS.get(status)
    detail = own_words or f"{status.description or status.phrase}."
    return answer(status, detail, headers=error.headers, instance=_instance(request))


async def _database(request: Request, _error: Exception) -> JSONResponse:
    return answer(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The database does not answer; the machines keep what they measure.",
        headers={"Retry-After": str(RETRY_AFTER_S)},
        instance=_instance(request),
    )


async def _fenced(request: Request, error: Exception) -> JSONResponse:
    """Refuse what PostgreSQL's row-level security refused: a write that leaves the actor's scope."""
    if getattr(getattr(error, "orig", None), "sqlstate", None) != OUTSIDE_OF_SCOPE:
        raise error
    detail = "This would leave the sites at which your role holds."
    return answer(HTTPStatus.FORBIDDEN, detail, instance=_instance(request))


def unexpected(request_id: str) -> JSONResponse:
    """Answer for a bug; only the log knows more."""
    return answer(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "Something went wrong here; the log has it under this instance.",
        instance=f"urn:uuid:{request_id}",
    )
