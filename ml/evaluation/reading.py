"""Reading numbers out of foreign tables; what cannot be read is a value with a reason."""

from dataclasses import dataclass
from math import isfinite


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A table that cannot be judged, and why."""

    reason: str


def number(text: str | None) -> float | None:
    """Return a finite number, None for anything else (empty, NA, inf)."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if isfinite(value) else None
