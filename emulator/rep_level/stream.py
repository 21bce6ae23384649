"""The rows of one emulated machine: numbered and timed as its agent would."""

import uuid

import numpy as np

from contract.messages import KINDS, PROTOCOL_VERSION, Head, Message, RecordedBody

DAY_MS = 86_400_000


class Stream:
    """One machine's spool in memory: a stream for its life, a boot for every day, both clocks in ms."""

    def __init__(self, machine: str, seed: int) -> None:
        self.machine = machine
        self._chance = np.random.default_rng([seed, *machine.encode()])
        self.stream = self.new_id()
        self.seq = 0
        self.boot = ""
        self._boot_ms = 0
        self.wall_ms = 0

    def switch_on(self, opens_ms: int) -> None:
        """Begin a day at its opening hour (ms since 1970)."""
        self.boot = self.new_id()
        self.wall_ms = self._boot_ms = opens_ms

    def new_id(self) -> str:
        """Draw a UUID."""
        return str(uuid.UUID(bytes=self._chance.bytes(16), version=4))

    def nonce(self) -> str:
        """Draw 32 hexadecimal digits."""
        return self._chance.bytes(16).hex()

    def not_before(self, wall_ms: int) -> None:
        """Wait for somebody who comes at this time."""
        self.wall_ms = max(self.wall_ms, wall_ms)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.wall_ms += max(1, round(seconds * 1_000))

    @property
    def mono_ms(self) -> int:
        """Milliseconds since the machine was switched on."""
        return self.wall_ms - self._boot_ms

    def record(self, body: RecordedBody, session: str) -> Message:
        """Give a row its number and its times."""
        self.seq += 1
        head = Head(
            v=PROTOCOL_VERSION,
            kind=KINDS[type(body)],
            machine=self.machine,
            stream=self.stream,
            seq=self.seq,
            boot=self.boot,
            mono_ms=self.mono_ms,
            wall_ms=self.wall_ms,
            session=session,
        )
        return Message(head=head, body=body)
