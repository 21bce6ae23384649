"""Between a request that writes and the office: who acts, and a refusal as a problem."""

from http import HTTPStatus
from typing import TypeVar

from services.api.context import Context
from services.api.deps import Work
from services.api.problems import Refused, bad_value, not_found
from services.keys.command import CommandKey
from services.office.refusal import Act, Refusal

Done = TypeVar("Done")


def act(doing: Work) -> Act:
    """Say who does something, and when."""
    return Act(by=doing.actor.id, name=doing.actor.name, at_ms=doing.now_ms)


def done(result: Done | Refusal) -> Done:
    """Return what was done; raises Refused with the reason why it was not, and nothing is written then."""
    if not isinstance(result, Refusal):
        return result
    if result.kind == "missing":
        raise not_found(result.what)
    if result.kind == "mistake":
        raise bad_value(result.where, result.what)
    is_overtaken = result.kind == "overtaken"
    raise Refused(HTTPStatus.PRECONDITION_FAILED if is_overtaken else HTTPStatus.CONFLICT, result.what)


def command_key(here: Context) -> CommandKey:
    """Return the key that signs what machines are sent; raises Refused where this service has none."""
    if here.command is None:
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "This service sends nothing to machines.")
    return here.command
