"""Staff choose a dose of their own for the sets to come, inside the limits, and give it back to the model."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from contract import codec, topics
from contract.envelope import violations
from contract.messages import Basis, Setting, Side
from services.coaching import load, overriding
from services.coaching.case import Case, PlanRow
from services.coaching.order import OF_STRENGTH, OVERRIDE, Because, Order
from services.keys.command import CommandKey
from services.office import bounding
from services.office.noting import note
from services.office.refusal import Act, Refusal, conflict, missing, mistake
from services.store import commands, rows, sessions, tables
from services.store import orders as store

OVER = "The session is over."
NO_SET = "No set of training is left on this side."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A dose of staff for one side; None leaves that part as staff ordered it before, else to the model.

    `id`: of the order that it becomes; made when left out.
    """

    side: Side
    because: Because
    reason: str
    id: str | None = None
    load_g: int | None = None
    start_cdeg: int | None = None
    end_cdeg: int | None = None
    reps: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where the session stands: its case, the set to fill, the number of the command, the newest row."""

    case: Case
    row: PlanRow
    seq: int
    newest: Any


def override(
    connection: Connection, session_id: str, wish: Wish, command: CommandKey, act: Act
) -> str | Refusal:
    """Put staff's dose above the model's from the next set of a side on; returns the order's id.

    Refused, never clamped: what is beyond the limits names the limit.
    """
    place = _place(connection, session_id, wish.side)
    if isinstance(place, Refusal):
        return place
    order = _order(wish, place.row, place.case.order_for(wish.side, place.row.set))
    if place.row.dose.load_g == 0 and order.load_g:
        return conflict("No load now: a clinical rule holds it, and only a clinician can clear that.")
    inside = bounding.inside(place.case, place.row, place.newest)
    broken = violations(order.over(place.row.dose), inside)
    if broken:
        return bounding.beyond(broken[0], inside)
    store.give_back(connection, session_id, wish.side, (act.at_ms, act.by))
    store.add(connection, _row(place.case, order, wish, place.seq, act))
    _send(connection, place, order, command, act)
    note(
        connection,
        ("session", session_id),
        "session.override",
        act,
        {"because": wish.because, "reason": wish.reason},
    )
    return order.id


def give_back(connection: Connection, session_id: str, side: Side | None, act: Act) -> Refusal | None:
    """Let the model choose again from its next decision on."""
    commands.allot(connection, session_id)  # the row's lock: the message path decides before or after this
    if store.give_back(connection, session_id, side, (act.at_ms, act.by)) == 0:
        return conflict("Nothing is overridden.")
    note(connection, ("session", session_id), "session.give_back", act)
    return None


def _place(connection: Connection, session_id: str, side: Side) -> _Place | Refusal:
    allotted = commands.allot(connection, session_id)
    if allotted is None:
        return missing("session")
    if allotted.closed_ms is not None:
        return conflict(OVER)
    case = load.load(connection, sessions.sessions(connection, [session_id]), [session_id])[session_id]
    if case.frame is None or not case.plan:
        return conflict("The session has no plan: nobody signed limits for it.")
    if side not in case.sides():
        return mistake("body.side", "Not a side of this machine.")
    row = case.next_row(side)
    newest = store.newest_row(connection, session_id, allotted.stream)
    if row is None or row.dose.mode != "train" or newest is None:
        return conflict(NO_SET)
    return _Place(case=case, row=row, seq=allotted.seq, newest=newest)


def _order(wish: Wish, row: PlanRow, held: Order | None) -> Order:
    """Put a wish on top of the order that it follows: what it leaves out stays ordered.

    A load that is carried over was not chosen for the reason of this wish: it tells of strength if it did.
    """
    made = Order(
        id=wish.id or str(uuid4()),
        side=wish.side,
        from_set=row.set,
        because=wish.because,
        load_g=wish.load_g,
        start_cdeg=wish.start_cdeg,
        end_cdeg=wish.end_cdeg,
        reps=wish.reps,
    )
    if held is None:
        return made
    is_carried = made.load_g is None and held.load_g is not None
    return replace(
        made,
        because=held.because if is_carried and made.because in OF_STRENGTH else made.because,
        load_g=held.load_g if made.load_g is None else made.load_g,
        start_cdeg=held.start_cdeg if made.start_cdeg is None else made.start_cdeg,
        end_cdeg=held.end_cdeg if made.end_cdeg is None else made.end_cdeg,
        reps=held.reps if made.reps is None else made.reps,
    )


def _send(connection: Connection, place: _Place, order: Order, command: CommandKey, act: Act) -> None:
    before = store.newest_setting(connection, place.case.row["id"], place.row.set)
    if before is None:
        return  # every setting of the set was turned down: the next decision carries the order
    dose = order.over(replace(place.row.dose, set=before.ordinal))
    basis = Basis(stream=place.case.row["stream"], seq=place.newest.seq)
    sent = overriding.resent(before, dose, (order.id, place.seq, place.newest.wall_ms), basis, command)
    rows.insert_rows(connection, tables.setting, [sent.row])
    commands.send(connection, _command(place.case, sent.setting), act.at_ms)


def _command(case: Case, setting: Setting) -> commands.Command:
    return commands.Command(
        id=setting.id,
        topic=topics.name(case.row["origin"], case.row["machine"], "down/setting"),
        payload=codec.encode(setting),
        expiry_s=topics.TOPICS["down/setting"].expiry_s,
        seq=setting.seq,
    )


def _row(case: Case, order: Order, wish: Wish, seq: int, act: Act) -> dict[str, Any]:
    return {
        "id": order.id,
        "origin": case.row["origin"],
        "machine": case.row["machine"],
        "session_id": case.row["id"],
        "patient_id": case.row["patient_id"],
        "kind": OVERRIDE,
        "seq": seq,
        "side": order.side,
        "from_set": order.from_set,
        "load_g": order.load_g,
        "start_cdeg": order.start_cdeg,
        "end_cdeg": order.end_cdeg,
        "reps": order.reps,
        "because": order.because,
        "reason": wish.reason,
        "by_id": act.by,
        "by_name": act.name,
        "made_ms": act.at_ms,
    }
