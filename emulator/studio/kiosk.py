"""A machine whose person touches the real screen: only the body in the seat is emulated."""

import asyncio
import contextlib
import socket
import time
from collections.abc import Sequence

from contract.machines import catalogue
from contract.messages import Message, SignIn
from emulator.machines.driver import EmulatedDriver
from emulator.people.members import Member
from emulator.studio.fleet import FleetSettings, run_machine
from emulator.studio.stand import MachineReport
from emulator.studio.tally import Tally
from emulator.studio.turn import Turn
from machine_agent.agent import DownMessage, View
from machine_agent.clock import Clock, Now
from machine_agent.inputs import PatientInput, SignOff
from machine_agent.screen import Screen, serve

# What the screen waits for while the body goes to the start angle and sits still there.
AT_EASE = ("confirm", "weigh_in", "answers", "start", "rest")
CLOSE_S = 2.0  # real seconds that the last rows are given at the end


class Kiosk:
    """The body of whoever signs in sits down, lifts while a set runs and stops; it touches nothing."""

    def __init__(self, name: str, driver: EmulatedDriver, members: Sequence[Member], seed: int) -> None:
        self.name, self.driver, self._seed = name, driver, seed
        self.inputs: asyncio.Queue[PatientInput] = asyncio.Queue()
        self.screen = Screen(self.inputs)
        self.tally = Tally(seconds=time.perf_counter)
        self.view: View | None = None
        self.quiet = asyncio.Event()  # asked to close, nobody signed in, and everything committed
        self._members = {identity: one for one in members for identity in (one.badge, one.code) if identity}
        self._turn: Turn | None = None
        self._is_closing = False

    def close(self) -> None:
        """Sign out whoever is here; `quiet` says when all is handed in."""
        self._is_closing = True
        if self.view is not None and self.view.session is not None:
            self.inputs.put_nowait(SignOff())

    def on_view(self, view: View, now: Now) -> None:
        """Let the body follow, and the screen show."""
        self.view = view
        if self._turn is not None:
            self._follow(self._turn, view, now)
        self.screen.on_view(view, now)
        if self._is_closing and view.session is None and view.rows_waiting == 0:
            self.quiet.set()

    def on_record(self, message: Message, now: Now) -> None:
        """Seat the body of whoever has signed in; a stranger has none."""
        self.tally.recorded(message)
        if isinstance(message.body, SignIn):
            member = self._members.get(message.body.badge or message.body.code or "")
            self._turn = Turn(member, self.driver, self._seed, looks=True) if member else None
            self.driver.is_occupied = member is not None
        self.screen.on_record(message, now)

    def on_message(self, message: DownMessage, now: Now) -> None:
        """Count."""
        self.tally.heard(message)
        self.screen.on_message(message, now)

    def report(self) -> MachineReport:
        """Sum up."""
        return MachineReport(
            machine=self.name,
            sessions=self.tally.sessions,
            sets=self.tally.sets,
            reps=tuple(self.tally.reps),
            rows_waiting=self.view.rows_waiting if self.view else 0,
            state=self.view.state.value if self.view else "boot",
        )

    def _follow(self, turn: Turn, view: View, now: Now) -> None:
        turn.follow(view, now)
        if view.awaits == "identify":
            self._turn = None
            self.driver.leave()
        elif view.row is not None and view.awaits in AT_EASE:
            turn.is_at_start(view.row)


def at_only_machine(fleet: FleetSettings) -> Kiosk:
    """Make the kiosk of a fleet that has one machine."""
    [(name, kind)] = fleet.machines.items()
    return Kiosk(name, EmulatedDriver(catalogue()[kind], fleet.seed), fleet.members, fleet.seed)


async def run(
    kiosk: Kiosk, fleet: FleetSettings, door: socket.socket, stop: asyncio.Event, clock: Clock | None = None
) -> MachineReport:
    """Run agent, body and screen until `stop` or until one of them ends; the screen answers at `door`."""
    fleet.folder.mkdir(parents=True, exist_ok=True)
    clock = clock or Clock(rate=fleet.rate, wall_start_ms=fleet.wall_start_ms)
    off, wish = asyncio.Event(), asyncio.create_task(stop.wait())
    running = [
        asyncio.create_task(run_machine(kiosk, clock, fleet, off)),
        asyncio.create_task(serve(kiosk.screen, door, off)),
    ]
    try:
        await asyncio.wait([wish, *running], return_when=asyncio.FIRST_COMPLETED)
        kiosk.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(kiosk.quiet.wait(), CLOSE_S)
    finally:
        wish.cancel()
        off.set()
        await asyncio.gather(*running)
    return kiosk.report()
