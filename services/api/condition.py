"""How something that the service depends on is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Whether something that the service depends on is well, and the reason in words."""

    ok: bool
    reason: str
