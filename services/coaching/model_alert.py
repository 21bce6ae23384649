"""Staff hear of a model that is not in use: the rule decides in its place, and every decision says so."""

from sqlalchemy import Connection

from contract.messages import Origin
from services.coaching.names import made_id
from services.store import alerts, rows, tables

CODE, SEVERITY = "model_refused", "amber"


def tell(connection: Connection, refused: str, origin: Origin, now_ms: int) -> None:
    """Raise one alert of the studio while the model is refused; resolve it once the model is in use."""
    if not refused:
        alerts.resolve_of_studio(connection, origin, CODE, now_ms)
        return
    row = {
        "id": made_id("alert", CODE, origin),
        "code": CODE,
        "severity": SEVERITY,
        "origin": origin,
        "machine": None,
        "patient_id": None,
        "session_id": None,
        "detail": refused,
        "raised_ms": now_ms,
        "state": "open",
        "handled_by": None,
        "handled_ms": None,
        "resolved_ms": None,
        "resolved_why": None,
    }
    rows.upsert(connection, tables.alert, [row])
