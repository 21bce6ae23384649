"""A scripted person in front of the machine's screen: sees the view, touches what it asks for."""

import numpy as np

from emulator.machines.driver import EmulatedDriver
from emulator.people import answers
from emulator.people.members import Member
from emulator.studio.turn import Turn
from machine_agent.agent import OpenQuestion, View
from machine_agent.clock import Now
from machine_agent.inputs import (
    Confirm,
    Identify,
    PatientInput,
    Press,
    Reply,
    Reset,
    Resume,
    SignOff,
    StaffPin,
    Start,
    Weigh,
)

THINKING_MS = 2_500  # body ms between two touches; design
IMPATIENT_MS = 10_000  # body ms until somebody who was not heard identifies again; design
STAFF_MS = 20_000  # body ms until somebody of the staff comes; design
UNANSWERED = "skip"  # said to a question that has no answer: the machine asks until something is said

SIMPLE: dict[str, PatientInput] = {
    "confirm": Confirm(),
    "weigh_in": Weigh(),
    "resume": Resume(),
    "sign_off": SignOff(),
    "guided_only": SignOff(),
}


class Operator:
    """Reacts to the view of one agent, and moves the person in the emulated driver along.

    Without a `staff_pin` nobody of the staff comes by themselves: others decide when.
    """

    def __init__(self, driver: EmulatedDriver, staff_pin: str | None, seed: int) -> None:
        self._driver, self._staff_pin, self._seed = driver, staff_pin, seed
        self._chance = np.random.default_rng([seed, 21])
        self._turn: Turn | None = None
        self._touched_ms = 0
        self._leaving = False

    @property
    def turn(self) -> Turn | None:
        """Whose turn it is."""
        return self._turn

    def begin(self, member: Member, now: Now) -> None:
        """Let a person come to the machine."""
        self._turn, self._leaving = Turn(member, self._driver, self._seed), False
        self._touched_ms = now.body_ms
        self._driver.is_occupied = True

    def leave(self) -> None:
        """Let the person sign off as soon as possible."""
        self._leaving = True

    def end(self) -> Turn | None:
        """Let the person get up; returns the finished turn."""
        turn, self._turn = self._turn, None
        self._driver.leave()
        return turn

    def is_over(self, view: View) -> bool:
        """Tell whether the person has been signed out."""
        return self._turn is not None and self._turn.identified and view.awaits == "identify"

    def respond(self, view: View, now: Now) -> list[PatientInput]:
        """Look at the screen; returns what is touched now."""
        turn = self._turn
        if turn is None:
            return self._as_staff(view, now)
        turn.follow(view, now)
        touch = self._urgent(turn, view) or self._considered(turn, view, now)
        if touch is None:
            return []
        self._touched_ms = now.body_ms
        return [touch]

    def _urgent(self, turn: Turn, view: View) -> PatientInput | None:
        """Press a button that does not wait."""
        lifter = self._driver.lifter
        if view.awaits == "set" and lifter is not None and turn.lifting and lifter.wants_to_press_pain:
            return Press(button="pain")
        signs_off = self._leaving and view.awaits not in ("identify", "plan", "staff_pin", "reset")
        return SignOff() if signs_off else None

    def _considered(self, turn: Turn, view: View, now: Now) -> PatientInput | None:
        """Touch what the screen waits for, after a moment of thinking."""
        waited_ms = now.body_ms - self._touched_ms
        if waited_ms < THINKING_MS:
            return None
        if view.awaits == "identify":
            return self._identify(turn, waited_ms)
        if view.awaits == "answers":
            return self._reply(turn, view.questions[0])
        if view.awaits == "start":
            return self._start(turn, view)
        return SIMPLE.get(view.awaits) or next(iter(self._as_staff(view, now)), None)

    def _identify(self, turn: Turn, waited_ms: int) -> PatientInput | None:
        if turn.identified and waited_ms < IMPATIENT_MS:
            return None
        turn.identified = True
        return Identify(badge=turn.member.badge)

    def _reply(self, turn: Turn, asked: OpenQuestion) -> PatientInput:
        if asked.set is not None:
            value = answers.after(asked.question, turn.felt)
        else:
            member = turn.member
            value = answers.before(asked.question, member.person, member.condition, self._chance)
        return Reply(question=asked.question, value=UNANSWERED if value is None else value)

    def _start(self, turn: Turn, view: View) -> PatientInput | None:
        """Go to the start angle first; a work set that was taken down to nothing is not done."""
        row = view.row
        if row is None:
            return None
        if row.load_g == 0 and row.mode == "train":
            return SignOff()
        return Start() if turn.is_at_start(row) else None

    def _as_staff(self, view: View, now: Now) -> list[PatientInput]:
        """Clear a stopped or faulty machine after a while."""
        if self._staff_pin is None or now.body_ms - self._touched_ms < STAFF_MS:
            return []
        if view.awaits not in ("staff_pin", "staff_opens", "offline_pin", "reset"):
            return []
        self._touched_ms = now.body_ms
        return [Reset() if view.awaits == "reset" else StaffPin(pin=self._staff_pin)]
