"""A recording for others: who the people are is taken out, who is the same person stays."""

from dataclasses import replace
from typing import Any

import msgspec

from contract import recording
from contract.recording import Record

NAMED_BY = ("badge", "code")  # either signs somebody in


class Pseudonyms:
    """Gives each badge and code one name for the whole recording, person-1, person-2, in their order.

    The greeting of a plan and the name of who held a machine are emptied; signatures of these messages no
    longer fit, and what is no valid message is left out.
    """

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def hidden(self, record: Record) -> Record | None:
        """Return the record without names; None when it is no valid message, and so might hold one."""
        if not recording.is_readable(record.topic, record.payload):
            return None
        if not record.topic.endswith(("up/session", "down/plan", "down/hold")):
            return record
        fields = msgspec.json.decode(record.payload, type=dict[str, Any])
        return replace(record, payload=msgspec.json.encode(fields | self._without_names(fields)))

    def _without_names(self, fields: dict[str, Any]) -> dict[str, Any]:
        names = {one: self._name(fields[one]) for one in NAMED_BY if fields.get(one) is not None}
        emptied = {one: "" for one in ("greeting", "by") if one in fields}
        return names | emptied

    def _name(self, said: object) -> str:
        return self._names.setdefault(str(said), f"person-{len(self._names) + 1}")
