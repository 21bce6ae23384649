"""Messages that could not be taken: staff have one tried again, once its cause is mended."""

from sqlalchemy import Connection

from services.audit.entry import Entry
from services.office.refusal import Act, Refusal, conflict, missing
from services.store import audit, dead_letters


def requeue(connection: Connection, letter_id: str, act: Act) -> Refusal | None:
    """Ask for a letter to be tried again; the message path does it within a moment."""
    asked = dead_letters.ask_again(connection, letter_id, act.at_ms)
    if asked == "unknown":
        return missing("dead letter")
    if asked == "done":
        return conflict("The message has been taken already.")
    if asked == "cut":
        return conflict("Only the beginning of the message was kept.")
    audit.record(
        connection,
        Entry(
            at_ms=act.at_ms, actor=act.by, action="letter.requeue", thing="dead_letter", thing_id=letter_id
        ),
    )
    return None
