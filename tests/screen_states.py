"""Every state of a machine that its screen can show, as views; and an agent that shows them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from contract.messages import NextStation, Question, Why
from machine_agent.agent.states import State
from machine_agent.agent.view import Attempt, OpenQuestion, Row, View
from machine_agent.clock import Now
from machine_agent.screen import Screen

SESSION = "5b1f6c1e-0000-4000-8000-000000000001"
WALL_MS = 1_763_700_000_000
ROW = Row(
    setting="5b1f6c1e-0000-4000-8000-0000000000aa",
    set=2,
    side="both",
    mode="train",
    load_g=12_500,
    start_cdeg=1_800,
    end_cdeg=5_400,
    reps=10,
    work_ms=0,
    tempo_ms=(2_000, 1_000, 3_000),
    rest_ms=60_000,
    why=(Why(code="raise_range", values={"from_cdeg": 3_600, "to_cdeg": 4_100}),),
)
EMPTY = View(
    machine="le-1",
    kind="lumbar_extension",
    state=State.IDLE,
    awaits="identify",
    session=None,
    greeting="",
    language="en",
    set=0,
    sets=0,
    row=None,
    phase="idle",
    deg=18.0,
    target_deg=0.0,
    torque_nm=0.0,
    sample_age_ms=0,
    load_g=0,
    reps_stored=0,
    partial_reps=0,
    work_left_ms=0,
    rest_left_ms=0,
    questions=(),
    set_up={},
    next=None,
    link="ok",
    assist_locked=False,
    offline=False,
    rows_waiting=0,
    reps_waiting=0,
    codes=(),
)
PLANNED = replace(
    EMPTY,
    state=State.READY,
    session=SESSION,
    greeting="Mrs Chan",
    set=1,
    sets=3,
    row=replace(ROW, set=1, why=(Why(code="plan_last"),)),
    set_up={"seat": 4, "pad": 3},
)
WORKING = replace(PLANNED, state=State.WORKING, awaits="set", set=2, row=ROW, load_g=12_500, target_deg=18.0)
STOPPED = replace(PLANNED, state=State.STOPPED, awaits="staff_pin")
NEXT = NextStation(name="trunk_rotation", kind="trunk_rotation", minutes=6, guided=0)
GUIDED = NextStation(name="lying_rotation", kind="lying_rotation", minutes=4, guided=1)


def asked(question: Question, set_number: int | None = None) -> View:
    """Show one open question."""
    state = State.READY if set_number is None else State.REST
    open_question = OpenQuestion(question=question, set=set_number)
    return replace(PLANNED, state=state, awaits="answers", questions=(open_question,))


QUESTIONS: tuple[Question, ...] = (
    "pain_before", "spasm", "new_symptoms", "pain_site", "readiness", "rir", "rpe", "pain_set",
    "pain_next_morning",
)  # fmt: skip
STATES: Mapping[str, View] = {
    "boot": replace(EMPTY, state=State.BOOT, awaits="reset"),
    "welcome": EMPTY,
    "locked": replace(EMPTY, codes=("too_many_tries",), locked_left_ms=540_000),
    "plan": replace(EMPTY, state=State.IDENTIFIED, awaits="plan", session=SESSION),
    "offline_pin": replace(
        EMPTY,
        state=State.IDENTIFIED,
        awaits="offline_pin",
        session=SESSION,
        link="lost",
        codes=("wrong_pin",),
    ),
    "staff_opens": replace(
        PLANNED,
        state=State.REST,
        awaits="staff_opens",
        set=2,
        sets=2,
        row=replace(ROW, load_g=2_500, end_cdeg=2_700, why=(Why(code="staff_light"),)),
        codes=("wrong_pin",),
    ),
    "guided_only": replace(EMPTY, state=State.IDENTIFIED, awaits="guided_only", session=SESSION, link="lost"),
    "confirm": replace(PLANNED, awaits="confirm"),
    "nothing": replace(PLANNED, awaits="confirm", row=None, sets=0, set=0),
    "weigh_in": replace(PLANNED, awaits="weigh_in"),
    "weighing": replace(PLANNED, awaits="weighing", deg=36.2),
    **{f"ask_{one}": asked(one, 1 if one in ("rir", "rpe", "pain_set") else None) for one in QUESTIONS},
    "start": replace(PLANNED, awaits="start"),
    "loading": replace(WORKING, awaits="loading", load_g=5_200, loading_left_ms=3_600),
    "set": replace(WORKING, reps_stored=6, phase="concentric"),
    "set_offline": replace(
        WORKING, reps_stored=4, partial_reps=1, link="lost", reps_waiting=14, rows_waiting=31
    ),
    "set_timed": replace(
        WORKING, row=replace(ROW, work_ms=100_000, reps=30), reps_stored=11, work_left_ms=42_000
    ),
    "mobility": replace(WORKING, row=replace(ROW, mode="mobility", load_g=0), load_g=0, deg=44.0),
    "isometric": replace(
        WORKING,
        row=replace(ROW, mode="isometric", load_g=0, reps=3),
        load_g=0,
        torque_nm=87.0,
        attempt=Attempt(number=2, most=3, stage="hold", left_ms=1_800),
    ),
    "rest": replace(PLANNED, state=State.REST, awaits="rest", set=2, row=ROW, rest_left_ms=47_000),
    "rest_over": replace(PLANNED, state=State.REST, awaits="start", set=2, row=ROW),
    "leaving": replace(PLANNED, state=State.REST, awaits="start", set=2, row=ROW, leaves_in_ms=21_000),
    "paused": replace(PLANNED, state=State.PAUSED, awaits="resume", set=2, row=ROW, codes=("paused_tempo",)),
    "stopped_pain": replace(STOPPED, codes=("pain",)),
    "stopped_unwell": replace(STOPPED, codes=("unwell", "wrong_pin")),
    "stopped_again": replace(EMPTY, state=State.STOPPED, awaits="staff_pin", codes=("fault",)),  # a new life
    "emergency": replace(STOPPED, codes=("stop", "symptom_numb_weak")),
    "fault": replace(PLANNED, state=State.FAULT, awaits="reset", codes=("sensor", "stuck")),
    "fault_again": replace(EMPTY, state=State.FAULT, awaits="reset"),
    "estop": replace(PLANNED, state=State.ESTOP, awaits="reset", codes=("estop",)),
    "goodbye": replace(
        PLANNED, state=State.REST, awaits="sign_off", set=0, row=None, next=NEXT, leaves_in_ms=200_000
    ),
    "goodbye_guided": replace(
        PLANNED, state=State.REST, awaits="sign_off", set=0, row=None, next=GUIDED, leaves_in_ms=200_000
    ),
    "kept": replace(PLANNED, awaits="start", offline=True, link="lost", codes=("plan_kept",)),
}


class FakeAgent:
    """Shows what it is told to; its time goes on by hand."""

    def __init__(self) -> None:
        self.screen = Screen()
        self.now_ms = 0

    def show(self, view: View, after_ms: int = 20) -> None:
        """Show a view as the agent's next pass."""
        self.now_ms += after_ms
        moment = Now(body_ms=self.now_ms, mono_ms=self.now_ms, wall_ms=WALL_MS + self.now_ms)
        self.screen.on_view(view, moment)

    def taken(self) -> list[Any]:
        """Hand over every touch that has come."""
        found = []
        while not self.screen.inputs.empty():
            found.append(self.screen.inputs.get_nowait())
        return found
