"""Every route by its name, and the right that it asks for: a route that is not listed is open to nobody."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.access import Action, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """What one must be allowed to do; `by` is the path parameter that names the object."""

    action: Action
    kind: Kind
    by: str | None = None
    step_up: bool = False  # one must have proven again, a moment ago, who one is


OPEN: Right | None = None  # nothing of anybody's is shown

RIGHTS: Mapping[str, Right | None] = {
    # Health of the service.
    "read_health": OPEN,
    "read_readiness": OPEN,
    "read_metrics": OPEN,
    "read_about": OPEN,
    # The studio as it is now.
    "read_floor": Right(action="read", kind="floor"),
    "list_machines": Right(action="read", kind="machine"),
    "watch_floor": Right(action="read", kind="floor"),
    "watch_machine": Right(action="read", kind="machine", by="machine"),
    "list_dead_letters": Right(action="read", kind="dead_letter"),
    "read_model": Right(action="read", kind="model"),
    # People and what was decided for them.
    "list_patients": Right(action="read", kind="patient"),
    "read_patient": Right(action="read", kind="patient", by="patient_id"),
    "read_balance": Right(action="read", kind="patient", by="patient_id"),
    "read_progress": Right(action="read", kind="patient", by="patient_id"),
    "read_whatif": Right(action="read", kind="patient", by="patient_id"),
    "list_adjustments": Right(action="read", kind="patient", by="patient_id"),
    "read_explanation": Right(action="read", kind="decision", by="decision_id"),
    "read_request": Right(action="read", kind="decision", by="decision_id"),
    "read_decision": Right(action="read", kind="decision", by="decision_id"),
    "list_sessions": Right(action="read", kind="patient", by="patient_id"),
    "read_session": Right(action="read", kind="session", by="session_id"),
    # What leaves as a file.
    "export_sessions": Right(action="export", kind="patient", by="patient_id", step_up=True),
    "export_adjustments": Right(action="export", kind="patient", by="patient_id", step_up=True),
    "export_progress": Right(action="export", kind="patient", by="patient_id", step_up=True),
    "export_pain": Right(action="export", kind="patient", by="patient_id", step_up=True),
    "export_balance": Right(action="export", kind="patient", by="patient_id", step_up=True),
    "export_reps": Right(action="export", kind="patient", by="session_id", step_up=True),
}
