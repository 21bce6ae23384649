"""Rows by what they belong to: gone through once, however many lines a screen has."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar

Key = TypeVar("Key", bound=Hashable)


def grouped(rows: Iterable[Any], key: Callable[[Any], Key]) -> dict[Key, list[Any]]:
    """Put rows under their keys; those of one key stay in their order."""
    found: defaultdict[Key, list[Any]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return dict(found)
