"""Staff stop, pause or freeze a machine, and take the hold back; nothing remote clears a stop on site."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection

from contract import codec, topics
from contract.messages import Hold, HoldAction, Origin
from services.office.conditions import EVERY_KIND
from services.office.noting import note
from services.office.refusal import Act, Refusal, conflict
from services.store import commands
from services.store import orders as store

NO_SEQ: Final = 0  # of a hold for a machine on which nobody trains
ENDED: Final = "Staff ended the training"  # the words reach the machine: nothing of a person's health


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What staff want of a machine, and why."""

    action: HoldAction
    reason: str


def hold(connection: Connection, place: tuple[Origin, str], wanted: Wanted, act: Act) -> str | Refusal:
    """Send a hold to a machine (`place`: origin, machine) and keep it; returns its id.

    A freeze belongs to a session: it is refused where nobody trains.
    """
    origin, machine = place
    session = store.open_session(connection, origin, machine)
    allotted = commands.allot(connection, session.id) if session is not None else None
    if wanted.action == "freeze" and (allotted is None or allotted.closed_ms is not None):
        return conflict("Nobody trains on this machine: there is nothing to freeze.")
    made = str(uuid4())
    message = Hold(
        id=made,
        action=wanted.action,
        reason=wanted.reason,
        by=act.by,
        seq=allotted.seq if allotted is not None else NO_SEQ,
        session=session.id if session is not None else None,
    )
    commands.send(
        connection,
        commands.Command(
            id=made,
            topic=topics.name(origin, machine, "down/hold"),
            payload=codec.encode(message),
            expiry_s=topics.TOPICS["down/hold"].expiry_s,
            seq=message.seq,
        ),
        act.at_ms,
    )
    store.add(connection, _row(message, place, session, act))
    note(
        connection,
        ("machine", machine),
        "machine.hold",
        act,
        {"kind": wanted.action, "reason": wanted.reason},
    )
    return made


def end_training(
    connection: Connection, patient_id: str, act: Act, kinds: Collection[str] = (EVERY_KIND,)
) -> None:
    """Stop the machines of these kinds on which a person trains now.

    Sessions are locked before the person, as the message path does: call it before the person is held.
    """
    for session in store.running(connection, patient_id):
        if EVERY_KIND in kinds or session.kind in kinds:
            hold(connection, (session.origin, session.machine), Wanted(action="stop", reason=ENDED), act)


def release(connection: Connection, place: tuple[Origin, str], act: Act) -> Refusal | None:
    """Take the holds of a machine back in the books; who stands at the machine lets it run again."""
    origin, machine = place
    if store.release(connection, origin, machine, (act.at_ms, act.by)) == 0:
        return conflict("The machine is not held.")
    note(connection, ("machine", machine), "machine.release", act)
    return None


def _row(message: Hold, place: tuple[Origin, str], session: Any | None, act: Act) -> dict[str, Any]:
    return {
        "id": message.id,
        "origin": place[0],
        "machine": place[1],
        "session_id": message.session,
        "patient_id": session.patient_id if session is not None else None,
        "kind": message.action,
        "seq": message.seq,
        "reason": message.reason,
        "by_id": act.by,
        "by_name": act.name,
        "made_ms": act.at_ms,
    }
