"""An emulated machine with a person in it, behind the agent's Driver protocol."""

from collections.abc import Sequence
from dataclasses import replace

from contract.machines import MachineKind
from emulator.faults.sensors import Fault, disturbed
from emulator.machines.drive import ALL_SET, FREE, Machine, Zeros
from emulator.people.lifter import Lifter
from machine_agent.drivers import DriveCommand, Sample


class EmulatedDriver:
    """Makes telegrams on demand: body time moves only by `read`, so it runs as fast as it is asked to."""

    open_loop = False

    def __init__(
        self, kind: MachineKind, seed: int, faults: Sequence[Fault] = (), zeros: Zeros = ALL_SET
    ) -> None:
        self.machine = Machine(kind, seed, zeros)
        self.lifter: Lifter | None = None
        self.is_occupied = False
        self.faults = list(faults)  # may be added to while it runs
        self._command = FREE
        self._commanded_ms = 0.0
        self._made_ms = 0.0
        self.body_ms = 0
        self._next_ms = self.machine.next_interval_ms()
        self.closed = False

    def seat(self, lifter: Lifter) -> None:
        """Let a person sit down; the arm stays where it is."""
        lifter.carried(self.machine.deg)
        self.lifter, self.is_occupied = lifter, True

    def leave(self) -> None:
        """Let the person get up."""
        self.lifter, self.is_occupied = None, False

    def read(self, body_ms: int) -> Sequence[Sample]:
        """Return every telegram since the last call up to `body_ms`."""
        found: list[Sample] = []
        self.body_ms = body_ms
        while self._made_ms + self._next_ms <= body_ms:
            step_ms, self._made_ms = self._next_ms, self._made_ms + self._next_ms
            self._next_ms = self.machine.next_interval_ms()
            silent_ms = self._made_ms - self._commanded_ms
            sample = self.machine.telegram(
                round(self._made_ms), step_ms, self._command, silent_ms, self.lifter
            )
            if sample is not None:
                found.append(sample if self.lifter or not self.is_occupied else replace(sample, seat=True))
        return disturbed(found, self.faults) if self.faults else found

    def command(self, command: DriveCommand) -> None:
        """Take a command; also the heartbeat."""
        self._command = command
        self._commanded_ms = self._made_ms

    def close(self) -> None:
        """Unload and brake."""
        self._command, self.closed = FREE, True
        self.machine.drive_load_g = 0.0
