"""Decides from bytes to bytes: the same request gives the same bytes, in a log, a test or a demo."""

from collections.abc import Callable

import msgspec

from ml import artifact
from ml.adjust import adjust
from ml.decision import Decision
from ml.effort.model import RULE_NAME, EffortModel, RuleEffort
from ml.request import Request

REFUSAL = b'{"refused":'  # how the answer to what cannot be decided begins
_REQUEST = msgspec.json.Decoder(Request)


def decide(request_bytes: bytes, models: Callable[[], EffortModel] = artifact.default) -> bytes:
    """Decide a logged request; the answer is canonical JSON, or `{"refused": reason}`."""
    request = read_request(request_bytes)
    if isinstance(request, str):
        return write({"refused": request})
    effort = effort_for(request.model, models)
    if effort is None:
        return write({"refused": f"model {request.model} is not at hand, only {models().name}"})
    try:
        return write(adjust(request, effort))
    except (ArithmeticError, LookupError, ValueError) as problem:  # numbers that no person and no machine has
        return write({"refused": f"request: no decision from such figures ({type(problem).__name__})"})


def effort_for(model: str, models: Callable[[], EffortModel]) -> EffortModel | None:
    """Return the effort model that a request names; None when it is not at hand ("": whichever is)."""
    effort = RuleEffort() if model == RULE_NAME else models()
    return effort if model in ("", effort.name) else None


def read_request(request_bytes: bytes) -> Request | str:
    """Read a request, or say in one line why it is none."""
    try:
        return _REQUEST.decode(request_bytes)
    except msgspec.DecodeError as problem:
        return f"request: {problem}"


def write(answer: Request | Decision | dict[str, str]) -> bytes:
    """Write canonical JSON: keys sorted, no spaces."""
    return msgspec.json.encode(answer, order="deterministic")
