"""Whole-person presets of a day: hold, half load, swap a station, end the visit."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal
from uuid import uuid4

from sqlalchemy import Connection

from contract.machines import LOAD_STEP_G
from contract.messages import HoldAction, Origin, Side
from services.coaching import load
from services.coaching.case import Case
from services.coaching.history import studio_day
from services.coaching.names import made_id
from services.keys.command import CommandKey
from services.office import circuit, holds, overrides, visits
from services.office.circuit import Station
from services.office.health import note
from services.office.refusal import Act, Refusal, conflict, mistake
from services.store import bookings, enrolment, papers, sessions
from services.store import orders as store
from services.store.reading import places

Kind = Literal["hold", "half_load", "swap_station", "end_visit"]
SENT: Final[dict[Kind, HoldAction]] = {"hold": "freeze", "end_visit": "stop", "swap_station": "pause"}
HALF: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What staff want for the whole person today; `station` and `into` belong to a swap."""

    kind: Kind
    reason: str
    station: str | None = None
    into: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a session that runs was told; `refusal` says why it was told nothing."""

    session: str
    machine: str
    side: Side | None = None
    load_g: int | None = None
    refusal: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidDown:
    """A preset, and what the sessions that run were told; it holds in those to come in any case."""

    id: str
    sent: tuple[Sent, ...]


def lay_down(
    connection: Connection, patient_id: str, wish: Wish, place: tuple[Origin, Act], command: CommandKey
) -> LaidDown | Refusal:
    """Let it hold in the sessions that run, as far as they can be told, and in all of the day.

    Sessions are locked before the person, as the message path does.
    """
    origin, act = place
    running = store.running(connection, patient_id)
    enrolment.held(connection, patient_id)
    day = studio_day(act.at_ms, places.site_of(connection, patient_id).time_zone)
    earlier = papers.presets_of_day(connection, patient_id, day, wish.kind)
    if wish.kind == "half_load" and any(one.ended_ms is None for one in earlier):
        return conflict("The load is halved for today already.")
    if wish.kind == "swap_station":
        refusal = _swap(connection, patient_id, day, wish, act)
        if refusal is not None:
            return refusal
    made = str(uuid4())
    half = _Half(preset=made, earlier=[one.id for one in earlier], reason=wish.reason)
    sent: list[Sent] = []
    for session in running:
        if wish.kind == "half_load":
            sent += _halve(connection, session, half, command, act)
        elif wish.kind != "swap_station" or session.kind == wish.station:
            sent.append(_hold(connection, session, wish, act))
    row: dict[str, Any] = {"id": made, "patient_id": patient_id, "origin": origin, "day": day}
    row |= {"kind": wish.kind}
    if wish.kind == "swap_station":
        row |= {"station": wish.station, "replaced_by": wish.into}
    by = {"reason": wish.reason, "by_id": act.by, "by_name": act.name, "made_ms": act.at_ms}
    papers.add_preset(connection, row | by)
    note(connection, patient_id, "patient.preset", act, {"kind": wish.kind, "reason": wish.reason})
    return LaidDown(id=made, sent=tuple(sent))


def end(connection: Connection, preset_id: str, act: Act) -> Refusal | None:
    """Take a preset back for the sessions to come."""
    patient = papers.end_preset(connection, preset_id, act.by, act.at_ms)
    if patient is None:
        return conflict("It does not hold any more.")
    note(connection, patient, "patient.preset_end", act)
    return None


def _hold(connection: Connection, session: Any, wish: Wish, act: Act) -> Sent:
    wanted = holds.Wanted(action=SENT[wish.kind], reason=wish.reason)
    held = holds.hold(connection, (session.origin, session.machine), wanted, act)
    refusal = held.what if isinstance(held, Refusal) else None
    return Sent(session=session.id, machine=session.machine, refusal=refusal)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Half:
    """A preset that halves: its id, the ids of those of today that were taken back, and the reason."""

    preset: str
    earlier: Collection[str]
    reason: str

    def order(self, preset: str, session: str, side: Side) -> str:
        """Name the order that halves a side of a session that runs."""
        return made_id("halved", preset, session, side)

    def holds_in(self, case: Case, side: Side) -> bool:
        """Tell whether a preset that was taken back still halves this session: it is never halved twice."""
        session = case.row["id"]
        names = {made_id("half", one, session, side) for one in self.earlier}  # as a plan is halved
        names |= {self.order(one, session, side) for one in self.earlier}
        return any(found.is_open and found.id in names for found in case.orders.values())


def _halve(connection: Connection, session: Any, half: _Half, command: CommandKey, act: Act) -> list[Sent]:
    """Override every side by half of what comes next; says for each what was sent, or why nothing."""
    case = load.load(connection, sessions.sessions(connection, [session.id]), [session.id])[session.id]
    told = Sent(session=session.id, machine=session.machine)
    if not case.sides():
        return [replace(told, refusal="The session has no plan: there is nothing to halve.")]
    found: list[Sent] = []
    for side in case.sides():
        halved = _half_of(case, side, half)
        if isinstance(halved, Refusal):
            found.append(replace(told, side=side, refusal=halved.what))
            continue
        made = overrides.override(connection, session.id, halved, command, act)
        if isinstance(made, Refusal):
            found.append(replace(told, side=side, refusal=made.what))
        else:
            found.append(replace(told, side=side, load_g=halved.load_g))
    return found


def _half_of(case: Case, side: Side, half: _Half) -> overrides.Wish | Refusal:
    row = case.next_row(side)
    if row is None or row.dose.mode != "train":
        return conflict(overrides.NO_SET)
    if half.holds_in(case, side):
        return conflict("The load is halved here already.")
    return overrides.Wish(
        id=half.order(half.preset, case.row["id"], side),
        side=side,
        because="other",
        reason=half.reason,
        load_g=row.dose.load_g // HALF // LOAD_STEP_G * LOAD_STEP_G,
    )


def _swap(connection: Connection, patient_id: str, day: str, wish: Wish, act: Act) -> Refusal | None:
    booked = bookings.of_day(connection, patient_id, day)
    stations = [Station(**one) for one in booked.stations] if booked is not None else []
    if wish.station not in {one.station for one in stations}:
        return mistake("body.station", "Not a station of today's visit.")
    if wish.into in {one.station for one in stations}:
        return mistake("body.into", "It is a station of today's visit already.")
    if booked is None or wish.station is None:
        return mistake("body.station", "Say which station.")
    closed, who = visits.person(connection, enrolment.held(connection, patient_id), act.at_ms)
    following = circuit.swapped(stations, wish.station, wish.into)
    new = [one for one in following if one.station == wish.into]
    refusal = circuit.wrong(new, closed, who) or circuit.too_many(following) if new else None
    if refusal is not None:
        return mistake("body.into", refusal.what)
    changed = {"stations": [asdict(one) for one in following], "changed_ms": act.at_ms}
    is_changed = bookings.change(connection, booked.id, booked.version, changed)
    return None if is_changed else conflict(visits.STALE)
