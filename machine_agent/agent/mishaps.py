"""What goes wrong with the machine itself: a stalled loop, a drive that keeps its load, a second agent."""

from machine_agent.agent.effects import HangUp
from machine_agent.agent.live import Live
from machine_agent.agent.ramp import Ramp
from machine_agent.agent.states import Happening, State
from machine_agent.clock import Now

STALL_MS = 200  # real time without a look at the machine that unloads it (invariant 12)
STALL_FAULT_MS = 1_000  # so long, and the watchdog has acted: not to be gone on from without a reset
UNLOAD_MOST_MS = 1_300  # a stop is at nothing within 1 s; the drive may be wrong for 300 ms (invariant 10)
TAKEOVERS, TAKEOVERS_MS = 2, 60_000  # in real time (hazard h14)
KEEPS = "the drive keeps a load after a stop"
SILENT = "nothing says that the load is gone after a stop"
_STANDING = (State.PAUSED, State.STOPPED, State.FAULT)


def stall(live: Live, stalled_ms: int, now: Now) -> None:
    """Unload after the loop has missed the machine: pause, or fault when it was for long.

    A machine that carries nobody is not stopped: nothing was held and nothing moved.
    """
    is_driven = live.state is State.WORKING or live.ramp.load_g > 0
    if stalled_ms < STALL_MS or live.state in (State.FAULT, State.ESTOP):
        return
    live.moved_ms = None
    if live.session is not None:
        live.session.weigh_in = None
    if not is_driven:
        return
    live.ramp = Ramp()  # the drive has let go by itself: nothing of the load is taken up again
    live.carry.drop()
    live.note("stalled")
    live.event("fault", f"the loop stood still for {stalled_ms} ms", now)
    live.stop(Happening.FAULTED if stalled_ms >= STALL_FAULT_MS else Happening.PAUSED, "fault", now)


def takeover(live: Live, now: Now) -> None:
    """Fault at the second takeover within a minute: another agent lives under this machine's name.

    One alone may be an old connection of our own. Whom the service hears would be chance, so the link ends.
    """
    live.takeovers_ms = [at for at in live.takeovers_ms if now.mono_ms - at <= TAKEOVERS_MS] + [now.mono_ms]
    if len(live.takeovers_ms) < TAKEOVERS:
        return
    live.effects.append(HangUp())
    if live.state in (State.FAULT, State.ESTOP):
        return
    live.event("conflict", "another agent uses this machine's name", now)
    live.stop(Happening.FAULTED, "fault", now)


def watch_unload(live: Live, now: Now) -> None:
    """Fault when the drive still measures a load after a stop: its word alone ends none (invariant 14)."""
    if live.state not in _STANDING or live.is_unloaded:
        live.kept_load = False
    elif not live.kept_load and now.body_ms - live.since.body_ms >= UNLOAD_MOST_MS:
        live.kept_load = True
        if live.doubtful and live.state is State.FAULT:
            return  # silent sensors are told already, and say nothing of the load
        live.note("not_unloaded")
        live.event("fault", SILENT if live.doubtful else KEEPS, now)
        live.stop(Happening.FAULTED, "fault", now)
