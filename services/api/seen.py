"""On top of which version a change is asked for: If-Match, the same wherever a change needs it."""

import re
from http import HTTPStatus
from typing import Final

from services.api.problems import Refused, bad_value

# A weak ETag is taken, too: proxies that compress weaken ours, and what it names is what the change replaces.
ONE_TAG: Final = re.compile(r'(?:W/)?"([^"]+)"')


def seen_version(header: str | None) -> str:
    """Read the one version that If-Match names; none, several, any (`*`) and bare words are refused."""
    if header is None:
        raise Refused(HTTPStatus.PRECONDITION_REQUIRED, "If-Match must name the version that was seen.")
    found = ONE_TAG.fullmatch(header)
    if found is None:
        raise not_a_version()
    return found[1]


def not_a_version() -> Refused:
    """Refuse an If-Match that names no version."""
    return bad_value("header.if-match", 'A version in quotes, such as "3".')
