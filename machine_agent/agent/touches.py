"""What a person does at the machine; a touch that means nothing now is ignored and counted."""

import uuid
from collections.abc import Callable
from typing import Any, Literal

from contract.messages import Answer, Gravity, SignIn
from machine_agent import gravity, pins
from machine_agent.agent import latches, offline, stops, training
from machine_agent.agent.live import SPOOL_FULL_PERCENT, Live
from machine_agent.agent.session import Confirmed, Session, current
from machine_agent.agent.states import Happening, State
from machine_agent.agent.view import Code
from machine_agent.clock import Now
from machine_agent.facts import Visit
from machine_agent.inputs import (
    Confirm,
    EmergencyStop,
    Identify,
    MoveArm,
    PatientInput,
    Press,
    Reply,
    Reset,
    Resume,
    SignOff,
    StaffPin,
    Start,
    Weigh,
    Weighed,
)

NONCE_BYTES = 16
SYMPTOM_CODES: dict[str, Code] = {
    "limb": "symptom_limb",
    "numb_weak": "symptom_numb_weak",
    "bladder_saddle": "symptom_bladder_saddle",
    "dizzy_chest": "symptom_dizzy_chest",
    "fall_fever": "symptom_fall_fever",
}
NO_WORDS = frozenset({"", "0", "no", "none"})


def handle(live: Live, touch: PatientInput, now: Now) -> None:
    """Do what the touch asks for."""
    HANDLERS[type(touch)](live, touch, now)


def identify(live: Live, touch: Identify, now: Now) -> None:
    """Sign in: a session, a nonce and a row; the answer is the plan."""
    identity = touch.badge or touch.code
    if live.state is not State.IDLE or not identity or (touch.code and not touch.pin):
        live.ignored += 1
    elif live.fill_percent >= SPOOL_FULL_PERCENT:
        live.note("spool_full")
    elif touch.code and live.tries.is_locked(now.mono_ms):
        live.note("too_many_tries")
    else:
        _sign_in(live, touch, identity, now)


def _sign_in(live: Live, touch: Identify, identity: str, now: Now) -> None:
    name = str(uuid.UUID(bytes=live.randomness(16), version=4))
    nonce = live.randomness(NONCE_BYTES).hex()
    proof = stretched = None
    if touch.code and touch.pin:
        live.tries.count(now.mono_ms)
        stretched = pins.stretched(touch.pin, touch.code)
        proof = pins.proof(stretched, nonce)
    subject = pins.subject(live.station.site_key, identity)
    session = Session(visit=Visit(kind=live.station.kind, subject=subject, session=name, nonce=nonce))
    offline.look_up(live, session, touch, stretched, now)
    live.session = session
    live.writer.open_session(name)
    live.codes.clear()
    live.heard_ms, live.hears = now.mono_ms, "ok"  # the service is given its time from here
    row = SignIn(
        nonce=nonce,
        machine_kind=live.station.kind.name,
        firmware=live.station.firmware,
        badge=touch.badge,
        code=None if touch.badge else touch.code,
        pin_proof=None if touch.badge else proof,
    )
    session.sign_in_seq = live.record(row, now)
    live.move(Happening.SIGNED_IN, now)


def confirm(live: Live, _touch: Confirm, now: Now) -> None:
    """Take the confirmation of name and first load, as they are shown now."""
    session = live.session
    if session is None or live.state is not State.READY:
        live.ignored += 1
        return
    row = training.shown_next(live, session, now)
    session.confirmed = Confirmed(first=current(row) if row else None)


def weigh(live: Live, _touch: Weigh, now: Now) -> None:
    """Begin the weigh-in over the range that the plan asks of the first side."""
    session = live.session
    row = session.planned if session else None
    is_idle = session is not None and session.gravity is None and session.weigh_in is None
    if (
        session is None
        or session.plan is None
        or row is None
        or not is_idle
        or live.state is not State.READY
        or live.station.open_loop
    ):
        live.ignored += 1
        return
    session.weigh_from_ms = now.body_ms
    session.weigh_in = gravity.WeighIn(*gravity.weighed_range(session.plan, row.side))


def weighed(live: Live, touch: Weighed, now: Now) -> None:
    """Take a weigh-in: at least three angles, before the first set."""
    session = live.session
    if session is None or live.state is not State.READY or len(touch.deg) != len(touch.nm):
        live.ignored += 1
        return
    session.weigh_in = None
    measured = gravity.curve(touch.deg, touch.nm, gravity.most_nm(live.station.kind))
    if measured is None:
        live.note("weigh_in_failed")
        return
    session.gravity = gravity.extended(measured)
    live.record(Gravity(deg=measured.deg, nm=measured.nm), now)


def reply(live: Live, touch: Reply, now: Now) -> None:
    """Take an answer to an open question; pain, spasm and new symptoms act here before any reply."""
    session = live.session
    asked = (
        next((one for one in session.questions if one.question == touch.question), None) if session else None
    )
    if session is None or asked is None:
        live.ignored += 1
        return
    session.questions.remove(asked)
    live.record(Answer(question=touch.question, value=touch.value, set=asked.set), now)
    _act_on(live, session, touch, asked.set, now)


def _act_on(live: Live, session: Session, touch: Reply, set_number: int | None, now: Now) -> None:
    said_yes = str(touch.value) not in NO_WORDS
    if touch.question in ("pain_before", "pain_set", "pain_after"):
        nrs = latches.read_nrs(touch.value)
        session.note_pain(nrs)
        _cap(live, session, nrs, "pain_red", now)
        if touch.question != "pain_before":
            _felt(live, session, nrs, set_number, now)
    elif touch.question == "spasm" and said_yes:
        _cap(live, session, 0, "spasm", now)
    elif touch.question == "new_symptoms" and said_yes:
        latches.cap_nothing(session)
        session.shut()
        live.keep(latches.SYMPTOM, now)
        live.keep_plan()
        live.event("stop", f"new_symptoms: {touch.value}", now)
        live.note(SYMPTOM_CODES.get(str(touch.value), "symptom_other"))
        live.stop(Happening.STOPPED, "unwell", now)


def _cap(live: Live, session: Session, nrs: int, code: Literal["pain_red", "spasm"], now: Now) -> None:
    """Narrow every side on red pain or a spasm, for the rest of the day."""
    spasm = code == "spasm"
    if latches.cap_all(session, nrs, spasm=spasm):
        session.troubled = True
        if not spasm:
            session.shut()
        live.keep(latches.red_latch(spasm=spasm), now)
        live.keep_plan()
        live.note(code)


def _felt(live: Live, session: Session, nrs: int, set_number: int | None, now: Now) -> None:
    """Note how a set felt: what hurts on a spasm day shuts for the day what staff could open."""
    if session.plan is None:
        return
    if nrs <= session.plan.envelope.pain_green_nrs:
        session.note_felt_well(set_number)
        return
    session.shut()
    if session.spasm or session.tried:
        live.keep(latches.HURT, now)


def start(live: Live, _touch: Start, now: Now) -> None:
    """Begin the next set."""
    if not training.start(live, now):
        live.ignored += 1


def sign_off(live: Live, _touch: SignOff, now: Now) -> None:
    """Let the person go; a running set is ended first."""
    if live.state is State.WORKING:
        live.end_set("patient", now)
        live.move(Happening.SET_OVER, now)
    live.leave(Happening.LEFT, now)


HANDLERS: dict[type[Any], Callable[[Live, Any, Now], None]] = {
    Identify: identify,
    Confirm: confirm,
    Weigh: weigh,
    Weighed: weighed,
    Reply: reply,
    Start: start,
    Press: stops.press,
    Resume: stops.resume,
    StaffPin: stops.staff_pin,
    MoveArm: stops.move_arm,
    Reset: stops.reset,
    EmergencyStop: stops.emergency_stop,
    SignOff: sign_off,
}
