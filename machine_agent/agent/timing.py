"""What time alone does: ramps, heartbeat, countdowns, time-outs, silent sensors, the live trace."""

from contract.messages import Frame, Side
from machine_agent.agent.corridor import target_deg
from machine_agent.agent.effects import Drive, Trace
from machine_agent.agent.hearing import tell
from machine_agent.agent.isometric import IsometricSet
from machine_agent.agent.live import Live
from machine_agent.agent.mishaps import watch_unload
from machine_agent.agent.states import Happening, State
from machine_agent.agent.training import settle_in_time, skip_test
from machine_agent.agent.watch import AGE_MOST_MS
from machine_agent.clock import Now
from machine_agent.drivers import DriveCommand, Sample

IDENTITY_MS = 120_000  # IDENTIFIED (real time: it waits for the link) and READY (body time)
WEIGH_MOST_MS = 60_000  # three angles at low force take about 15 s
PAUSE_MS = 300_000  # PAUSED, and a rest that nobody ends
SEAT_GONE_MS = 300  # nobody sits there, and it was no flicker: a load is taken off
SEAT_EMPTY_MS = 20_000  # then it may be somebody else (hazard h15)
REST_HOLD_MS = 10_000  # a rest unloads after this (design: safety, "States")
STATUS_MS = 60_000  # real time between two statuses when nothing changes
STATUS_LEAST_MS = (
    200  # real time between two statuses: what changes is told at once, 5 times a second at most
)
HOLD_TO_RUN_MS = 200  # the arm stops so long after the button was last felt (body time)
BEYOND_CDEG = 100  # so far beyond the lowest signed angle nobody is moved at all
AFTER_STOP = (State.PAUSED, State.STOPPED, State.FAULT, State.ESTOP)
CALM_SPEED_CDEG_S = 2_000  # 20 deg/s in the calm phase (invariant 11)


def tick(live: Live, now: Now) -> None:
    """Let time pass up to `now`."""
    step_ms = max(now.body_ms - live.ticked_ms, 0)
    live.ticked_ms = now.body_ms
    _silence(live, now)
    watch_unload(live, now)
    if live.session is not None:
        settle_in_time(live, live.session, now)
        skip_test(live, live.session, now)
    tell(live, now)
    _give_up_weighing(live, now)
    _time_out(live, now)
    target_g = _target_g(live, now)
    live.ramp.step(target_g, step_ms)
    _carry(live, target_g, step_ms)
    live.effects.append(Drive(command=_command(live)))
    _tell(live, now)


def seat(live: Live, sample: Sample, now: Now) -> None:
    """Watch the seat: a load is taken off whoever leaves it; after 20 s the person must identify again."""
    session = live.session
    if session is None or live.state in (State.STOPPED, State.FAULT, State.ESTOP):
        return
    if sample.seat:
        session.seat_empty_ms = None
        return
    if session.seat_empty_ms is None:
        session.seat_empty_ms = now.body_ms
    empty_ms = now.body_ms - session.seat_empty_ms
    is_held = live.state is State.WORKING or (live.state is State.REST and live.ramp.load_g > 0)
    if empty_ms >= SEAT_EMPTY_MS:
        live.event("identity", "seat empty", now)
        _go(live, now)
    elif empty_ms >= SEAT_GONE_MS and is_held and not live.station.open_loop:
        live.note("paused_seat")
        live.stop(Happening.PAUSED, "patient", now)


def max_speed_cdeg_s(live: Live) -> int:
    """Return the signed speed limit, never above the machine's, and the calm one in the calm phase."""
    kind_limit = live.station.kind.max_speed_cdeg_s
    plan = live.session.plan if live.session else None
    if plan is None:
        return kind_limit
    signed = min(plan.envelope.max_speed_cdeg_s or kind_limit, kind_limit)
    return min(signed, CALM_SPEED_CDEG_S) if plan.envelope.phase == "calm" else signed


def target_now_deg(live: Live, now: Now) -> float:
    """Return where the corridor is now (deg)."""
    running = live.running
    return target_deg(running.row, running.elapsed_ms(now.body_ms)) if running else 0.0


def torque_now_nm(live: Live) -> float:
    """Return what the person puts on the lever now, gravity taken out (Nm)."""
    gravity = live.session.gravity if live.session else None
    sample = live.sample
    if sample is None:
        return 0.0
    return sample.torque_nm - (gravity.torque_nm(sample.deg) if gravity else 0.0)


def _tell(live: Live, now: Now) -> None:
    """Publish the status when it has changed or grown old, and a point of the trace when one is due."""
    quiet_ms = now.mono_ms - live.status_ms
    if quiet_ms >= (STATUS_MS if live.headline == live.said else STATUS_LEAST_MS):
        live.say(now)
    is_due = now.mono_ms - live.frame_ms >= live.station.frame_ms
    if is_due and live.session is not None and live.sample is not None:
        live.frame_ms = now.mono_ms
        live.effects.append(Trace(frame=_frame(live, live.sample, now)))


def _silence(live: Live, now: Now) -> None:
    """Unload a drive whose sensors are silent, and move nothing; a recording may have gaps."""
    last_ms = live.watch.last_ms
    age_ms = now.body_ms - (live.booted_ms if last_ms is None else last_ms)
    live.doubtful = age_ms > AGE_MOST_MS and not live.station.open_loop
    if live.doubtful:
        live.moved_ms = None
    is_told = live.state in (State.FAULT, State.ESTOP)
    is_driven = live.state is State.WORKING or live.ramp.load_g > 0
    if live.doubtful and is_driven and not is_told:
        live.event("sensor", "silent", now)
        live.stop(Happening.FAULTED, "fault", now)


def leaves_in_ms(live: Live, now: Now) -> int | None:
    """Say how long nothing may be touched until the person is signed out; None when that cannot happen.

    IDENTIFIED waits for the link, so it counts real time; everything else counts body time.
    """
    session = live.session
    if session is None:
        return None
    latest = max(live.since, live.touched, key=lambda one: one.body_ms)
    if live.state is State.IDENTIFIED:
        return live.since.mono_ms + IDENTITY_MS - now.mono_ms
    if live.state is State.READY:
        return None if session.weigh_in is not None else latest.body_ms + IDENTITY_MS - now.body_ms
    if live.state is State.REST:
        return max(session.rest_until_ms, latest.body_ms) + PAUSE_MS - now.body_ms
    return latest.body_ms + PAUSE_MS - now.body_ms if live.state is State.PAUSED else None


def _give_up_weighing(live: Live, now: Now) -> None:
    """Let go of an arm that does not come to rest at its three angles, or that nothing is heard of.

    The person may ask again.
    """
    session = live.session
    if session is None or session.weigh_in is None:
        return
    if not live.doubtful and now.body_ms - session.weigh_from_ms < WEIGH_MOST_MS:
        return
    session.weigh_in = None
    live.touched = now
    live.note("weigh_in_failed")


def _time_out(live: Live, now: Now) -> None:
    left_ms = leaves_in_ms(live, now)
    if left_ms is not None and left_ms <= 0:
        live.leave(Happening.LEFT, now, "timed_out")


def _go(live: Live, now: Now) -> None:
    if live.state is State.WORKING:
        live.end_set("patient", now)
        live.move(Happening.SET_OVER, now)
    live.leave(Happening.LEFT, now, "identity")


def _target_g(live: Live, now: Now) -> int:
    if live.state is State.WORKING and live.running is not None:
        return live.running.row.load_g
    session = live.session
    if live.state is State.REST and session and now.body_ms - live.since.body_ms < REST_HOLD_MS:
        return min(session.rest_hold_g, live.ramp.load_g)  # held, never taken up again (after a pause)
    return 0


def _carry(live: Live, target_g: int, step_ms: int) -> None:
    """Carry the weight of the person under load; it fades when the load goes, also for an empty seat."""
    session = live.session
    live.carry.step(session.gravity if session and target_g > 0 else None, step_ms)


def _command(live: Live) -> DriveCommand:
    session, running = live.session, live.running
    start, end = live.station.kind.limit_cdeg
    test = running if isinstance(running, IsometricSet) else None
    if running is not None and (test is None or not test.is_resting):
        start, end = running.row.start_cdeg, running.row.end_cdeg
    elif session is not None and session.weigh_in is not None:
        start = end = session.weigh_in.target_cdeg
    elif _is_moved(live):
        start = end = _home_cdeg(live)  # with the brake: the arm is moved there slowly, at low force
    return DriveCommand(
        load_g=live.ramp.load_g,
        start_cdeg=start,
        end_cdeg=end,
        brake=live.state not in (State.WORKING, State.REST) or (test is not None and not test.is_locked),
        max_speed_cdeg_s=max_speed_cdeg_s(live),
        gravity=live.carry.table(),
        lock=test is not None and test.is_locked,
        side=_side(live),
    )


def _is_moved(live: Live) -> bool:
    """Tell whether the hold-to-run button is felt, and the drive measures that nothing is left of a load."""
    moved_ms = live.moved_ms
    return moved_ms is not None and 0 <= live.ticked_ms - moved_ms <= HOLD_TO_RUN_MS and live.is_unloaded


def _home_cdeg(live: Live) -> int:
    """Tell where hold-to-run ends: at the lowest signed angle of the side, without a plan at the machine's.

    Whoever is bent beyond it stays there: the drive moves nobody outwards, nor further beyond.
    """
    plan = live.session.plan if live.session else None
    signed = plan.envelope.sides.get(_side(live)) if plan else None
    lowest_cdeg = signed.lowest_cdeg if signed else live.station.kind.limit_cdeg[0]
    here_cdeg = round(live.sample.deg * 100) if live.sample else lowest_cdeg
    return here_cdeg if here_cdeg < lowest_cdeg - BEYOND_CDEG else lowest_cdeg


def _side(live: Live) -> Side:
    """Tell to which side is trained now, or next; what was trained stays while a load is held after a set.

    It stays after a stop, too: the other side's start lies where this side's end is.
    """
    session, running = live.session, live.running
    row = running.row if running else None
    if row is None and session is not None:
        is_held = live.ramp.load_g > 0 or live.carry.table() != ()
        stays = is_held or live.state in AFTER_STOP
        row = session.last_row if stays and session.last_row else session.planned
    return row.side if row else "both"


def _frame(live: Live, sample: Sample, now: Now) -> Frame:
    running = live.running
    return Frame(
        mono_ms=now.mono_ms,
        set=running.row.set if running else 0,
        rep=running.count if running else 0,
        deg=sample.deg,
        target_deg=target_now_deg(live, now),
        nm=torque_now_nm(live),
        phase=running.phase if running else "idle",
    )
