"""What the service says: plan, setting, hold, ack; everything is judged before it is believed."""

from contract.codec import Undecodable
from contract.messages import Ack, Hold, HoldAction, Plan, Receipt, Setting
from machine_agent import guard
from machine_agent.agent import latches, offline, training
from machine_agent.agent.effects import DownMessage
from machine_agent.agent.live import Live
from machine_agent.agent.session import REFUSALS_MOST, Queued, Session
from machine_agent.agent.states import STANDING_STILL, Happening, State
from machine_agent.agent.view import Code
from machine_agent.clock import Now

_HOLD_CODES: dict[HoldAction, Code] = {"stop": "hold_stop", "pause": "hold_pause", "freeze": "hold_freeze"}


def handle(live: Live, message: DownMessage, now: Now) -> None:
    """Take a message; any valid one means that the service is there, one that it has not signed does not."""
    body = message.body
    if message.verified and not message.retained:
        live.heard_ms = now.mono_ms
    match body:
        case Plan():
            plan(live, body, message, now)
        case Setting():
            setting(live, body, message, now)
        case Hold():
            hold(live, body, message, now)
        case Ack():
            ack(live, body, message, now)
        case Undecodable():
            undecodable(live, now)


def plan(live: Live, body: Plan, message: DownMessage, now: Now) -> None:
    """Take the plan of the person who has just signed in, or say why not."""
    session = live.session
    if session is None:
        live.ignored += 1
        return
    if live.state is not State.IDENTIFIED:
        if not message.retained:
            offline.narrow(live, session, body, now, is_signed=message.verified)
        else:
            live.ignored += 1
        return
    if _is_for_nobody(body, session) and not message.retained:
        _turn_away(live, session, body, now, is_signed=message.verified)
        return
    mine = live.latches_of(session, now)
    body = latches.with_first_loads(body, mine)
    reason = guard.check_plan(
        body, session.visit, now.wall_ms, verified=message.verified, retained=message.retained
    )
    if reason is not None:
        first = body.settings[0].id if body.settings else None
        live.refusal = reason
        live.note("plan_refused")
        live.receipt(Receipt(result="refused", applied=live.applied(), setting=first, reason=reason), now)
        suspect(live, session, guard.refuse(reason), now)
        if reason == "ENVELOPE_VERSION":  # signed, and its limits are over: so are those of an older plan
            offline.forget(live, session)
        return
    session.accept_plan(body)
    session.kept_ms = now.wall_ms
    latches.recall(session, mine)
    live.tries.forget()
    live.keep_plan()
    live.move(Happening.PLAN_ACCEPTED, now)


def _turn_away(live: Live, session: Session, body: Plan, now: Now, *, is_signed: bool) -> None:
    """Send a person back; who mistypes a PIN, or trains elsewhere today, loses nothing that is kept."""
    why = offline.why_nothing(body)
    if is_signed and (why == "no_limits" or (why == "not_recognised" and session.is_badge)):
        offline.forget(live, session)
    live.leave(Happening.LEFT, now, why)


def ack(live: Live, body: Ack, message: DownMessage, now: Now) -> None:
    """See whether the service could not read the sign-in: then no plan will come.

    Nobody signs an ack, so what is kept for the person stays.
    """
    session = live.session
    if session is None or live.state is not State.IDENTIFIED or message.retained:
        return
    if body.stream == live.writer.stream and session.sign_in_seq in {one.seq for one in body.rejected}:
        live.leave(Happening.LEFT, now, "not_recognised")


def _is_for_nobody(body: Plan, session: Session) -> bool:
    """Tell whether a plan has no sets: it opens nothing, so it needs no signature to be believed."""
    visit = session.visit
    return not body.settings and (body.session, body.nonce) == (visit.session, visit.nonce)


def setting(live: Live, body: Setting, message: DownMessage, now: Now) -> None:
    """Queue a setting for its set when the guard agrees; otherwise say why not."""
    session = live.session
    known = training.facts(live, session, body, now) if session else None
    if session is None or known is None:
        live.ignored += 1
        live.refuse(body, "RETAINED" if message.retained else "STATE", now)
        return
    verdict = guard.decide(body, known, verified=message.verified, retained=message.retained)
    if isinstance(verdict, guard.Refused):
        live.refuse(body, verdict.reason, now)
        suspect(live, session, verdict, now)
    elif verdict.again:
        _again(live, session, body, now)
    else:
        _queue(live, session, body, now)


def _queue(live: Live, session: Session, body: Setting, now: Now) -> None:
    """Newest wins: the one that waited before gets its receipt; what came in time is settled already."""
    session.seen[body.seq] = body
    before = session.queue.get(body.side)
    session.queue[body.side] = Queued(setting=body, accepted_body_ms=now.body_ms)
    if before is not None:
        live.expire(before.setting, "SUPERSEDED", now)


def _again(live: Live, session: Session, body: Setting, now: Now) -> None:
    known = session.receipts.get(body.id)
    if known is not None:
        live.record(known, now)


def hold(live: Live, body: Hold, message: DownMessage, now: Now) -> None:
    """Obey staff: stop and pause whenever they come, freeze for its session; never when retained."""
    session = live.session
    is_meant = session is not None and body.session in (None, session.visit.session)
    reason = "RETAINED" if message.retained else None
    if session is None or (body.action == "freeze" and not is_meant):
        reason = reason or "STATE"  # nobody is here, or somebody else: there is nothing to hold
    if session is None or reason is not None:
        live.receipt(Receipt(result="refused", applied=live.applied(), hold=body.id, reason=reason), now)
        return
    if is_meant:
        session.hold_seq = max(session.hold_seq, body.seq)
    live.empty_queue("HELD", now)
    session.troubled = True
    live.note(_HOLD_CODES[body.action])
    _halt(live, body, now)


def _halt(live: Live, body: Hold, now: Now) -> None:
    """Stop or pause; who has not begun yet is signed out, because there is no set to come back to.

    A machine that stands still for a graver reason already says which.
    """
    graver = live.state.value.upper() if live.state in STANDING_STILL else None
    is_before = live.state is State.IDENTIFIED or (live.state is State.READY and body.action == "pause")
    if body.action != "freeze" and not is_before:
        is_stop = body.action == "stop"
        live.stop(Happening.STOPPED if is_stop else Happening.PAUSED, "staff", now)
    live.receipt(Receipt(result="applied", applied=live.applied(), hold=body.id, reason=graver), now)
    if body.action != "freeze" and is_before:
        live.leave(Happening.LEFT, now, _HOLD_CODES[body.action])


def undecodable(live: Live, now: Now) -> None:
    """Refuse what cannot be read; it counts, because an honest service never sends it."""
    if live.session is None:
        live.ignored += 1
        return
    live.receipt(Receipt(result="refused", applied=live.applied(), reason="SCHEMA"), now)
    suspect(live, live.session, guard.refuse("SCHEMA"), now)


def suspect(live: Live, session: Session, verdict: guard.Refused, now: Now) -> None:
    """Count a suspicious refusal; the third locks the assist and tells staff."""
    session.refusals += verdict.suspicious
    if verdict.suspicious and session.refusals == REFUSALS_MOST:
        live.event("assist_locked", f"{REFUSALS_MOST} refusals, the last for {verdict.reason}", now)
