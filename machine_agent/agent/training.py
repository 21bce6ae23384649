"""Sets one after the other: put a row on the drive, follow it, end it, rest, choose the next row."""

from dataclasses import replace

from contract.envelope import Cap
from contract.messages import Applied, Receipt, Setting
from machine_agent.agent import latches
from machine_agent.agent.choice import IN_TIME_MS, Choice, choose
from machine_agent.agent.isometric import IsometricSet
from machine_agent.agent.live import SPOOL_FULL_PERCENT, Live
from machine_agent.agent.ramp import DOWN_G_S
from machine_agent.agent.session import Session, stricter
from machine_agent.agent.sets import Over, RunningSet
from machine_agent.agent.states import Happening, State
from machine_agent.clock import Now
from machine_agent.drivers import Sample
from machine_agent.facts import Evidence, Facts, SideState


def facts(live: Live, session: Session, setting: Setting, now: Now) -> Facts | None:
    """Gather what the guard must know about the side of a setting; None before there is a plan."""
    if session.plan is None:
        return None
    side = session.side(setting)
    if now.wall_ms >= session.plan.envelope.valid_until_ms:  # no valid envelope: nothing (invariant 1)
        side = replace(side, cap=stricter(side.cap, Cap(load_g=0)))
    is_open = live.state in (State.READY, State.WORKING, State.REST, State.PAUSED)
    upcoming = dict(session.upcoming) if is_open else {}
    if live.running is not None:
        upcoming.pop(live.running.row.set, None)
    return Facts(
        visit=session.visit,
        plan=session.plan,
        stream=live.writer.stream,
        rows=live.writer.rows,
        last_rep_seq=live.writer.last_rep_seq,
        seen=session.seen,
        hold_seq=session.hold_seq,
        upcoming=upcoming,
        side=side,
        evidence=evidence(live, session, side, now),
        wall_ms=now.wall_ms,
        mono_ms=now.mono_ms,
    )


def evidence(live: Live, session: Session, side: SideState, now: Now) -> Evidence:
    """Gather what an increase of a side needs."""
    return Evidence(
        link_age_ms=now.mono_ms - live.heard_ms,
        last_rep_clean=side.last_rep_clean,
        untroubled=not session.troubled,
        healthy=not live.doubtful and live.fill_percent < SPOOL_FULL_PERCENT,
        gravity_measured=session.gravity is not None,
        assist_locked=session.assist_locked,
    )


def choose_next(live: Live, session: Session, now: Now, *, as_opened: bool = False) -> Choice:
    """Choose and judge the row of the next set as things are now; nothing is kept and nothing is recorded.

    `as_opened`: as if staff had opened it, to show what they would.
    """
    planned = session.planned
    known = facts(live, session, planned, now) if planned else None
    if planned is None or known is None or session.turned_away:
        return Choice(row=None)
    if as_opened:
        known = replace(known, side=replace(known.side, opened=True))
    is_too_sore = session.sore and planned.mode == "isometric"
    if session.is_pain_unanswered or is_too_sore:  # who passes over the question gets no increase
        known = replace(known, evidence=replace(known.evidence, untroubled=False))
    return choose(
        planned, session.waiting(planned.side), known, now.body_ms, _deadline_ms(live, session, now)
    )


def shown_next(live: Live, session: Session, now: Now) -> Setting | None:
    """Choose the row that the screen shows for the next set: a test is shown before its weigh-in, too.

    So is what staff may open now.
    """
    row, planned = choose_next(live, session, now, as_opened=session.is_for_staff).row, session.planned
    is_test = planned is not None and planned.mode == "isometric" and not session.turned_away
    return planned if row is None and is_test and session.gravity is None else row


def settle_in_time(live: Live, session: Session, now: Now) -> None:
    """Set apart what came in time for the next set, as soon as anything else would be too late.

    What is too old or no longer safe gets its receipt.
    """
    if live.state is State.REST and now.body_ms > _deadline_ms(live, session, now):
        _settle(live, session, now)


def _settle(live: Live, session: Session, now: Now) -> None:
    planned = session.planned
    queued = session.waiting(planned.side) if planned else None
    if planned is None or queued is None or queued.accepted_body_ms > _deadline_ms(live, session, now):
        return
    if planned.mode == "isometric" and queued.setting.set > planned.set:
        return  # meant for the work after a test that is passed over when its rest is done
    session.drop(planned.side)
    session.settled = queued
    if not session.is_pain_unanswered:
        _drop(live, session, choose_next(live, session, now), now)


def skip_test(live: Live, session: Session, now: Now) -> None:
    """Pass over a test of strength that may not be done now; the rows after it are still done."""
    planned = session.planned
    is_due = planned is not None and planned.mode == "isometric" and may_start(live, session, now)
    is_open = bool(session.questions) or (session.gravity is None and not live.station.open_loop)
    if is_due and not is_open and (live.station.open_loop or choose_next(live, session, now).row is None):
        session.index += 1
        live.note("test_skipped")


def start(live: Live, now: Now) -> bool:
    """Put the next row on the drive; False when no set may start now."""
    session = live.session
    planned = session.planned if session else None
    if session is None or planned is None or not may_start(live, session, now):
        return False
    choice = choose_next(live, session, now)
    row = choice.row
    if row is None or (live.state is State.READY and not session.is_confirmed(row)):
        return False  # what rose after it was confirmed is shown again before it is lifted
    if not live.move(Happening.STARTED, now):
        return False
    _drop(live, session, choice, now)
    if choice.taken:
        session.drop(row.side)
    session.started_ms = now.body_ms if session.started_ms is None else session.started_ms
    first = session.sides[row.side].standing.day_start_g == 0 and row.mode == "train"
    session.put_in_force(row)
    live.keep_plan()
    live.keep(latches.set_latch(row), now)
    if first:
        live.keep(latches.first_latch(row), now)
    live.running = _running(live, session, row)
    given = Applied(load_g=row.load_g, start_cdeg=row.start_cdeg, end_cdeg=row.end_cdeg)
    applied = Receipt(result="applied", applied=given, setting=row.id, virtual=live.station.open_loop)
    live.receipt(applied, now)
    return True


def _running(live: Live, session: Session, row: Setting) -> RunningSet:
    if row.mode == "isometric":
        limit_nm = session.plan.envelope.max_torque_nm if session.plan else 0
        return IsometricSet(row, session.gravity, live.station.kind, limit_nm)
    return RunningSet(row, session.gravity, open_loop=live.station.open_loop)


def may_start(live: Live, session: Session, now: Now) -> bool:
    """Tell whether a set may start: confirmed and asked before the first, rested before the others."""
    planned = session.planned
    if planned is None or session.is_full(planned.side, now.body_ms):
        return False
    if live.state is State.READY:
        return session.confirmed is not None and not session.questions and session.weigh_in is None
    return live.state is State.REST and rest_left_ms(live, session, now) == 0


def rest_left_ms(live: Live, session: Session, now: Now) -> int:
    """Tell how long the rest still lasts: no load is carried to the other side or into another mode."""
    left_ms = max(session.rest_until_ms - now.body_ms, 0)
    if _is_alike(session) or (live.is_unloaded and not live.carry.table()):
        return left_ms
    return max(left_ms, live.ramp.load_g * 1_000 // DOWN_G_S, 1)


def _is_alike(session: Session) -> bool:
    """Tell whether the next row goes on as the last one: its load may be held in the rest."""
    last, planned = session.last_row, session.planned
    if last is None or planned is None:
        return False
    return (last.side, last.mode) == (planned.side, planned.mode)


def follow(live: Live, sample: Sample, now: Now) -> None:
    """Feed a sample to the running set; count at the end of a rep, end the set when it is over."""
    running, session = live.running, live.session
    if running is None or session is None:
        return
    if isinstance(running, IsometricSet):
        over = _push(live, running, sample, now)
    else:
        over = _lift(live, session, running, sample, now)
    is_late = session.is_time_over(now.body_ms) and not live.station.open_loop
    if over is None and is_late and not running.is_moving:  # the rep in progress is still done
        over = Over(ended_by="staff", pause=True, note="paused_time")
    if over is not None and live.running is not None:
        finish(live, over, now)


def _lift(live: Live, session: Session, running: RunningSet, sample: Sample, now: Now) -> Over | None:
    if running.loaded_ms is None:
        is_there = live.ramp.load_g == running.row.load_g and live.carry.is_settled
        is_loaded = live.station.open_loop or is_there
        running.loaded_ms = now.body_ms if is_loaded else None
    found = running.feed(sample)
    over = running.let_time_pass(sample)
    if found is None:
        return over
    rep, figures = found
    seqs = running.partial_seqs if "partial" in rep.quality else running.rep_seqs
    seqs.append(live.record(rep, now))
    session.note_quality(rep.side, clean=running.is_clean(rep))
    session.note_peak(rep.side, rep.end_deg)
    return running.judge(figures) or over


def _push(live: Live, running: IsometricSet, sample: Sample, now: Now) -> Over | None:
    """Follow a test of strength, once nothing is left of an earlier load."""
    if live.ramp.load_g > 0:
        return None
    result = running.advance(sample)
    if result is not None:
        running.rep_seqs.append(live.record(result, now))
    if running.fault is not None:
        live.event("sensor", running.fault, now)
        live.stop(Happening.FAULTED, "fault", now)
    return running.over


def finish(live: Live, over: Over, now: Now) -> None:
    """End the set by its own rules: into the rest, or into a pause when something was wrong."""
    if over.note is not None:
        live.note(over.note)
    if over.pause:
        live.stop(Happening.PAUSED, over.ended_by, now)
        return
    held_g = live.running.row.load_g if live.running else 0
    live.end_set(over.ended_by, now)
    if live.move(Happening.SET_OVER, now) and live.session is not None:
        live.session.rest_hold_g = held_g if _is_alike(live.session) else 0


def _deadline_ms(live: Live, session: Session, now: Now) -> int:
    """Tell until when a setting for the next set must have been accepted (body time)."""
    return session.rest_until_ms - IN_TIME_MS if live.state is State.REST else now.body_ms


def _drop(live: Live, session: Session, choice: Choice, now: Now) -> None:
    """Give the setting that cannot be the next row its receipt."""
    planned = session.planned
    queued = session.waiting(planned.side) if planned else None
    if planned is None or queued is None or choice.dropped is None:
        return
    session.drop(planned.side)
    decline = live.expire if choice.dropped == "LEASE" else live.refuse
    decline(queued.setting, choice.dropped, now)
