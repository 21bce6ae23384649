"""One emulated machine and whoever is at it."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from contract.messages import Message
from emulator.faults.wishes import Wish
from emulator.faults.witness import Witness
from emulator.machines.driver import EmulatedDriver
from emulator.studio.floor import Floor
from emulator.studio.operator import Operator
from emulator.studio.planting import Begin, Planter
from emulator.studio.tally import Tally
from machine_agent.agent import DownMessage, View
from machine_agent.clock import Now
from machine_agent.inputs import PatientInput

STAFF_PIN = "2468"  # of the emulated staff; opens nothing but emulated machines
MS = 1_000
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

    def __init__(
        self, name: str, driver: EmulatedDriver, floor: Floor, seed: int, wishes: Sequence[Wish] = ()
    ) -> None:
        self.name, self.driver, self._floor = name, driver, floor
        self.witness = Witness()
        self.planter = Planter(wishes, driver, self.witness)
        self.begin: Begin = lambda _: None  # a fault of link or computer; set by whoever runs the machine
        self.body_s = 0.0
        self._kind = driver.machine.kind
        self.operator = Operator(self.driver, STAFF_PIN, seed)
        self.tally = Tally(seconds=time.perf_counter)
        self.inputs: asyncio.Queue[PatientInput] = asyncio.Queue()
        self.view: View | None = None
        self.quiet = asyncio.Event()  # nobody is here any more and everything is committed
        self._free_ms = 0
        self._begun: set[str] = set()  # sessions; each ends with a sign-out on disk
        self._cut_short: set[str] = set()  # but these: the power went

    def on_view(self, view: View, now: Now) -> None:
        """Let the next person come, the present one react, the finished one go."""
        self.view, self.body_s = view, now.body_ms / MS
        self.witness.view(view, self.driver.machine.drive_load_g, self.body_s)
        for touch in self.planter.look(view, now, self.begin):
            self.inputs.put_nowait(touch)
        self._change_over(view, now)
        for touch in self.operator.respond(view, now):
            self.inputs.put_nowait(touch)
        if view.session is not None:
            self._begun.add(view.session)
        awaited = len(self._begun - self._cut_short)
        is_signed_out = self.operator.turn is None and self.tally.sessions >= awaited
        if not self._floor.is_open and is_signed_out and view.rows_waiting == 0:
            self.quiet.set()

    def _change_over(self, view: View, now: Now) -> None:
        if self.operator.is_over(view):
            turn = self.operator.end()
            if turn is not None:
                self._floor.give_back(turn.member, turn.session(self._kind.name))
            self._free_ms = now.body_ms + CHANGE_OVER_MS
        elif self.operator.turn is None and view.awaits == "identify" and now.body_ms >= self._free_ms:
            member = self._floor.take(self._kind.name)
            if member is not None:
                self.operator.begin(member, now)

    def on_record(self, message: Message, now: Now) -> None:
        """Count."""
        lifter = self.driver.lifter
        self.witness.row(message, lifter.reps if lifter else None, now.body_ms / MS)
        self.tally.recorded(message)

    def on_message(self, message: DownMessage, now: Now) -> None:
        """Count."""
        del now
        self.tally.heard(message)

    def tell(self, what: str) -> None:
        """Write down what is done to the machine; without power its session never signs out."""
        self.witness.note(what, self.body_s)
        if self.view is not None and what == "power cut":
            self._cut_short.add(self.view.session or "")

    def has_shown(self, sign: str) -> bool:
        """Tell whether the machine has shown something that begins like this."""
        return any(one.what.startswith(sign) for one in self.witness.seen)

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
