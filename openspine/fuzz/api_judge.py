"""What every answer of the API must keep to, whatever was asked."""

import json
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from schemathesis import Case
from schemathesis.core.failures import FailureGroup
from schemathesis.core.transport import Response
from schemathesis.specs.openapi import checks

from openspine.fuzz.api_cases import SECRET, Asked
from services.api import codes

CHECKS = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
FIELD = re.compile("[a-z_]+")  # names of fields and choices stand in answers too
ECHO_LEAST = 9  # characters: shorter words stand in every answer by chance
# What problems say by themselves; hypothesis draws short texts of the loaded code, which are nobody's words.
_TYPES = (codes.PLAIN, *(codes.PREFIX + code for code in codes.catalogue()))
OWN = "\n".join(("urn:uuid:", *_TYPES, *codes.catalogue().values(), *(one.phrase for one in HTTPStatus)))


def faults(asked: Asked, answer: Response) -> list[str]:
    """List what is wrong with an answer; nothing when it keeps to everything."""
    found = [] if answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR else [f"status {answer.status_code}"]
    found += [] if found else _unlike_schema(asked.case, answer)
    if answer.status_code >= HTTPStatus.BAD_REQUEST:
        text = answer.text
        is_echo = any(one in text or _in_json(one) in text for one in _words(asked.case))
        found += ["repeats what was sent"] if is_echo else []
    return found


def _unlike_schema(case: "Case[Any]", answer: Response) -> list[str]:
    try:
        case.validate_response(answer, checks=CHECKS)
    except FailureGroup as group:
        return [f"{type(one).__name__}: {str(one)[:200]}" for one in group.exceptions]
    return []


def _in_json(words: str) -> str:
    """Write them as they stand in a JSON text, where quotes and line ends have a stroke before them."""
    return json.dumps(words, ensure_ascii=False)[1:-1]


def _words(case: "Case[Any]") -> Iterator[str]:
    """Find every text of a request that could be somebody's words."""
    yield SECRET
    for part in (case.body, case.query, case.path_parameters):
        found = (one for one in _texts(part) if one not in OWN)
        yield from (one for one in found if len(one) >= ECHO_LEAST and not FIELD.fullmatch(one))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, one in value.items():
            if not FIELD.fullmatch(str(name)):
                yield str(name)
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
