"""Dead letters once more: what could not be taken then may be taken now."""

from collections.abc import Collection

from sqlalchemy import Connection

from contract import codec, topics
from contract.messages import Message
from services.coaching import sign_in
from services.coaching.desk import Delivery, Desk, Outcome
from services.coaching.handle import handle, merged, raise_outage
from services.coaching.receive import Fact, identity
from services.store import dead_letters, locks, sessions, wire


def take_back(connection: Connection, desk: Desk, now_ms: int) -> Outcome:
    """Handle the letters that staff want tried again, each by itself, inside the caller's transaction."""
    letters = [
        (letter.id, Delivery(topic=letter.topic, payload=bytes(letter.raw), received_ms=now_ms))
        for letter in dead_letters.asked(connection)
    ]
    _lock_if_legible(connection, [delivery for _, delivery in letters])
    outcomes = []
    for number, delivery in letters:
        outcome = handle([delivery], connection, desk)
        dead_letters.tried(connection, number, now_ms, is_taken=not outcome.rejected)
        outcomes.append(outcome)
    return merged(outcomes)


def _lock_if_legible(connection: Connection, deliveries: Collection[Delivery]) -> None:
    """Lock what the letters are about; where one of them makes that fail, each locks for itself later.

    Raises OperationalError or InterfaceError when the database fails.
    """
    try:
        with connection.begin_nested():
            _lock(connection, deliveries)
    except Exception as error:  # noqa: BLE001 - a letter that cannot be looked into keeps no other
        raise_outage(error)


def _lock(connection: Connection, deliveries: Collection[Delivery]) -> None:
    """Keep other workers from all machines and persons of the letters at once, so in their order."""
    machines, facts = set(), []
    for delivery in deliveries:
        address = topics.parse(delivery.topic)
        if address is None:
            continue
        machines.add((address.origin, address.machine))
        message = codec.decode_up(delivery.topic, delivery.payload)
        if isinstance(message, Message):
            facts.append(Fact(message=message, origin=address.origin, delivery=delivery))
    locks.machines(connection, machines)
    streams = {identity(fact)[:3] for fact in facts}
    told = {session for fact in facts if (session := fact.message.head.session) is not None}
    told |= {row.session_id for row in wire.postponed(connection, streams)}  # rows that wait for these
    trained = {row["patient_id"] for row in sessions.sessions(connection, told).values()} - {None}
    locks.persons(connection, trained | sign_in.persons(facts, connection))
