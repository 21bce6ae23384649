"""One emulated machine and whoever is at it."""

import asyncio
import time
from dataclasses import dataclass

from contract.messages import Message
from emulator.machines.driver import EmulatedDriver
from emulator.studio.floor import Floor
from emulator.studio.operator import Operator
from emulator.studio.tally import Tally
from machine_agent.agent import DownMessage, View
from machine_agent.clock import Now
from machine_agent.inputs import PatientInput

STAFF_PIN = "2468"  # of the emulated staff; opens nothing but emulated machines
CHANGE_OVER_MS = 20_000  # body ms between two people on a machine; design


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineReport:
    """What one machine did; `reps` are the identities (stream, seq) of the reps on its disk."""

    machine: str
    sessions: int
    sets: int
    reps: tuple[tuple[str, int], ...]
    rows_waiting: int
    state: str


class Stand:
    """One machine and whoever is at it: looks on as the loop's watcher, and puts touches into its queue."""

    def __init__(self, name: str, driver: EmulatedDriver, floor: Floor, seed: int) -> None:
        self.name, self.driver, self._floor = name, driver, floor
        self._kind = driver.machine.kind
        self.operator = Operator(self.driver, STAFF_PIN, seed)
        self.tally = Tally(seconds=time.perf_counter)
        self.inputs: asyncio.Queue[PatientInput] = asyncio.Queue()
        self.view: View | None = None
        self.quiet = asyncio.Event()  # nobody is here any more and everything is committed
        self._free_ms = 0
        self._begun: set[str] = set()  # sessions; each ends with a sign-out on disk

    def on_view(self, view: View, now: Now) -> None:
        """Let the next person come, the present one react, the finished one go."""
        self.view = view
        if self.operator.is_over(view):
            turn = self.operator.end()
            if turn is not None:
                self._floor.give_back(turn.member, turn.session(self._kind.name))
            self._free_ms = now.body_ms + CHANGE_OVER_MS
        elif self.operator.turn is None and view.awaits == "identify" and now.body_ms >= self._free_ms:
            member = self._floor.take(self._kind.name)
            if member is not None:
                self.operator.begin(member, now)
        for touch in self.operator.respond(view, now):
            self.inputs.put_nowait(touch)
        if view.session is not None:
            self._begun.add(view.session)
        is_signed_out = self.operator.turn is None and self.tally.sessions >= len(self._begun)
        if not self._floor.is_open and is_signed_out and view.rows_waiting == 0:
            self.quiet.set()

    def on_record(self, message: Message, now: Now) -> None:
        """Count."""
        del now
        self.tally.recorded(message)

    def on_message(self, message: DownMessage, now: Now) -> None:
        """Count."""
        del now
        self.tally.heard(message)

    def report(self) -> MachineReport:
        """Sum up."""
        view, tally = self.view, self.tally
        return MachineReport(
            machine=self.name,
            sessions=tally.sessions,
            sets=tally.sets,
            reps=tuple(tally.reps),
            rows_waiting=view.rows_waiting if view else 0,
            state=view.state.value if view else "boot",
        )
