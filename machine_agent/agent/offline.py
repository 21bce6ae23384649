"""A session without the service: who may begin one, and what the service may still say when it comes back."""

from typing import Literal

from contract.envelope import Cap
from contract.messages import Basis, Event, Plan
from machine_agent import guard, pins, sealing
from machine_agent.agent import latches
from machine_agent.agent.hearing import is_alone
from machine_agent.agent.kept import for_today
from machine_agent.agent.live import Live
from machine_agent.agent.session import Session
from machine_agent.agent.states import Happening, State
from machine_agent.agent.view import Code
from machine_agent.clock import Now
from machine_agent.inputs import Identify

Waits = Literal["plan", "offline_pin", "guided_only"]


def look_up(live: Live, session: Session, touch: Identify, stretched_pin: bytes | None, now: Now) -> None:
    """Open what is kept for the person who signs in, should the service not answer.

    A code opens it together with its PIN only: offline the right PIN is the one that opens something.
    """
    site_key = live.station.site_key
    session.is_badge = bool(touch.badge)
    if touch.badge:
        session.key = sealing.key_of_badge(site_key, touch.badge)
    elif stretched_pin is not None:
        session.key = sealing.key_of_code(site_key, stretched_pin)
    if latches.FORGOTTEN in live.latches_of(session, now):
        return  # of what was lifted or hurt today nothing is known here
    found = live.shelf.find(session.visit.subject, session.key, now.wall_ms)
    if found is not None and live.trusts(found[1].plan):  # a key may have been withdrawn since
        session.kept_ms, session.kept = found


def waits_for(live: Live, session: Session, now: Now) -> Waits:
    """Tell what a person who has signed in waits for: the plan, or staff when it cannot come."""
    if not is_alone(live, now):
        return "plan"
    return "guided_only" if session.kept is None else "offline_pin"


def begin(live: Live, session: Session, now: Now) -> None:
    """Put the kept plan in force: staff have opened it."""
    if session.kept is None:
        live.ignored += 1
        return
    basis = Basis(stream=live.writer.stream, seq=session.sign_in_seq)
    plan = for_today(session.kept, session.visit, basis, now.wall_ms)
    mine = live.latches_of(session, now)
    plan = latches.with_first_loads(plan, mine)
    reason = guard.check_plan(plan, session.visit, now.wall_ms, verified=True, retained=False)
    if reason not in (None, "ENVELOPE_VERSION"):  # an expired one has a load of 0 already
        live.refusal, session.kept = reason, None
        live.note("plan_refused")
        return
    if live.move(Happening.PLAN_ACCEPTED, now):
        session.offline = True
        session.accept_plan(plan)
        latches.recall(session, mine)
        live.tries.forget()
        live.note("plan_kept")
        live.record(Event(what="identity", detail="staff opened the kept plan"), now)


def forget(live: Live, session: Session) -> None:
    """Open nothing any more for the person of a session: the service has withdrawn what was kept."""
    session.kept = None
    forgotten = live.shelf.forget(session.visit.subject)
    if forgotten is not None:
        live.effects.append(forgotten)


def why_nothing(body: Plan) -> Code:
    """Say why a plan has no sets; only a station that was swapped out still names the one to go on to."""
    if body.next is not None:
        return "swapped"
    return "no_limits" if body.greeting else "not_recognised"


def narrow(live: Live, session: Session, body: Plan, now: Now, *, is_signed: bool) -> None:
    """Take a plan that came after all as a further limit: the stricter of both wins, and nothing rises.

    A plan without sets says that the service allows nothing: that is believed whoever sent it, for this
    visit; only a signed one is a reason to forget what is kept, and a swap for today is none.
    """
    is_mine = (body.session, body.nonce) == (session.visit.session, session.visit.nonce)
    is_open = live.state in (State.READY, State.WORKING, State.REST, State.PAUSED)
    if not (session.offline and is_mine and is_open and (is_signed or not body.settings)):
        live.ignored += 1
        return
    is_over = now.wall_ms >= body.envelope.valid_until_ms
    if not body.settings or is_over:
        is_swapped = not body.settings and why_nothing(body) == "swapped"
        session.turned_away = True
        live.note("swapped" if is_swapped else "no_limits")
        if is_signed and not is_swapped:
            forget(live, session)
        return
    latches.take_flags(session, body.flags)
    for side in session.sides:
        rows = [row for row in body.settings if row.side == side]
        end_cdeg = max((row.end_cdeg for row in rows), default=None)
        session.cap(side, Cap(load_g=max((row.load_g for row in rows), default=0), end_cdeg=end_cdeg))
    live.keep_plan()


def open_by_staff(live: Live, session: Session, pin: str, now: Now) -> None:
    """Let staff open the kept plan with their PIN; the same lock-out as for clearing a stop."""
    if waits_for(live, session, now) != "offline_pin":
        live.ignored += 1
    elif is_staff(live, pin, now):
        begin(live, session, now)


def is_staff(live: Live, pin: str, now: Now) -> bool:
    """Check a PIN of staff; a wrong one counts as a try, and after five of them none is looked at."""
    if live.staff_tries.is_locked(now.mono_ms):
        live.note("too_many_tries")
        return False
    if not pins.is_staff(pin, live.station.staff_pins):
        live.staff_tries.count(now.mono_ms)
        live.note("wrong_pin")
        return False
    live.staff_tries.forget()
    return True
