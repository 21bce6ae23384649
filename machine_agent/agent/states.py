"""The states of the machine and every transition between them, in one table (design: safety, "States").

A pair that is not in the table is ignored and counted: an illegal event changes nothing.
Worst wins: ESTOP > FAULT > STOPPED > PAUSED.
"""

from enum import Enum


class State(Enum):
    """What the machine is doing."""

    BOOT = "boot"
    IDLE = "idle"
    IDENTIFIED = "identified"
    READY = "ready"
    WORKING = "working"
    REST = "rest"
    PAUSED = "paused"
    STOPPED = "stopped"
    FAULT = "fault"
    ESTOP = "estop"


STANDING_STILL = (State.STOPPED, State.FAULT, State.ESTOP)  # left only at the machine, also over a restart


class Happening(Enum):
    """What can move the machine from one state to another."""

    BOOTED = "booted"
    SIGNED_IN = "signed_in"
    PLAN_ACCEPTED = "plan_accepted"
    STARTED = "started"
    SET_OVER = "set_over"
    PAUSED = "paused"
    RESUMED = "resumed"
    STOPPED = "stopped"
    STAFF_CLEARED = "staff_cleared"
    FAULTED = "faulted"
    POWER_CUT = "power_cut"
    RESET = "reset"
    LEFT = "left"  # sign-out, or a time-out of this state


_S, _H = State, Happening
TRANSITIONS: dict[tuple[State, Happening], State] = {
    (_S.BOOT, _H.BOOTED): _S.IDLE,
    (_S.BOOT, _H.STOPPED): _S.STOPPED,  # the last life ended in it, and no staff have let it go on
    (_S.IDLE, _H.SIGNED_IN): _S.IDENTIFIED,
    (_S.IDENTIFIED, _H.PLAN_ACCEPTED): _S.READY,
    (_S.IDENTIFIED, _H.LEFT): _S.IDLE,
    (_S.READY, _H.STARTED): _S.WORKING,
    (_S.READY, _H.LEFT): _S.IDLE,
    (_S.WORKING, _H.SET_OVER): _S.REST,
    (_S.WORKING, _H.PAUSED): _S.PAUSED,
    (_S.REST, _H.STARTED): _S.WORKING,
    (_S.REST, _H.PAUSED): _S.PAUSED,
    (_S.REST, _H.LEFT): _S.IDLE,
    (_S.PAUSED, _H.RESUMED): _S.REST,
    (_S.PAUSED, _H.LEFT): _S.IDLE,
    (_S.STOPPED, _H.STAFF_CLEARED): _S.IDLE,
    (_S.FAULT, _H.RESET): _S.BOOT,
    (_S.ESTOP, _H.RESET): _S.BOOT,
    **{
        (state, _H.STOPPED): _S.STOPPED
        for state in (_S.IDENTIFIED, _S.READY, _S.WORKING, _S.REST, _S.PAUSED)  # IDENTIFIED: decision 0005
    },
    **{(state, _H.FAULTED): _S.FAULT for state in _S if state not in (_S.ESTOP, _S.FAULT)},
    **{(state, _H.POWER_CUT): _S.ESTOP for state in _S if state is not _S.ESTOP},
}


def after(state: State, happening: Happening) -> State | None:
    """Return the next state, or None when the event means nothing in this state."""
    return TRANSITIONS.get((state, happening))
