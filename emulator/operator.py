"""A scripted person in front of the machine's screen: sees the view, touches what it asks for."""

from dataclasses import dataclass, field

import numpy as np

from contract.machines import CDEG, G
from contract.messages import Side
from emulator import answers
from emulator.answers import AfterSet
from emulator.bodies import Seated
from emulator.condition import Session
from emulator.driver import EmulatedDriver
from emulator.lifter import Lifter, Task
from emulator.members import Member
from machine_agent.agent import OpenQuestion, Row, View
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
AT_START_DEG = 1.5  # deg from the start angle at which a person presses start; design
UNANSWERED = "skip"  # said to a question that has no answer: the machine asks until something is said

SIMPLE: dict[str, PatientInput] = {
    "confirm": Confirm(),
    "weigh_in": Weigh(),
    "resume": Resume(),
    "sign_off": SignOff(),
}


@dataclass(slots=True, kw_only=True)
class Turn:
    """One person's turn at the machine, and what it was like (mutable: the script's place in it)."""

    member: Member
    identified: bool = False
    lifters: dict[Side, Lifter] = field(default_factory=dict)
    left_ms: dict[Side, int] = field(default_factory=dict)
    rir: list[float] = field(default_factory=list)
    load_kg: list[float] = field(default_factory=list)
    beyond: list[float] = field(default_factory=list)
    pain: list[float] = field(default_factory=list)

    def session(self, kind: str) -> Session | None:
        """Sum the turn up for the body's memory; None without a work set."""
        if not self.rir:
            return None
        return Session(
            kind=kind,
            rir=min(self.rir),
            load_kg=max(self.load_kg),
            beyond_share=max(self.beyond),
            pain_nrs=max(self.pain),
        )


class Operator:
    """Reacts to the view of one agent, and moves the person in the emulated driver along."""

    def __init__(self, driver: EmulatedDriver, staff_pin: str, seed: int) -> None:
        self._driver, self._staff_pin, self._seed = driver, staff_pin, seed
        self._kind = driver.machine.kind
        self._chance = np.random.default_rng([seed, 21])
        self._turn: Turn | None = None
        self._touched_ms = 0
        self._lifting: Row | None = None
        self._felt = AfterSet(rir="many", pain=0)
        self._leaving = False
        self.pain_at_rep: int | None = None  # a fault: the next person presses Pain after so many reps

    @property
    def turn(self) -> Turn | None:
        """Whose turn it is."""
        return self._turn

    def begin(self, member: Member, now: Now) -> None:
        """Let a person come to the machine."""
        self._turn, self._leaving, self._lifting = Turn(member=member), False, None
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
        self._follow(turn, view, now)
        touch = self._urgent(view) or self._considered(turn, view, now)
        if touch is None:
            return []
        self._touched_ms = now.body_ms
        return [touch]

    def _urgent(self, view: View) -> PatientInput | None:
        """Press a button that does not wait."""
        lifter = self._driver.lifter
        if view.awaits == "set" and lifter is not None and self._lifting and self._hurts(lifter):
            return Press(button="pain")
        signs_off = self._leaving and view.awaits not in ("identify", "plan", "staff_pin", "reset")
        return SignOff() if signs_off else None

    def _hurts(self, lifter: Lifter) -> bool:
        if self.pain_at_rep is not None and lifter.reps >= self.pain_at_rep:
            self.pain_at_rep = None
            return True
        return lifter.wants_to_press_pain

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
            return self._start(view)
        return SIMPLE.get(view.awaits) or next(iter(self._as_staff(view, now)), None)

    def _identify(self, turn: Turn, waited_ms: int) -> PatientInput | None:
        if turn.identified and waited_ms < IMPATIENT_MS:
            return None
        turn.identified = True
        return Identify(badge=turn.member.badge)

    def _reply(self, turn: Turn, asked: OpenQuestion) -> PatientInput:
        if asked.set is not None:
            value = answers.after(asked.question, self._felt)
        else:
            member = turn.member
            value = answers.before(asked.question, member.person, member.condition, self._chance)
        return Reply(question=asked.question, value=UNANSWERED if value is None else value)

    def _start(self, view: View) -> PatientInput | None:
        """Go to the start angle first; a work set that was taken down to nothing is not done."""
        row, lifter = view.row, self._driver.lifter
        if row is None or lifter is None:
            return None
        if row.load_g == 0 and row.mode == "train":
            return SignOff()
        start_deg = row.start_cdeg / CDEG
        if abs(lifter.deg - start_deg) > AT_START_DEG:
            lifter.approach(start_deg)
            return None
        return Start() if lifter.is_still else None

    def _as_staff(self, view: View, now: Now) -> list[PatientInput]:
        """Clear a stopped or faulty machine after a while."""
        if now.body_ms - self._touched_ms < STAFF_MS:
            return []
        if view.awaits not in ("staff_pin", "reset"):
            return []
        self._touched_ms = now.body_ms
        return [StaffPin(pin=self._staff_pin) if view.awaits == "staff_pin" else Reset()]

    def _follow(self, turn: Turn, view: View, now: Now) -> None:
        """Let the body do what the screen shows: sit down, lift, stop."""
        row = view.row
        if row is not None and view.awaits not in ("identify", "plan"):
            self._sit(turn, row.side, now)
        lifter = self._driver.lifter
        if lifter is None:
            return
        if view.awaits == "set" and self._lifting is None and row is not None:
            self._lifting = row
            lifter.lift(_task(row))
        elif view.awaits not in ("set", "loading") and self._lifting is not None:
            self._finish(turn, lifter, self._lifting)
            self._lifting = None

    def _sit(self, turn: Turn, side: Side, now: Now) -> None:
        lifter = turn.lifters.get(side)
        if lifter is None:
            seated = Seated(
                person=turn.member.person, condition=turn.member.condition, kind=self._kind, side=side
            )
            lifter = turn.lifters[side] = Lifter(seated, self._seed)
        if self._driver.lifter is lifter or self._lifting is not None:
            return
        other = next((one for one, body in turn.lifters.items() if body is self._driver.lifter), None)
        if other is not None:
            turn.left_ms[other] = now.body_ms
        lifter.rest((now.body_ms - turn.left_ms.get(side, now.body_ms)) / 1_000)
        self._driver.seat(lifter)

    def _finish(self, turn: Turn, lifter: Lifter, row: Row) -> None:
        self._felt = lifter.felt()
        if row.mode == "train":
            turn.rir.append(lifter.reserve)
            turn.load_kg.append(row.load_g / G)
            turn.beyond.append(lifter.beyond_share(row.start_cdeg / CDEG, row.end_cdeg / CDEG))
            turn.pain.append(lifter.pain_nrs)
        lifter.stop()


def _task(row: Row) -> Task:
    concentric, hold, eccentric = (ms / 1_000 for ms in row.tempo_ms)
    return Task(
        load_kg=row.load_g / G,
        start_deg=row.start_cdeg / CDEG,
        end_deg=row.end_cdeg / CDEG,
        reps=row.reps,
        tempo_s=(concentric, hold, eccentric),
    )
