"""Who may do what to which object: one table of roles, one question, no input or output."""

from services.access.actor import EVERYTHING, Action, Actor, Kind, Role, Scope, Thing
from services.access.policy import ALLOWED, authorize, may

__all__ = ["ALLOWED", "EVERYTHING", "Action", "Actor", "Kind", "Role", "Scope", "Thing", "authorize", "may"]
