"""What a screen (or an emulated person in front of it) may see of the agent: one frozen snapshot."""

from dataclasses import dataclass
from typing import Literal

from contract.messages import Mode, NextStation, Question, RepPhase, Side, Why
from machine_agent.agent.states import State

# The one thing that the agent waits for now. `set` = lift; `rest` = wait for the countdown.
Awaits = Literal[
    "identify",
    "plan",
    "offline_pin",  # no plan can come: staff may open the kept one with their PIN
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


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """A question that is still to be answered; `set` is None before training."""

    question: Question
    set: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A snapshot of the agent.

    `reps_stored` counts only reps of this set that are on disk. `load_g` is what the drive is told now.
    `rest_left_ms` is body time. `codes` are message codes for the screen (newest last), never sentences.
    `torque_nm` is what the person does, gravity taken out. `sample_age_ms` is None before the first sample.
    `reps_waiting` are reps on disk that the service has not committed. `offline`: a kept plan is in force.
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
    codes: tuple[str, ...]
