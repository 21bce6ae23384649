"""What a screen (or an emulated person in front of it) may see of the agent: one frozen snapshot."""

from dataclasses import dataclass
from typing import Literal, get_args

from contract.messages import Mode, NextStation, Question, RepPhase, Side, Why
from machine_agent.agent.states import State

# Everything that `View.codes` can ever say. They are about the present session: a sign-in clears them, and
# what ended a session stays until the next one.
Code = Literal[
    # a sign-in that leads nowhere
    "spool_full",  # too much waits to be sent: no new session
    "too_many_tries",  # `View.locked_left_ms` says for how long
    "wrong_pin",  # of staff
    "not_recognised",  # nobody has this badge, or the PIN of this code is another
    "no_limits",  # known, but no limits are signed for this machine, or nothing may be done here today
    "swapped",  # staff put another station in place of this one for today
    "plan_refused",  # a plan came that is not safe; `View.refusal` says why
    "plan_kept",  # staff opened the kept plan: no increases
    "opened",  # staff opened the light set of a spasm day
    # the end of a session
    "timed_out",
    "session_over",  # the minutes or sets of a session, or of the day, are done
    # buttons and what staff hear of (the words of an `event`)
    "pain",
    "unwell",
    "too_heavy",
    "stop",
    "estop",
    "fault",
    "sensor",
    "identity",  # the seat was empty: somebody else may sit there now
    "assist_locked",
    "conflict",  # another machine speaks under this name
    "spool",
    # staff, by the service
    "hold_stop",
    "hold_pause",
    "hold_freeze",
    # why it paused
    "overspeed",
    "paused_tempo",  # a rep shorter than 1.5 s or longer than 20 s
    "paused_time",  # the minutes were over in the middle of a set
    "paused_lease",  # a set longer than its setting may hold
    "paused_seat",  # nobody was in the seat while a load was on
    "test_limit",  # a test of strength reached the signed torque
    "test_skipped",  # a test of strength may not be done now
    "stalled",  # the machine was not watched for a moment
    # what the sensors say
    "not_finite",
    "too_fast_to_be_true",
    "stuck",
    "load_error",
    "not_unloaded",  # the drive still measured a load after a stop
    "weigh_in_failed",
    # answers that lower the load here at once
    "pain_red",
    "spasm",
    "symptom_limb",
    "symptom_numb_weak",
    "symptom_bladder_saddle",
    "symptom_dizzy_chest",
    "symptom_fall_fever",
    "symptom_other",
    # the service: not heard for 15 s, for 120 s, heard again
    "link_degraded",
    "link_lost",
    "link_back",
]
CODES: tuple[Code, ...] = get_args(Code)

# The one thing that the agent waits for now. `set` = lift; `rest` = wait for the countdown.
Awaits = Literal[
    "identify",
    "plan",
    "offline_pin",  # no plan can come: staff may open the kept one with their PIN
    "staff_opens",  # a spasm day, and the trial without load did not hurt: staff may open a light set
    "guided_only",  # offline and unknown: stations without a motor, no load here
    "confirm",
    "weigh_in",
    "weighing",
    "answers",
    "start",
    "loading",
    "set",
    "rest",
    "resume",
    "staff_pin",
    "reset",
    "sign_off",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The set that is in force, or that comes next (g, hundredths of a degree, ms)."""

    setting: str
    set: int
    side: Side
    mode: Mode
    load_g: int
    start_cdeg: int
    end_cdeg: int
    reps: int
    work_ms: int
    tempo_ms: tuple[int, int, int]
    rest_ms: int
    why: tuple[Why, ...] = ()


# A try of a test of strength: the arm goes to its angle; countdown; push now; harder; hold; pause.
Stage = Literal["place", "ready", "push", "build", "hold", "pause"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """The try of a test of strength that is under way or next, and how long its stage lasts (body ms)."""

    number: int
    most: int
    stage: Stage
    left_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """A question that is still to be answered; `set` is None before training."""

    question: Question
    set: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A snapshot of the agent.

    `reps_stored` and `partial_reps` count only reps of this set that are on disk; a partial one is not among
    the others. `load_g` is what the drive is told now.
    `rest_left_ms` is body time. `codes` are message codes for the screen (newest last), never sentences.
    `torque_nm` is what the person does, gravity taken out. `sample_age_ms` is None before the first sample.
    `reps_waiting` are reps on disk that the service has not committed. `offline`: a kept plan is in force.
    `locked_left_ms`: until a code (or, where staff are awaited, a staff PIN) may be tried again; 0 = now.
    `leaves_in_ms`: until the person is signed out when nothing is touched; None while that cannot happen.
    `loading_left_ms`: until the load of the set is there. `refusal`: why the last plan was refused.
    """

    machine: str
    kind: str
    state: State
    awaits: Awaits
    session: str | None
    greeting: str
    language: str
    set: int
    sets: int
    row: Row | None
    phase: RepPhase
    deg: float
    target_deg: float
    torque_nm: float
    sample_age_ms: int | None
    load_g: int
    reps_stored: int
    partial_reps: int
    work_left_ms: int
    rest_left_ms: int
    questions: tuple[OpenQuestion, ...]
    set_up: dict[str, int | str]
    next: NextStation | None
    link: Literal["ok", "degraded", "lost"]
    assist_locked: bool
    offline: bool
    rows_waiting: int
    reps_waiting: int
    codes: tuple[Code, ...]
    locked_left_ms: int = 0
    leaves_in_ms: int | None = None
    loading_left_ms: int = 0
    refusal: str | None = None
    attempt: Attempt | None = None
