"""One true agent of a day with its emulated drive, and the person at it."""

import asyncio
import time

from contract.messages import Message, Rep, SetEnd
from emulator.day.record import Diary
from emulator.machines.driver import EmulatedDriver
from emulator.people.members import Member
from emulator.studio.operator import Operator
from emulator.studio.stand import STAFF_PIN
from emulator.studio.tally import Tally
from machine_agent.agent import DownMessage, View
from machine_agent.clock import Now
from machine_agent.inputs import PatientInput, Reset, StaffPin
from openspine.day.director import Gone

FOR_STAFF = ("staff_pin", "staff_opens", "offline_pin", "reset")


class TruePlace:
    """The loop's watcher at one machine: lets the person react once a step, and notes what is on disk."""

    def __init__(self, name: str, driver: EmulatedDriver, seed: int, diary: Diary, opens_ms: int) -> None:
        self.name, self.driver = name, driver
        self.inputs: asyncio.Queue[PatientInput] = asyncio.Queue()
        self.operator = Operator(driver, None, seed)  # staff come when they are called
        self.tally = Tally(seconds=time.perf_counter)
        self.view: View | None = None
        self._diary, self._opens_ms = diary, opens_ms
        self._seen_ms = -1
        self._is_over = False
        self._now = Now(body_ms=0, mono_ms=0, wall_ms=0)
        self._member: Member | None = None
        self._sets = self._reps = 0
        self._load_g = 0

    @property
    def is_awake(self) -> bool:
        """Tell whether anything can happen here: somebody is here, or the agent is not at rest."""
        return self.view is None or self._member is not None or self.view.awaits != "identify"

    @property
    def waits_for_staff(self) -> bool:
        """Tell whether the screen asks for staff."""
        return self.view is not None and self.view.awaits in FOR_STAFF

    def begin(self, member: Member, now_ms: int) -> None:
        """Let a person sit down."""
        del now_ms
        self._member, self._sets, self._reps, self._load_g = member, 0, 0, 0
        self.operator.begin(member, self._now)

    def gone(self) -> Gone | None:
        """Return, once, what the person who has got up leaves behind."""
        if not self._is_over:
            return None
        turn, self._member, self._is_over = self.operator.end(), None, False
        session = turn.session(self.driver.machine.kind.name) if turn else None
        return Gone(session=session, sets=self._sets, reps=self._reps, load_kg=self._load_g / 1_000)

    def clear(self, now_ms: int) -> None:
        """Let staff do what the screen asks of them."""
        del now_ms
        if self.view is not None and self.waits_for_staff:
            self.inputs.put_nowait(Reset() if self.view.awaits == "reset" else StaffPin(pin=STAFF_PIN))

    def on_view(self, view: View, now: Now) -> None:
        """Let the person look and touch, once a step: passes in between have only waited for the network."""
        self.view, self._now = view, now
        if now.body_ms == self._seen_ms:
            return
        self._seen_ms = now.body_ms
        self._is_over = self.operator.is_over(view)  # the director sees it at the end of the step
        for touch in self.operator.respond(view, now):
            self.inputs.put_nowait(touch)

    def on_record(self, message: Message, now: Now) -> None:
        """Note a row that is on disk."""
        del now
        self.tally.recorded(message)
        self._diary.row(self.name, message, message.head.wall_ms - self._opens_ms)
        if isinstance(message.body, Rep):
            self._reps += 1
            self._load_g = max(self._load_g, message.body.load_g)
        self._sets += isinstance(message.body, SetEnd)

    def on_message(self, message: DownMessage, now: Now) -> None:
        """Note what the service decided."""
        del now
        self.tally.heard(message)
        self._diary.answer(self.name, message.body)
