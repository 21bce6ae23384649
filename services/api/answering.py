"""Between a request that writes and the office: who acts, and a refusal as a problem."""

from http import HTTPStatus
from typing import TypeVar

from services.api.deps import Work
from services.api.problems import Refused, bad_value, not_found
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
    raise Refused(HTTPStatus.CONFLICT, result.what)
