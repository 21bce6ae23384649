"""Why an act of the office cannot be done: a value, which the rim turns into an answer."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What is wrong, in a sentence that repeats nothing of what was sent.

    `mistake`: with a value, at `where`; `conflict`: with how things stand; `missing`: there is no `what`;
    `overtaken`: somebody else has changed meanwhile what was seen.
    """

    kind: Literal["mistake", "conflict", "missing", "overtaken"]
    what: str
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who does something, and when (Unix ms)."""

    by: str
    name: str
    at_ms: int


def mistake(where: str, what: str) -> Refusal:
    """Refuse one value of a body."""
    return Refusal(kind="mistake", what=what, where=where)


def conflict(what: str) -> Refusal:
    """Refuse because of how things stand."""
    return Refusal(kind="conflict", what=what)


def overtaken() -> Refusal:
    """Refuse because something else holds by now than what was seen."""
    return Refusal(kind="overtaken", what="Another version holds by now: look at it first.")


def missing(what: str) -> Refusal:
    """Refuse because there is no such thing."""
    return Refusal(kind="missing", what=what)
