"""Whole-person presets of a day: hold, half load, swap a station, end the visit."""

from dataclasses import asdict, dataclass
from typing import Final, Literal
from uuid import uuid4

from sqlalchemy import Connection

from contract.machines import LOAD_STEP_G
from contract.messages import HoldAction, Origin
from services.coaching import load
from services.coaching.history import studio_day
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


def lay_down(
    connection: Connection, patient_id: str, wish: Wish, place: tuple[Origin, Act], command: CommandKey
) -> str | Refusal:
    """Let it hold in the session that runs and in all of the day; returns the preset's id.

    Sessions are locked before the person, as the message path does.
    """
    origin, act = place
    for session in store.sessions_of(connection, origin, patient_id):
        if wish.kind == "half_load":
            _halve(connection, session.id, wish, command, act)
        elif wish.kind != "swap_station" or session.kind == wish.station:
            wanted = holds.Wanted(action=SENT[wish.kind], reason=wish.reason)
            holds.hold(connection, (origin, session.machine), wanted, act)
    enrolment.held(connection, patient_id)
    day = studio_day(act.at_ms, places.site_of(connection, patient_id).time_zone)
    if wish.kind == "swap_station":
        refusal = _swap(connection, patient_id, day, wish, act)
        if refusal is not None:
            return refusal
    made = str(uuid4())
    row = {"id": made, "patient_id": patient_id, "origin": origin, "day": day, "kind": wish.kind}
    by = {"reason": wish.reason, "by_id": act.by, "by_name": act.name, "made_ms": act.at_ms}
    papers.add_preset(connection, row | by)
    note(connection, patient_id, "patient.preset", act, {"kind": wish.kind, "reason": wish.reason})
    return made


def end(connection: Connection, preset_id: str, act: Act) -> Refusal | None:
    """Take a preset back for the sessions to come."""
    patient = papers.end_preset(connection, preset_id, act.by, act.at_ms)
    if patient is None:
        return conflict("It does not hold any more.")
    note(connection, patient, "patient.preset_end", act)
    return None


def _halve(connection: Connection, session_id: str, wish: Wish, command: CommandKey, act: Act) -> None:
    """Override every side by half of what comes next; a side without a set of training is left."""
    case = load.load(connection, sessions.sessions(connection, [session_id]), [session_id])[session_id]
    for side in case.sides():
        row = case.next_row(side)
        if row is None or row.dose.mode != "train":
            continue
        half = overrides.Wish(
            side=side,
            because="other",
            reason=wish.reason,
            load_g=row.dose.load_g // HALF // LOAD_STEP_G * LOAD_STEP_G,
        )
        overrides.override(connection, session_id, half, command, act)


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
    refusal = circuit.wrong(new, closed, who) if new else None
    if refusal is not None:
        return mistake("body.into", refusal.what)
    changed = {"stations": [asdict(one) for one in following], "changed_ms": act.at_ms}
    is_changed = bookings.change(connection, booked.id, booked.version, changed)
    return None if is_changed else conflict(visits.STALE)
