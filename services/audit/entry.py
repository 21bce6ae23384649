"""What an entry of the audit says: who did what to which thing, with pseudonyms and closed words only."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.audit.canonical import digest

# Names whose values stay readable: closed words, counts and ids, never a health value and never free text.
PLAIN = frozenset(
    {
        "code", "count", "factor", "format", "kind", "kept", "origin", "role", "screen", "seal", "site",
        "state", "table", "upto", "version", "versions", "wing", "written",
    }
)  # fmt: skip
ACTION = re.compile(r"[a-z_]{1,31}\.[a-z_]{1,31}")
WORD_MOST = 64  # characters of actor, thing and id: what the table keeps
HIDDEN = "hmac:"  # a value of which only a keyed digest is kept
HIDDEN_DIGITS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that was done; `thing_id` is a pseudonym, `detail` is hidden but for `PLAIN` names."""

    at_ms: int
    actor: str
    action: str  # noun.verb
    thing: str
    thing_id: str
    detail: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not ACTION.fullmatch(self.action):
            raise ValueError(f"an action of the audit is noun.verb, not {self.action}")
        for word in (self.actor, self.thing, self.thing_id):
            if not 1 <= len(word) <= WORD_MOST:
                raise ValueError("actor, thing and id of an entry have 1 to 64 characters")


def shown(entry: Entry, key: bytes) -> dict[str, Any]:
    """Return the detail as it is kept: what is not plain becomes a digest bound to this entry."""
    return {
        name: value if name in PLAIN else f"{HIDDEN}{hidden(entry, key, name, value)}"
        for name, value in entry.detail.items()
    }


def hidden(entry: Entry, key: bytes, name: str, value: Any) -> str:
    """Digest a value; who holds key and value can show that this entry meant it."""
    where = [entry.at_ms, entry.actor, entry.action, entry.thing, entry.thing_id, name]
    return digest(key, "value", [*where, value])[:HIDDEN_DIGITS]
