"""The one place that says who may do what to which object."""

from collections.abc import Mapping

from services.access.actor import Action, Actor, Kind, Role, Thing

READ: frozenset[Action] = frozenset(("read",))
WRITE: frozenset[Action] = READ | {"write"}
HANDLE: frozenset[Action] = WRITE | {"handle"}
TAKE_AWAY: frozenset[Action] = frozenset(("export",))

CARE: Mapping[Kind, frozenset[Action]] = {
    "alert": HANDLE,
    "decision": READ,
    "floor": HANDLE,
    "limits": READ,
    "machine": HANDLE,
    "model": READ,
    "patient": HANDLE | TAKE_AWAY,
    "screen": frozenset(("read", "manage")),  # gives a patient's phone its code
    "session": HANDLE,
    "site": READ,
    "visit": HANDLE,
}
ALLOWED: dict[Role, Mapping[Kind, frozenset[Action]]] = {
    "anonymous": {},
    "patient": {
        "patient": WRITE | TAKE_AWAY,  # one's own answers, ticks and language
        "session": READ,
        "decision": READ,
        "visit": READ,
    },
    "therapist": CARE,
    "clinician": {
        **CARE,
        "limits": frozenset(("read", "sign")),
        "patient": HANDLE | TAKE_AWAY | {"sign"},
        "staff": frozenset(("sign",)),  # confirms whom an admin lets into care
    },
    # No health data: an admin runs the place and sees no patient.
    "admin": {
        "machine": frozenset(("read", "manage")),
        "screen": frozenset(("read", "manage")),
        "site": frozenset(("read", "manage")),
        "staff": frozenset(("read", "manage")),
        "model": READ,
        "dead_letter": frozenset(("read", "handle")),
        "patient": frozenset(("erase",)),
    },
    "auditor": {"audit": READ, "model": READ, "site": READ, "staff": READ},
    "machine": {},  # machines and emulators speak MQTT; here they have nothing to ask
    "emulator": {},
    "studio": dict.fromkeys(
        ("alert", "dead_letter", "decision", "floor", "machine", "model", "patient", "session", "site"), READ
    ),
}
OWN: frozenset[Action] = frozenset(("read", "write"))  # everybody who has signed in has an account


def may(role: Role, action: Action, kind: Kind) -> bool:
    """Tell whether a role may ever do this to anything of a kind."""
    if kind == "account":
        return role not in ("anonymous", "studio", "machine", "emulator") and action in OWN
    return action in ALLOWED[role].get(kind, frozenset())


def authorize(actor: Actor, action: Action, thing: Thing) -> bool:
    """Tell whether the actor may do this to the object; whoever asks answers a no as "not found"."""
    if not may(actor.role, action, thing.kind):
        return False
    scope = actor.scope
    is_foreign_site = scope.sites is not None and thing.site is not None and thing.site not in scope.sites
    is_foreign_patient = scope.patient is not None and thing.id is not None and thing.patient != scope.patient
    return not (is_foreign_site or is_foreign_patient)
