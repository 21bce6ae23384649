"""Dead letters once more: what could not be taken then may be taken now."""

from sqlalchemy import Connection

from services.coaching.desk import Delivery, Desk, Outcome
from services.coaching.handle import handle, merged
from services.store import dead_letters


def take_back(connection: Connection, desk: Desk, now_ms: int) -> Outcome:
    """Handle the letters that staff want tried again, each by itself, inside the caller's transaction."""
    outcomes = []
    for letter in dead_letters.asked(connection):
        delivery = Delivery(topic=letter.topic, payload=bytes(letter.raw), received_ms=now_ms)
        outcome = handle([delivery], connection, desk)
        dead_letters.tried(connection, letter.id, now_ms, is_taken=not outcome.rejected)
        outcomes.append(outcome)
    return merged(outcomes)
