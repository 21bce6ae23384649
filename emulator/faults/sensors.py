"""Faults of a drive's sensors as small pure transformers of samples."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import nan
from typing import Literal

from machine_agent.drivers import Sample

SensorFault = Literal["silent", "twice", "stuck", "nan", "jump", "kg_lb", "drive_off", "estop"]
JUMP_DEG = 40.0  # deg; far outside what an arm can do in one telegram
POUNDS = 2.2046  # lb in a kg (safety page, h25)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault from `from_ms` to `until_ms` of body time; `deg`: where a stuck sensor sticks."""

    name: SensorFault
    from_ms: int
    until_ms: int
    deg: float = 20.0


def disturbed(samples: Sequence[Sample], faults: Sequence[Fault]) -> list[Sample]:
    """Apply faults to samples, in order."""
    found = list(samples)
    for fault in faults:
        found = [
            broken
            for sample in found
            for broken in (
                SENSORS[fault.name](sample, fault)
                if fault.from_ms <= sample.body_ms < fault.until_ms
                else (sample,)
            )
        ]
    return found


def _silent(_sample: Sample, _fault: Fault) -> tuple[Sample, ...]:
    return ()


def _twice(sample: Sample, _fault: Fault) -> tuple[Sample, ...]:
    return (sample, sample)


def _stuck(sample: Sample, fault: Fault) -> tuple[Sample, ...]:
    """Repeat one angle and torque as long as it lasts."""
    return (replace(sample, deg=fault.deg, deg_s=0.0, torque_nm=20.0),)


def _nan(sample: Sample, _fault: Fault) -> tuple[Sample, ...]:
    return (replace(sample, deg=nan),)


def _jump(sample: Sample, _fault: Fault) -> tuple[Sample, ...]:
    return (replace(sample, deg=sample.deg + JUMP_DEG, deg_s=sample.deg_s + JUMP_DEG * 50),)


def _kg_lb(sample: Sample, _fault: Fault) -> tuple[Sample, ...]:
    """Give the number of pounds for the number of kilograms."""
    return (replace(sample, load_g=round(sample.load_g * POUNDS)),)


def _drive_off(sample: Sample, _fault: Fault) -> tuple[Sample, ...]:
    return (replace(sample, load_g=0, torque_nm=0.0, deg_s=0.0),)


def _estop(sample: Sample, _fault: Fault) -> tuple[Sample, ...]:
    """Somebody presses the mushroom: power is cut as long as it is down."""
    return (replace(sample, load_g=0, estop=True),)


SENSORS: dict[SensorFault, Callable[[Sample, Fault], tuple[Sample, ...]]] = {
    "silent": _silent,
    "twice": _twice,
    "stuck": _stuck,
    "nan": _nan,
    "jump": _jump,
    "kg_lb": _kg_lb,
    "drive_off": _drive_off,
    "estop": _estop,
}
