"""The studio floor: what each machine does now, from its status, its frames and the store."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from contract.messages import Frame, Status
from ml.explain.sentences import Unit
from services.insights import dose, orders, reasons
from services.insights.grouped import grouped
from services.insights.reasons import Light, Reason
from services.insights.units import at, at_or_none
from services.store.reading.floor import DoneReps, FloorRows
from services.store.reading.keyset import Record, Rows

STALE_AFTER_MS = 90_000  # a status comes every 60 s; half a period more and the picture is old
ALARMED = ("stopped", "fault", "estop")  # states that no network message clears
TRAINING = ("identified", "ready", "working")  # between these a machine goes without saying so
OVERRIDE = "override"
UNHEARD = ("not_delivered", "refused")  # of a hold: somebody must go there
SOUND_AFTER_MS = 60_000  # an unacknowledged red sounds at the station (clinical page)
STANDING = ("applied", "planned", "pending")  # best first: what a machine is believed to run


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a machine said last, outside of the store; `at_ms` is this service's clock.

    `frame` is of the status's session; `is_frame_newer` tells which of the two was heard last.
    """

    at_ms: int
    status: Status | None = None
    frame: Frame | None = None
    is_frame_newer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A patient by name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LastSetting:
    """The newest setting sent to a machine after the plan."""

    id: str
    at: datetime
    set: int
    why: tuple[Reason, ...]
    state: str
    refusal: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """Who trains and at what; everything None while nobody does."""

    patient: Person | None = None
    session: str | None = None
    set: int | None = None
    side: str | None = None
    sets_planned: int | None = None
    rep: int | None = None
    reps_planned: int | None = None
    load_kg: float | None = None
    start_deg: float | None = None
    end_deg: float | None = None
    clinical_start_deg: float | None = None
    clinical_end_deg: float | None = None
    last_setting: LastSetting | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """The newest hold of a machine that nobody has released."""

    id: str
    action: str
    made_at: datetime
    delivery: orders.Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorItem(Training):
    """A machine, its condition, and who trains on it."""

    machine: str
    name: str
    kind: str | None
    online: bool
    state: str
    light: Light
    attention: tuple[Reason, ...]
    seen_at: datetime | None
    stale: bool
    hold: Hold | None = None
    overridden: bool = False
    hands_on: bool = False
    sounds: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """All machines at one moment; `summary` counts the lights."""

    as_of: datetime
    summary: dict[Light, int]
    items: tuple[FloorItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfSession:
    """What hangs on one open session; all empty where nobody trains."""

    session: Record | None = None
    settings: Sequence[Record] = ()
    reps: Sequence[DoneReps] = ()
    alerts: Sequence[Record] = ()


def picture(rows: FloorRows, heard: Mapping[str, Heard], now_ms: int, unit: Unit = "kg") -> Floor:
    """Draw the floor from the store and from what was heard since; `unit` is that of weights in sentences."""
    asked, by_session = (now_ms, unit), _by_session(rows)
    ordered = grouped(rows.orders, attrgetter("machine", "session_id"))  # nobody's where nobody trains
    nobody = _OfSession()
    items = []
    for machine in rows.machines:
        mine = by_session.get(machine.session_id, nobody)
        session_id = mine.session.id if mine.session is not None else None
        standing = ordered.get((machine.id, session_id), [])
        items.append(_item(machine, mine, standing, heard.get(machine.id), asked))
    lights = Counter(item.light for item in items)
    summary: dict[Light, int] = {light: lights[light] for light in reasons.LIGHTS}
    return Floor(as_of=at(_studio_ms(heard, now_ms)), summary=summary, items=tuple(items))


def _studio_ms(heard: Mapping[str, Heard], now_ms: int) -> int:
    """Tell the time of the studio: accelerated machines run ahead of this service's clock."""
    statuses = [one.status for one in heard.values() if one.status is not None and one.status.online]
    return max((status.wall_ms for status in statuses if status.clock == "sim"), default=now_ms)


def _by_session(rows: FloorRows) -> dict[str, _OfSession]:
    """Put what was read to the sessions, once for the whole floor."""
    of_session = attrgetter("session_id")
    settings, reps, alerts = (grouped(found, of_session) for found in (rows.settings, rows.reps, rows.alerts))
    return {
        row.id: _OfSession(
            session=row,
            settings=settings.get(row.id, ()),
            reps=reps.get(row.id, ()),
            alerts=alerts.get(row.id, ()),
        )
        for row in rows.sessions
    }


def _item(
    machine: Record, mine: _OfSession, standing: Rows, heard: Heard | None, asked: tuple[int, Unit]
) -> FloorItem:
    (now_ms, unit), session, alerts = asked, mine.session, mine.alerts
    status = heard.status if heard else None
    state = state_of(machine, heard, has_begun=session is not None and session.begun_set > 0)
    online = status.online if status else bool(machine.online)
    times = [time for time in (machine.received_ms, heard.at_ms if heard else None) if time is not None]
    seen_ms = max(times, default=None)
    hold = _hold(standing, now_ms)
    overridden = any(row.kind == OVERRIDE for row in standing)
    is_unheard = hold is not None and hold.delivery in UNHEARD
    return FloorItem(
        machine=machine.id,
        name=machine.name,
        kind=machine.kind,
        online=online,
        state=state,
        light="red" if is_unheard else _light(state, alerts, is_training=session is not None, online=online),
        attention=(*_of_staff(hold, overridden=overridden), *reasons.of_alerts(alerts)),
        hold=hold,
        overridden=overridden,
        hands_on=any(row.code == "hands_on" for row in alerts),
        sounds=any(is_sounding(row, now_ms) for row in alerts),
        seen_at=at_or_none(seen_ms),
        stale=seen_ms is None or now_ms - seen_ms > STALE_AFTER_MS,
        **(_training(session, mine, heard.frame if heard else None, unit) if session else {}),
    )


def _hold(standing: Sequence[Record], now_ms: int) -> Hold | None:
    newest = next((row for row in standing if row.kind != OVERRIDE), None)
    if newest is None:
        return None
    return Hold(
        id=newest.id,
        action=newest.kind,
        made_at=at(newest.made_ms),
        delivery=orders.delivery(newest, now_ms),
    )


def _of_staff(hold: Hold | None, *, overridden: bool) -> tuple[Reason, ...]:
    """Say what staff have ordered, and that a machine has not heard it."""
    codes = [] if hold is None else ["not_delivered" if hold.delivery in UNHEARD else "held"]
    return tuple(reasons.of_code(code) for code in (*codes, *(["override"] if overridden else [])))


def is_sounding(row: Any, now_ms: int) -> bool:
    """Tell whether the station must sound: red and open, and nobody has acknowledged it for a minute."""
    return (row.severity, row.state) == ("red", "open") and bool(now_ms - row.raised_ms > SOUND_AFTER_MS)


def state_of(machine: Record, heard: Heard | None, *, has_begun: bool = False) -> str:
    """Tell the state: as the machine says each minute, or as its frames have shown since.

    An alarm stands until the machine itself takes it back. `has_begun`: sets of this session are done or run.
    """
    status, frame = (heard.status, heard.frame) if heard else (None, None)
    said = (status.state if status else machine.state or "unknown").lower()
    if heard is None or frame is None or not heard.is_frame_newer or said in ALARMED:
        return said
    if frame.set > 0:
        return "working"
    return "rest" if has_begun and said in TRAINING else said


def _light(state: str, alerts: Sequence[Record], *, is_training: bool, online: bool) -> Light:
    if state in ALARMED:
        return "red"
    worst = reasons.worst(alerts)
    if worst != "fine":
        return worst
    if state == "paused" or (is_training and not online):
        return "amber"
    return "fine" if is_training else "idle"


def _training(session: Record, mine: _OfSession, frame: Frame | None, unit: Unit) -> dict[str, Any]:
    """Work out the fields of `Training` for an open session."""
    settings, done = mine.settings, {row.set_number: row.reps for row in mine.reps}
    current = max(session.begun_set, *done, frame.set if frame else 0, 1)
    running: dict[str, Any] = {
        "patient": Person(id=session.patient_id, name=session.name) if session.patient_id else None,
        "session": session.id,
        "set": current,
        "sets_planned": len({row.set_number for row in settings if row.in_plan}) or None,
        "rep": max(done.get(current, 0), frame.rep if frame and frame.set == current else 0),
        "last_setting": _last_setting(settings, unit),
    }
    setting = in_force(settings, current)
    if setting is None:
        return running
    shown = dose.load_and_angles(setting, session.kind)
    return running | {"side": setting.side, "reps_planned": setting.reps} | shown


def in_force(settings: Rows | Sequence[Record], set_number: int) -> Record | None:
    """Pick the setting that a set runs at: the newest applied one, else the plan's, else one sent."""
    of_set = [row for row in settings if row.set_number == set_number and row.state in STANDING]
    ranked = sorted(of_set, key=lambda row: (STANDING.index(row.state), -row.seq))
    return ranked[0] if ranked else None


def _last_setting(settings: Sequence[Record], unit: Unit) -> LastSetting | None:
    sent = [row for row in settings if not row.in_plan]
    if not sent:
        return None
    last = sent[-1]
    return LastSetting(
        id=last.id,
        at=at(last.decided_ms),
        set=last.set_number,
        why=reasons.of_sent(last, last.why, unit),
        state=last.state,
        refusal=last.reason,
    )
