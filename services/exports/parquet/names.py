"""Names that tell nothing: keyed hashes of people and sessions, times since a person's first session."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from services.insights.units import DAY_MS, MS

NAME_DIGITS = 16  # hex; 64 bit: no two people of a million share one by chance (p < 1e-7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The key of one export and the first sessions (Unix ms) of those who are in it.

    Whoever keeps the key can join two exports, and find a person; a key that is thrown away does neither.
    """

    key: bytes
    first_ms: Mapping[str, int]
    _known: dict[str, str] = field(default_factory=dict)

    def has(self, patient_id: str) -> bool:
        """Tell whether somebody is in the export."""
        return patient_id in self.first_ms

    def person(self, patient_id: str) -> str:
        """Name a person."""
        if patient_id not in self._known:
            self._known[patient_id] = self._name("person", patient_id)
        return self._known[patient_id]

    def session(self, session_id: str) -> str:
        """Name a session."""
        return self._name("session", session_id)

    def day(self, patient_id: str, at_ms: int) -> int:
        """Count the days since a person's first session began."""
        return (at_ms - self.first_ms[patient_id]) // DAY_MS

    def seconds(self, patient_id: str, at_ms: int) -> float:
        """Count the seconds since a person's first session began."""
        return (at_ms - self.first_ms[patient_id]) / MS

    def _name(self, what: str, name: str) -> str:
        found = hmac.new(self.key, f"{what}/{name}".encode(), hashlib.sha256)
        return found.hexdigest()[:NAME_DIGITS]
