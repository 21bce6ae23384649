"""Who may do what to which object: the one place that says so."""

from dataclasses import dataclass
from typing import Literal

from contract.messages import Origin

Role = Literal["studio", "prescriber"]  # "studio": anybody who reaches the service, until people sign in
Action = Literal["read", "sign"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who asks."""

    name: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What is asked for; `id` None = the kind as a whole."""

    kind: Literal["floor", "machine", "patient", "session", "decision", "dead_letter", "limits"]
    origin: Origin
    id: str | None = None


ALLOWED: dict[Role, frozenset[Action]] = {
    "studio": frozenset(("read",)),
    "prescriber": frozenset(("read", "sign")),  # in the prescribing process only, which alone has the key
}


def authorize(actor: Actor, action: Action, thing: Thing) -> bool:  # noqa: ARG001  # every rule to come needs the object
    """Tell whether the actor may do this to the object; whoever asks answers a no as "not found"."""
    return action in ALLOWED[actor.role]
