"""A code for every sentence of a refusal, so that a screen can say it in another language.

The catalogue holds the sentences as the code says them; a test finds one that is not in it.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

PLAIN: Final = "about:blank"  # RFC 9457: the status says it all
PREFIX: Final = "urn:openspine:problem:"
PLACE = re.compile(r"{(\w+)}")


class Coded(NamedTuple):
    """What a sentence is called, and the values that stand in it."""

    type: str
    values: dict[str, str]


@cache
def catalogue() -> dict[str, str]:
    """Read every sentence by its code; {names} stand for values."""
    return tomllib.loads(files("services.api").joinpath("refusals.toml").read_text(encoding="utf-8"))


@cache
def _exact() -> dict[str, str]:
    return {sentence: code for code, sentence in catalogue().items() if not PLACE.search(sentence)}


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (code, _pattern(sentence)) for code, sentence in catalogue().items() if PLACE.search(sentence)
    )


def coded(sentence: str) -> Coded:
    """Name a sentence of a refusal; one that is not in the catalogue is plain."""
    code = _exact().get(sentence)
    if code is not None:
        return Coded(PREFIX + code, {})
    for known, pattern in _patterns():
        found = pattern.fullmatch(sentence)
        if found is not None:
            return Coded(PREFIX + known, found.groupdict())
    return Coded(PLAIN, {})


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = PLACE.split(sentence)  # text and name in turn
    texts = [re.escape(part) if place % 2 == 0 else f"(?P<{part}>.+?)" for place, part in enumerate(parts)]
    return re.compile("".join(texts))
