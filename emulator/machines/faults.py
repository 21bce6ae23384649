"""Faults of a drive's sensors as small pure transformers of samples; by name for scenarios."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import nan
from typing import Literal

from machine_agent.drivers import Sample

FaultName = Literal["dropout", "duplicate", "stuck", "nan", "jump", "power_cut", "estop"]
JUMP_DEG = 40.0  # deg; far outside what an arm can do in one telegram


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault from `from_ms` to `until_ms` of body time."""

    name: FaultName
    from_ms: int
    until_ms: int


def disturbed(samples: Sequence[Sample], faults: Sequence[Fault]) -> list[Sample]:
    """Apply faults to samples, in order."""
    found = list(samples)
    for fault in faults:
        found = [
            broken
            for sample in found
            for broken in (
                FAULTS[fault.name](sample, fault)
                if fault.from_ms <= sample.body_ms < fault.until_ms
                else (sample,)
            )
        ]
    return found


def _dropout(_sample: Sample, _fault: Fault) -> tuple[Sample, ...]:
    return ()


def _duplicate(sample: Sample, _fault: Fault) -> tuple[Sample, ...]:
    return (sample, sample)


def _stuck(sample: Sample, fault: Fault) -> tuple[Sample, ...]:
    """Repeat one angle and torque as long as it lasts."""
    return (replace(sample, deg=fault.from_ms % 60 + 0.5, deg_s=0.0, torque_nm=20.0),)


def _nan(sample: Sample, _fault: Fault) -> tuple[Sample, ...]:
    return (replace(sample, deg=nan),)


def _jump(sample: Sample, _fault: Fault) -> tuple[Sample, ...]:
    return (replace(sample, deg=sample.deg + JUMP_DEG, deg_s=sample.deg_s + JUMP_DEG * 50),)


def _estop(sample: Sample, _fault: Fault) -> tuple[Sample, ...]:
    """Somebody presses the mushroom: power is cut as long as it is down."""
    return (replace(sample, load_g=0, estop=True),)


def _power_cut(sample: Sample, _fault: Fault) -> tuple[Sample, ...]:
    return (replace(sample, load_g=0, torque_nm=0.0, deg_s=0.0),)


FAULTS: dict[FaultName, Callable[[Sample, Fault], tuple[Sample, ...]]] = {
    "dropout": _dropout,
    "duplicate": _duplicate,
    "stuck": _stuck,
    "nan": _nan,
    "jump": _jump,
    "power_cut": _power_cut,
    "estop": _estop,
}
