"""Makes the `View`: what a screen may see, and the one thing that the agent waits for."""

from contract.messages import Setting
from machine_agent.agent import offline, training
from machine_agent.agent.hearing import heard
from machine_agent.agent.isometric import IsometricSet
from machine_agent.agent.live import Live
from machine_agent.agent.ramp import UP_G_S
from machine_agent.agent.session import Session
from machine_agent.agent.states import State
from machine_agent.agent.timing import leaves_in_ms, target_now_deg, torque_now_nm
from machine_agent.agent.view import Awaits, Row, View
from machine_agent.clock import Now

_SIMPLE: dict[State, Awaits] = {
    State.BOOT: "reset",
    State.IDLE: "identify",
    State.PAUSED: "resume",
    State.STOPPED: "staff_pin",
    State.FAULT: "reset",
    State.ESTOP: "reset",
}


def view(live: Live, now: Now) -> View:
    """Take a snapshot."""
    session, running = live.session, live.running
    plan = session.plan if session else None
    row = _row(live, session, now)
    return View(
        machine=live.station.machine,
        kind=live.station.kind.name,
        state=live.state,
        awaits=_awaits(live, session, row, now),
        session=live.writer.session,
        greeting=plan.greeting if plan else "",
        language=plan.language if plan else "en",
        set=row.set if row else 0,
        sets=len(plan.settings) if plan else 0,
        row=_shown(row) if row else None,
        phase=running.phase if running else "idle",
        deg=live.sample.deg if live.sample else 0.0,
        target_deg=target_now_deg(live, now),
        torque_nm=torque_now_nm(live),
        sample_age_ms=now.body_ms - live.sample.body_ms if live.sample else None,
        load_g=live.ramp.load_g,
        reps_stored=_stored(live, running.rep_seqs) if running else 0,
        partial_reps=_stored(live, running.partial_seqs) if running else 0,
        work_left_ms=running.work_left_ms(now.body_ms) if running else 0,
        rest_left_ms=_rest_left_ms(live, session, now),
        questions=tuple(session.questions) if session else (),
        set_up=plan.set_up if plan else {},
        next=plan.next if plan else None,
        link=heard(live, now),
        assist_locked=session.assist_locked if session else False,
        offline=session.offline if session else False,
        rows_waiting=live.rows_open,
        reps_waiting=live.reps_waiting,
        codes=tuple(live.codes),
        locked_left_ms=_locked_left_ms(live, now),
        leaves_in_ms=leaves_in_ms(live, now),
        loading_left_ms=_loading_left_ms(live),
        refusal=live.refusal,
        attempt=running.attempt(now.body_ms) if isinstance(running, IsometricSet) else None,
    )


def _awaits(live: Live, session: Session | None, row: Setting | None, now: Now) -> Awaits:
    if live.state in _SIMPLE or session is None:
        return _SIMPLE.get(live.state, "identify")
    if live.state is State.IDENTIFIED:
        return offline.waits_for(live, session, now)
    is_ready = live.state is State.READY
    return _awaits_ready(live, session, row, now) if is_ready else _awaits_set(live, session, row, now)


def _awaits_set(live: Live, session: Session, row: Setting | None, now: Now) -> Awaits:
    if live.state is State.WORKING:
        return "set" if live.running and live.running.loaded_ms is not None else "loading"
    if session.questions:
        return "answers"
    if row is None or session.is_full(row.side, now.body_ms):
        return "sign_off"
    if session.is_for_staff:
        return "staff_opens"
    return "rest" if _rest_left_ms(live, session, now) > 0 else "start"


def _awaits_ready(live: Live, session: Session, row: Setting | None, now: Now) -> Awaits:
    if not session.is_confirmed(row):
        return "confirm"
    if session.weigh_in is not None:
        return "weighing"
    if session.gravity is None and not live.station.open_loop:
        return "weigh_in"
    if session.questions:
        return "answers"
    return "sign_off" if row is None or session.is_full(row.side, now.body_ms) else "start"


def _row(live: Live, session: Session | None, now: Now) -> Setting | None:
    if live.running is not None:
        return live.running.row
    return training.shown_next(live, session, now) if session else None


def _shown(row: Setting) -> Row:
    return Row(
        setting=row.id,
        set=row.set,
        side=row.side,
        mode=row.mode,
        load_g=row.load_g,
        start_cdeg=row.start_cdeg,
        end_cdeg=row.end_cdeg,
        reps=row.reps,
        work_ms=row.work_ms,
        tempo_ms=row.tempo_ms,
        rest_ms=row.rest_ms,
        why=row.why,
    )


def _rest_left_ms(live: Live, session: Session | None, now: Now) -> int:
    if session is None or live.state is not State.REST:
        return 0
    return training.rest_left_ms(live, session, now)


def _stored(live: Live, seqs: list[int]) -> int:
    """Count the rows that are on disk: nothing else is shown as done."""
    return sum(seq <= live.stored_seq for seq in seqs)


def _locked_left_ms(live: Live, now: Now) -> int:
    tries = live.tries if live.state is State.IDLE else live.staff_tries
    return tries.left_ms(now.mono_ms)


def _loading_left_ms(live: Live) -> int:
    running = live.running
    if running is None or running.loaded_ms is not None:
        return 0
    return max(running.row.load_g - live.ramp.load_g, 0) * 1_000 // UP_G_S
