"""Who may do what, and whose the things of a test are: written by hand, apart from the code that is asked."""

from typing import get_args

from services.access import Action, Kind, Role

SITES = ("studio", "elsewhere")
RELATIONS = ("own", "other", "other site", "none")
SITE_OF = {"own": SITES[0], "other": SITES[0], "other site": SITES[1]}
# What is a person's, by the path parameter that names it; all else there belongs to a site alone.
PERSONAL = (
    *("patient_id", "session_id", "decision_id", "setting_id", "alert_id", "booking_id", "note_id"),
    *("exercise_id", "test_order_id", "functional_test_id", "preset_id"),
)
OF_CARE = {
    "alert floor machine session visit": "read write handle",
    "patient": "read write handle export",
    "screen": "read manage",
    "decision limits model site": "read",
}
OF_EVERYBODY_SIGNED_IN = {"account": "read write"}
MAY: dict[Role, dict[str, str]] = {
    "anonymous": {},
    "patient": OF_EVERYBODY_SIGNED_IN | {"patient": "read write export", "session decision visit": "read"},
    "therapist": OF_EVERYBODY_SIGNED_IN | OF_CARE,
    "clinician": OF_EVERYBODY_SIGNED_IN | OF_CARE | {"limits": "read sign", "staff": "sign"}
    | {"patient": "read write handle export sign"},
    "admin": OF_EVERYBODY_SIGNED_IN | {"machine screen site staff": "read manage", "model": "read"}
    | {"dead_letter": "read handle", "patient": "erase"},
    "auditor": OF_EVERYBODY_SIGNED_IN | {"audit model site staff": "read"},
    "machine": {},
    "emulator": {},
    "studio": {"alert dead_letter decision floor machine model patient session site": "read"},
}  # fmt: skip


def may_by_hand(role: Role, action: Action, kind: Kind) -> bool:
    """Tell what the table above says; a kind that stands in it twice has both."""
    return any(kind in kinds.split() and action in actions.split() for kinds, actions in MAY[role].items())


def is_within(role: Role, by: str, relation: str) -> bool:
    """Tell whether a thing is in the scope of somebody of the first site, or of the patient "own"."""
    if relation == "none":
        return False
    return relation == "own" and by in PERSONAL if role == "patient" else relation != "other site"


def every_right() -> list[tuple[Role, Action, Kind]]:
    """Name everything that anybody could be let do."""
    roles, actions, kinds = get_args(Role), get_args(Action), get_args(Kind)
    return [(role, action, kind) for role in roles for action in actions for kind in kinds]
