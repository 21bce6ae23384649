"""What screens ask: one line each, with who asks it; names in braces are found in the store."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

WEEK_MS = 7 * 86_400_000
SITE = "site-0"  # where the therapist works


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A path of the API, and the role that asks it."""

    name: str
    who: str
    path: str


_PATIENT = "/v1/patients/{patient}"
_TABLE = (
    ("floor of a site", "therapist", "/v1/floor"),
    ("floor of the chain", "clinician", "/v1/floor"),
    ("list, page 1", "therapist", "/v1/patients?limit=50"),
    ("list of the chain, page 1", "clinician", "/v1/patients?limit=50"),
    ("list, a search", "therapist", "/v1/patients?search=chan"),
    ("list of the chain, a search", "clinician", "/v1/patients?search=chan"),
    ("search box, a name", "therapist", "/v1/search?q=wong"),
    ("search box of the chain, a name", "clinician", "/v1/search?q=wong"),
    ("search box, a day", "therapist", "/v1/search?q={day}"),
    ("patient, head", "therapist", _PATIENT),
    ("patient, file", "therapist", f"{_PATIENT}/file"),
    ("balance", "therapist", f"{_PATIENT}/balance"),
    ("progress", "therapist", f"{_PATIENT}/progress"),
    ("adjustments", "therapist", f"{_PATIENT}/adjustments?limit=40&unused=false"),
    ("why of an adjustment", "therapist", "/v1/adjustments/{decision}/explanation"),
    ("sessions", "therapist", f"{_PATIENT}/sessions"),
    ("session with reps and curves", "therapist", "/v1/sessions/{session}?curves=true"),
    ("session's orders", "therapist", "/v1/sessions/{session}/orders"),
    ("phase", "therapist", f"{_PATIENT}/phase"),
    ("outlook", "therapist", f"{_PATIENT}/outlook"),
    ("programmes", "therapist", f"{_PATIENT}/programmes"),
    ("capacity", "therapist", f"{_PATIENT}/capacity"),
    ("limits, versions", "therapist", f"{_PATIENT}/limits/{{kind}}/versions"),
    ("notes", "therapist", f"{_PATIENT}/notes"),
    ("home exercises", "therapist", f"{_PATIENT}/home-exercises"),
    ("questionnaires", "therapist", f"{_PATIENT}/questionnaires"),
    ("tests", "therapist", f"{_PATIENT}/tests"),
    ("functional tests", "therapist", f"{_PATIENT}/functional-tests"),
    ("alerts", "therapist", "/v1/alerts"),
    ("alerts of the chain", "clinician", "/v1/alerts"),
    ("alerts that wait", "therapist", "/v1/alerts/waiting"),
    ("needs", "therapist", "/v1/needs"),
    ("needs of the chain", "clinician", "/v1/needs"),
    ("visits of today", "therapist", "/v1/visits"),
    ("visits of the chain, today", "clinician", "/v1/visits"),
    ("countersign", "clinician", "/v1/countersign"),
    ("countersign, a busy day", "clinician", "/v1/countersign?day={day}"),
    ("proposals", "therapist", "/v1/proposals"),
    ("machines", "clinician", "/v1/machines"),
    ("machine health", "admin", "/v1/machine-health"),
    ("a machine", "admin", "/v1/machines/{machine}"),
    ("free machines", "therapist", "/v1/free-machines"),
    ("model", "clinician", "/v1/model"),
    ("audit", "auditor", "/v1/audit"),
    ("audit of a person", "auditor", "/v1/audit?thing_id={patient}"),
    ("staff", "admin", "/v1/staff"),
    ("sites", "admin", "/v1/sites"),
    ("who am I", "therapist", "/v1/me"),
)
QUESTIONS = tuple(Question(name=name, who=who, path=path) for name, who, path in _TABLE)


def subjects(connection: Connection) -> dict[str, str]:
    """Find whom and what to ask about: the person at the site who has trained most, of late."""
    patient = connection.scalar(
        text(
            "SELECT summary.patient_id FROM summary JOIN patient ON patient.id = summary.patient_id "
            "WHERE patient.site_id = :site GROUP BY 1 ORDER BY COUNT(*) DESC, MAX(wall_ms) DESC LIMIT 1"
        ),
        {"site": SITE},
    )
    newest = connection.execute(
        text(
            "SELECT session.id, session.kind, session.machine, visit.day FROM session JOIN visit "
            "ON visit.id = session.visit_id WHERE session.patient_id = :patient AND EXISTS "
            "(SELECT 1 FROM rep WHERE rep.session_id = session.id) ORDER BY opened_ms DESC LIMIT 1"
        ),
        {"patient": patient},
    ).one()
    decided = text(
        "SELECT decision_id FROM setting WHERE session_id = :session AND mode = 'train' ORDER BY seq LIMIT 1"
    )
    decision = connection.scalar(decided, {"session": newest.id})
    return {
        "patient": str(patient),
        "session": newest.id,
        "kind": newest.kind,
        "machine": newest.machine,
        "day": newest.day,
        "decision": str(decision),
    }
