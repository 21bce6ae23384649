"""A body in the seat and its finger on the screen: few reps, quick answers, sometimes the stop button."""

import math
from random import Random

from contract.messages import Side
from machine_agent.agent import View
from machine_agent.clock import Now
from machine_agent.drivers import DriveCommand, Sample
from machine_agent.inputs import (
    Confirm,
    Identify,
    PatientInput,
    Press,
    Reply,
    Reset,
    Resume,
    SignOff,
    Start,
    Weighed,
)

OUT_MS = BACK_MS = 1_500
PAUSE_MS = 500
THINK_LEAST_MS, THINK_MOST_MS = 400, 2_000
IMPATIENT_MS = 40_000  # without a plan
VALUES: dict[str, tuple[int | str, ...]] = {
    "pain_before": (0, 1, 2),
    "pain_set": (0, 1, 2),
    "pain_after": (0, 1, 2),
    "pain_next_morning": (0, 1, 2),
    "rir": ("1-2", "3-5", "many"),
    "spasm": (0,),
    "new_symptoms": ("none",),
}
SIMPLE: dict[str, PatientInput] = {
    "confirm": Confirm(),
    "weigh_in": Weighed(deg=(0.0, 20.0, 40.0), nm=(40.0, 30.0, 10.0)),
    "start": Start(),
    "resume": Resume(),
    "reset": Reset(),
    "offline_pin": SignOff(),
    "guided_only": SignOff(),
    "staff_opens": SignOff(),  # nobody of staff comes: the person goes home
    "staff_pin": SignOff(),
    "sign_off": SignOff(),
}


class Body:
    """Comes for some sessions; `is_done` when it has left for good."""

    def __init__(self, badge: str, sessions: int, sets: int, chance: Random) -> None:
        self._badge, self._left, self._sets_most, self._chance = badge, sessions, sets, chance
        self._sets = self._wanted_reps = 0
        self._ready_ms: int | None = None  # when the finger comes down
        self._awaited = ""
        self._since_ms = self._move_ms = 0
        self._deg = 0.0
        self._command: DriveCommand | None = None
        self._has_signed = False

    @property
    def is_done(self) -> bool:
        """Tell whether nobody will come any more."""
        return self._left <= 0 and not self._has_signed

    def command(self, command: DriveCommand) -> None:
        """Feel what the drive does."""
        self._command = command

    def sample(self, view: View, body_ms: int) -> Sample:
        """Read the machine's sensors."""
        speed_deg_s = 0.0
        if view.awaits == "set":
            before, self._deg = self._deg, self._angle(view, body_ms)
            speed_deg_s = (self._deg - before) * 10
        elif view.row is not None:
            self._deg = view.row.start_cdeg / 100
        load_g = self._command.load_g if self._command else 0
        side: Side = self._command.side if self._command else "both"
        wobble = math.sin(body_ms / 300.0)
        return Sample(
            body_ms=body_ms,
            deg=self._deg,
            deg_s=speed_deg_s,
            torque_nm=load_g / 1_000 * 4 + wobble,
            load_g=load_g,
            side=side,
        )

    def touch(self, view: View, now: Now) -> PatientInput | None:
        """Touch what the screen waits for, after a moment."""
        if view.awaits != self._awaited:
            self._turn_to(view, now)
        if self._ready_ms is None or now.body_ms < self._ready_ms:
            return None
        self._ready_ms = now.body_ms + self._think_ms()
        return self._chosen(view, now)

    def _turn_to(self, view: View, now: Now) -> None:
        self._awaited, self._since_ms = view.awaits, now.body_ms
        self._ready_ms = now.body_ms + self._think_ms()
        if view.awaits == "set":
            self._sets += 1
            self._wanted_reps = self._chance.randint(1, 3)
            self._move_ms = now.body_ms
        elif view.awaits == "identify" and self._has_signed:
            self._has_signed = False
            self._left -= 1

    def _chosen(self, view: View, now: Now) -> PatientInput | None:
        is_last = self._sets >= self._sets_most
        match view.awaits:
            case "identify":
                return self._come()
            case "plan":
                return SignOff() if now.body_ms - self._since_ms > IMPATIENT_MS else None
            case "answers":
                question = view.questions[0].question
                return Reply(question=question, value=self._chance.choice(VALUES.get(question, ("skip",))))
            case "set":
                return self._stop(view)
            case "start" | "resume" | "rest" if is_last:
                return SignOff()
            case _:
                return SIMPLE.get(view.awaits)

    def _come(self) -> PatientInput | None:
        if self._left <= 0:
            return None
        self._sets, self._has_signed = 0, True
        return Identify(badge=self._badge)

    def _stop(self, view: View) -> PatientInput | None:
        done = view.reps_stored + view.partial_reps
        return Press(button="stop") if done >= self._wanted_reps else None

    def _angle(self, view: View, body_ms: int) -> float:
        """Follow out, back, pause, over and over."""
        row = view.row
        if row is None:
            return self._deg
        low, high = row.start_cdeg / 100, row.end_cdeg / 100
        at_ms = (body_ms - self._move_ms - 1_000) % (OUT_MS + BACK_MS + PAUSE_MS)
        if body_ms - self._move_ms < 1_000 or at_ms >= OUT_MS + BACK_MS:
            return low
        share = at_ms / OUT_MS if at_ms < OUT_MS else 2 - at_ms / OUT_MS
        return low + (high - low) * (1 - math.cos(math.pi * share)) / 2

    def _think_ms(self) -> int:
        return self._chance.randint(THINK_LEAST_MS, THINK_MOST_MS)
