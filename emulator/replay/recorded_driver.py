"""A recorded machine behind the agent's Driver protocol: commands move nothing."""

from collections.abc import Sequence

from contract.recording import Sample as Recorded
from machine_agent.drivers import DriveCommand, Sample

HEAD_MS = 200  # body ms between "go" and the first sample: the set must be running; design
IDLE_MS = 20  # body ms between the samples of an arm that waits


class RecordedDriver:
    """Plays samples once `play` was called; before and after that the arm stands where the recording does."""

    open_loop = True

    def __init__(self, samples: Sequence[Recorded]) -> None:
        self._samples = samples
        self._next = 0
        self._shift_ms: int | None = None
        self._read_ms = 0
        self.commands = 0

    @property
    def is_playing(self) -> bool:
        """Tell whether the recording has begun."""
        return self._shift_ms is not None

    @property
    def is_over(self) -> bool:
        """Tell whether every sample was read."""
        return self._next >= len(self._samples)

    @property
    def position(self) -> float:
        """Share of the recording that was read."""
        return self._next / max(len(self._samples), 1)

    def play(self) -> None:
        """Let the first sample come shortly after now."""
        if self._shift_ms is None and self._samples:
            self._shift_ms = self._read_ms + HEAD_MS - self._samples[0].mono_ms

    def read(self, body_ms: int) -> Sequence[Sample]:
        """Return the samples since the last call up to `body_ms`."""
        before, self._read_ms = self._read_ms, body_ms
        if self._shift_ms is None or self.is_over:
            first = body_ms - body_ms % IDLE_MS
            return [self._still(first)] if first > before else []
        found = []
        while not self.is_over and self._samples[self._next].mono_ms + self._shift_ms <= body_ms:
            one = self._samples[self._next]
            self._next += 1
            found.append(
                Sample(
                    body_ms=one.mono_ms + self._shift_ms,
                    deg=one.deg,
                    deg_s=one.deg_s,
                    torque_nm=one.torque_nm,
                    load_g=0,
                )
            )
        return found

    def command(self, command: DriveCommand) -> None:
        """Take a command and move nothing."""
        del command
        self.commands += 1

    def close(self) -> None:
        """Nothing is held."""

    def _still(self, body_ms: int) -> Sample:
        """Repeat the first or the last angle, unloaded."""
        place = min(self._next, len(self._samples) - 1)
        deg = self._samples[place].deg if self._samples else 0.0
        return Sample(body_ms=body_ms, deg=deg, deg_s=0.0, torque_nm=0.0, load_g=0)
