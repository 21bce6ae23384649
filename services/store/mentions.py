"""Tell whether a message is about somebody: by whole values, never by a part of what is somebody else's."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from contract.messages.vocabulary import UUID_PATTERN

CREDENTIALS = frozenset(("badge", "code"))  # of a sign-in: a number there is one, though it should be a text
_UUID = re.compile(UUID_PATTERN)


class Mentions:
    """The ids, the name and the credentials of a person, to be looked for in messages."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._illegible = re.compile(b"|".join(_forms(sorted(self._words))))

    def are_in(self, said: str | bytes) -> bool:
        """Look among the values of JSON; elsewhere for ids, and for other words as a whole or in quotes."""
        raw = said.encode() if isinstance(said, str) else bytes(said)
        try:
            values = set(_texts(msgspec.json.decode(raw)))
        except (msgspec.DecodeError, RecursionError):
            return raw in {word.encode() for word in self._words} or bool(self._illegible.search(raw))
        return not self._words.isdisjoint(values)


def _texts(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str) or key in CREDENTIALS:
        yield str(value)


def _forms(words: Iterable[str]) -> Iterator[bytes]:
    for word in words:
        plain = re.escape(word.encode())
        if _UUID.fullmatch(word):
            yield rb"(?<![0-9A-Za-z-])" + plain + rb"(?![0-9A-Za-z-])"
        else:
            yield rb"""(?<=["'`])""" + plain + rb"""(?=["'`]|\Z)"""  # of a long message the end is cut off
