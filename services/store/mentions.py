"""Tell whether a message is about somebody: by whole values, never by a part of what is somebody else's."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from contract.messages.vocabulary import UUID_PATTERN

CREDENTIALS = frozenset(("badge", "code"))  # of a sign-in: a number there is one, though it should be a text
_UUID = re.compile(UUID_PATTERN)
# One form for all ids: a person has thousands, and each would be looked for at every place.
_IDS = re.compile(rb"(?<![0-9A-Za-z-])" + UUID_PATTERN.strip("^$").encode() + rb"(?![0-9A-Za-z-])")


class Mentions:
    """The ids, the name and the credentials of a person, to be looked for in messages."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._raw = frozenset(word.encode() for word in self._words)
        self._quoted = _quoted(sorted(word for word in self._words if not _UUID.fullmatch(word)))

    def are_in(self, said: str | bytes) -> bool:
        """Look among the values of JSON; elsewhere for ids, and for other words as a whole or in quotes."""
        raw = said.encode() if isinstance(said, str) else bytes(said)
        try:
            values = set(_texts(msgspec.json.decode(raw)))
        except (msgspec.DecodeError, RecursionError):
            return self._are_in_illegible(raw)
        return not self._words.isdisjoint(values)

    def _are_in_illegible(self, raw: bytes) -> bool:
        if raw in self._raw or not self._raw.isdisjoint(_IDS.findall(raw)):
            return True
        return self._quoted is not None and bool(self._quoted.search(raw))


def _texts(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str) or key in CREDENTIALS:
        yield str(value)


def _quoted(words: Iterable[str]) -> re.Pattern[bytes] | None:
    """Look for words in quotes; None, as nothing would be found everywhere, for no words."""
    one_of = b"|".join(re.escape(word.encode()) for word in words)
    if not one_of:
        return None
    # Of a long message the end is cut off.
    return re.compile(rb"""(?<=["'`])(?:""" + one_of + rb""")(?=["'`]|\Z)""")
