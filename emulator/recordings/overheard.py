"""A machine whose samples are written down as they are read: the true agent notices nothing."""

import math
from collections.abc import Callable, Sequence

from contract.recording import Sample as Recorded
from machine_agent.drivers import DriveCommand, Driver, Sample

OnSamples = Callable[[str, Sequence[Recorded]], None]  # of which machine, and which samples


def overheard(driver: Driver, machine: str, on_samples: OnSamples | None) -> Driver:
    """Put an ear between a drive and its agent; without a listener the drive stays as it is."""
    return driver if on_samples is None else Overheard(driver, machine, on_samples)


class Overheard:
    """A driver that passes everything on, and tells of every sample; what is not finite is left out."""

    def __init__(self, driver: Driver, machine: str, on_samples: OnSamples) -> None:
        self._driver, self._machine, self._on_samples = driver, machine, on_samples

    @property
    def open_loop(self) -> bool:
        """As the drive itself."""
        return self._driver.open_loop

    def read(self, body_ms: int) -> Sequence[Sample]:
        """Read the drive, and tell."""
        samples = self._driver.read(body_ms)
        told = [
            Recorded(mono_ms=one.body_ms, deg=one.deg, deg_s=one.deg_s, torque_nm=one.torque_nm)
            for one in samples
            if _is_finite(one)
        ]
        if told:
            self._on_samples(self._machine, told)
        return samples

    def command(self, command: DriveCommand) -> None:
        """Pass it on."""
        self._driver.command(command)

    def close(self) -> None:
        """Pass it on."""
        self._driver.close()


def _is_finite(sample: Sample) -> bool:
    """Tell whether JSON can carry the sample: a broken sensor may say NaN."""
    return all(math.isfinite(one) for one in (sample.deg, sample.deg_s, sample.torque_nm))
