"""A recording for others: who the people are is taken out, who is the same person stays."""

from dataclasses import replace
from typing import Any

import msgspec

from contract import topics
from contract.recording import Record

NAMED_BY = ("badge", "code")  # either signs somebody in


class Pseudonyms:
    """Gives each badge and code one name for the whole recording, person-1, person-2, in their order.

    The greeting of a plan and the name of who held a machine are emptied; signatures of these messages no
    longer fit, and what cannot be read is left out by the caller.
    """

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def hidden(self, record: Record) -> Record | None:
        """Return the record without names; None when it cannot be read, and so might hold one."""
        address = topics.parse(record.topic)
        if address is None:
            return None
        if address.channel not in ("up/session", "down/plan", "down/hold"):
            return record
        try:
            fields = msgspec.json.decode(record.payload, type=dict[str, Any])
        except (msgspec.DecodeError, UnicodeError, RecursionError, ValueError):
            return None
        return replace(record, payload=msgspec.json.encode(fields | self._without_names(fields)))

    def _without_names(self, fields: dict[str, Any]) -> dict[str, Any]:
        names = {one: self._name(fields[one]) for one in NAMED_BY if fields.get(one) is not None}
        emptied = {one: "" for one in ("greeting", "by") if one in fields}
        return names | emptied

    def _name(self, said: object) -> str:
        return self._names.setdefault(str(said), f"person-{len(self._names) + 1}")
