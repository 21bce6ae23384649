"""A drive that is not there: an arm at rest, to put link, spool and screen into service without a motor."""

from collections.abc import Mapping, Sequence

from machine_agent.drivers import DriveCommand, Sample

SAMPLE_MS = 20


class StillDriver:
    """Fifty samples a second of an arm that nobody moves."""

    open_loop = True

    def __init__(self) -> None:
        self._last_ms: int | None = None

    def read(self, body_ms: int) -> Sequence[Sample]:
        """Return the samples since the last call."""
        first_ms = body_ms if self._last_ms is None else self._last_ms + SAMPLE_MS
        times = range(first_ms, body_ms + 1, SAMPLE_MS)
        if times:
            self._last_ms = times[-1]
        return [Sample(body_ms=one, deg=0.0, deg_s=0.0, torque_nm=0.0, load_g=0) for one in times]

    def command(self, command: DriveCommand) -> None:
        """Move nothing."""

    def close(self) -> None:
        """Let go of nothing."""


def make(_options: Mapping[str, object]) -> StillDriver:
    """Make one; it has no options."""
    return StillDriver()
