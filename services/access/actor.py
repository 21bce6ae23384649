"""Who asks, and what is asked for."""

from dataclasses import dataclass
from typing import Literal

from contract.messages import Origin

# "studio": anybody who reaches a service that does not ask people to sign in.
Role = Literal[
    "anonymous", "patient", "therapist", "clinician", "admin", "auditor", "machine", "emulator", "studio"
]
# "handle": act on a person or machine in the room. "sign": limits, phase. "manage": staff, sites, retention.
Action = Literal["read", "write", "handle", "sign", "export", "erase", "manage"]
Kind = Literal[
    "account",  # one's own: sign in and out, second factor
    "alert",
    "audit",
    "dead_letter",
    "decision",
    "floor",
    "limits",
    "machine",
    "model",
    "patient",
    "screen",
    "session",
    "site",
    "staff",
    "visit",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose data a list may show: of these sites (None: of all), of this one patient (None: of anybody)."""

    sites: frozenset[str] | None = None
    patient: str | None = None


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who asks; `scope` holds for lists and objects alike."""

    id: str
    name: str
    role: Role
    scope: Scope = EVERYTHING
    stepped_up: bool = False  # has proven again, a moment ago, to be the one who signed in


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What is asked for; without `id` it is the kind as a whole."""

    kind: Kind
    origin: Origin
    id: str | None = None
    site: str | None = None
    patient: str | None = None
