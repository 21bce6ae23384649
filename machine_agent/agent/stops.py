"""How training is stopped at the machine, and what lets it go on: buttons, staff, the emergency stop."""

from contract.messages import Event
from machine_agent.agent import latches, offline
from machine_agent.agent.live import Live
from machine_agent.agent.session import Session
from machine_agent.agent.states import Happening, State
from machine_agent.clock import Now
from machine_agent.inputs import EmergencyStop, MoveArm, Press, Reset, Resume, StaffPin

CALM_REST_MS = 30_000  # rest after a pause, before anything may go on (body time)


def press(live: Live, touch: Press, now: Now) -> None:
    """Obey a button: act first, then tell; staff hear of it although nobody is signed in."""
    session = live.session
    if session is None:
        if touch.button in ("pain", "unwell"):  # of whoever it is: staff open nothing here any more today
            live.keep_for(latches.EVERYBODY, latches.HURT, now)
        live.event(touch.button, "nobody is signed in", now)
    elif touch.button in ("pain", "unwell"):
        _stop_for_good(live, session, touch, now)
    elif touch.button == "stop":
        live.event("stop", "patient", now)
        live.stop(Happening.PAUSED, "patient", now)
    else:
        _too_heavy(live, session, now)


def _stop_for_good(live: Live, session: Session, touch: Press, now: Now) -> None:
    live.ramp.stop()
    is_pain = touch.button == "pain"
    live.keep(latches.pain_latch(session.last_row) if is_pain else latches.UNWELL, now)
    session.troubled = True
    session.shut()
    if is_pain:
        latches.cap_after_stop(session, session.last_row)
    live.keep_plan()  # at once: a latch ends after a day, and the power may go before staff come
    live.event("pain" if is_pain else "unwell", "", now)
    live.stop(Happening.STOPPED, "pain" if is_pain else "unwell", now)


def _too_heavy(live: Live, session: Session, now: Now) -> None:
    row = session.last_row or session.planned  # before the first set: the load that is shown
    live.event("too_heavy", "", now)
    if row is None:
        return
    if row.load_g > 0:  # 10 % less than nothing would be nothing for the rest of the day
        session.cap(row.side, latches.too_heavy_cap(row.load_g))
        live.keep_plan()
    if live.running is not None:
        live.end_set("too_heavy", now)
        live.move(Happening.SET_OVER, now)


def resume(live: Live, _touch: Resume, now: Now) -> None:
    """Go on after a pause, with a rest first; not before the drive has measured that nothing is left."""
    session = live.session
    if session is None or not live.is_unloaded:
        live.ignored += 1
    elif live.move(Happening.RESUMED, now):
        session.rest_until_ms = max(session.rest_until_ms, now.body_ms + CALM_REST_MS)
        older = session.unsettle()
        if older is not None:
            live.expire(older.setting, "SUPERSEDED", now)


def staff_pin(live: Live, touch: StaffPin, now: Now) -> None:
    """Let staff clear a stop (the person signs in again, today's latches stay), or open what is for them.

    A stop ends when the drive has measured that nothing is left of the load (invariant 14).
    """
    session = live.session
    if live.state is State.IDENTIFIED and session is not None:
        offline.open_by_staff(live, session, touch.pin, now)
    elif live.state is State.REST and session is not None:
        _open(live, session, touch.pin, now)
    elif live.state is not State.STOPPED or not live.is_unloaded:
        live.ignored += 1
    elif offline.is_staff(live, touch.pin, now):
        live.leave(Happening.STAFF_CLEARED, now)


def _open(live: Live, session: Session, pin: str, now: Now) -> None:
    """Let staff open the light set of a spasm day, once its trial did not hurt; the same lock-out."""
    if not session.is_for_staff or session.is_pain_unanswered:
        live.ignored += 1
    elif offline.is_staff(live, pin, now):
        session.open_by_staff()
        live.note("opened")
        live.record(Event(what="identity", detail="staff opened a light set after a painless trial"), now)


def move_arm(live: Live, _touch: MoveArm, now: Now) -> None:
    """Move the arm towards the start, as long as the button is held and the drive measures no load."""
    is_free = live.state in (State.IDENTIFIED, State.STOPPED, State.PAUSED)
    if is_free and live.is_unloaded and not live.doubtful:
        live.moved_ms = now.body_ms
    else:
        live.ignored += 1


def reset(live: Live, _touch: Reset, now: Now) -> None:
    """Boot again after a fault or an emergency stop; not while the hardware still cuts the power."""
    if live.state in (State.FAULT, State.ESTOP) and not live.is_power_cut:
        live.leave(Happening.RESET, now)
        live.doubtful = False
        live.move(Happening.BOOTED, now)
    else:
        live.ignored += 1


def emergency_stop(live: Live, _touch: EmergencyStop, now: Now) -> None:
    """Take the word of who is there that the hardware has cut the power; once is enough."""
    if not power_cut(live, now):
        live.ignored += 1


def power_cut(live: Live, now: Now) -> bool:
    """Note that the hardware has cut the power; False when that is known, for it says so all the time."""
    if live.state is State.ESTOP:
        return False
    live.event("estop", "", now)
    live.stop(Happening.POWER_CUT, "fault", now)
    return True
