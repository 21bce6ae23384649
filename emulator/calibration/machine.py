"""Emulated machines beside the real one: telegrams, quanta, noise, friction, clock, and their calibration."""

from collections.abc import Sequence

import numpy as np

from contract.machines import MachineKind, catalogue
from emulator.calibration.measured import Measured, law, share, spread
from emulator.machines.drive import FREE, Machine, unset
from emulator.machines.driver import EmulatedDriver
from emulator.machines.zeroing import Zero, calibrate
from emulator.physiology.parameters import Array, using
from machine_agent.drivers import Sample

KIND = "leg_press"
TELEGRAMS = 40_000  # 13 minutes of one machine
STILL_TELEGRAMS = 6_000  # of each kind at rest: 60,000, of which 30 should be lost
MACHINES = 12  # machines of every kind that are calibrated
SHARES = (1, 50, 99, 100)  # % of the intervals


def measured(seed: int) -> dict[str, Measured]:
    """Measure a machine's clock, a machine at rest, and calibrations of machines of every kind."""
    intervals = intervals_ms(seed)
    return {
        **{f"interval_{at}": _percentile(intervals, at) for at in SHARES},
        **_rest(seed),
        **_calibrations(seed),
        "drift": law(_drift_ppm(seed)),
    }


def intervals_ms(seed: int, count: int = TELEGRAMS) -> Array:
    """Draw the times between telegrams of one machine (ms)."""
    machine = Machine(catalogue()[KIND], seed)
    return np.array([machine.next_interval_ms() for _ in range(count)])


def quantum(readings: Sequence[float]) -> float:
    """Return the least step between different readings, as they are rounded to thousandths."""
    steps = np.diff(np.unique(np.round(np.asarray(readings), 3)))
    return float(steps.min()) if len(steps) else float("inf")


def _percentile(intervals: Array, at: int) -> Measured:
    return Measured(
        value=float(np.percentile(intervals, at)), spread=float(intervals.std()), count=len(intervals)
    )


def _rest(seed: int) -> dict[str, Measured]:
    """Read machines at rest, every telegram counted: noise, quanta and what is lost."""
    samples = [
        sample for index, kind in enumerate(catalogue().values()) for sample in _still(kind, seed + index)
    ]
    seen = [one for one in samples if one is not None]
    torque_nm, deg = [one.torque_nm for one in seen], [one.deg for one in seen if one.deg < 1.0]
    return {
        "lost": share([one is None for one in samples]),
        "torque_noise": spread(torque_nm),
        "torque_quantum": Measured(value=quantum(torque_nm), count=len(seen)),
        "angle_quantum": Measured(value=quantum(deg), count=len(deg)),
    }


def _still(kind: MachineKind, seed: int) -> list[Sample | None]:
    machine, at_ms, found = Machine(kind, seed), 0.0, []
    for _ in range(STILL_TELEGRAMS):
        step_ms = machine.next_interval_ms()
        at_ms += step_ms
        found.append(machine.telegram(round(at_ms), step_ms, FREE, 0.0, None))
    return found


def _drift_ppm(seed: int) -> float:
    """Compare a machine's clock with the same one without its drift."""
    with using({"drive.drift_ppm": 0.0}):
        true = intervals_ms(seed)
    return float((intervals_ms(seed).sum() / true.sum() - 1) * 1e6)


def _calibrations(seed: int) -> dict[str, Measured]:
    """Calibrate unset machines of every kind: what was found beside what was planted."""
    apart = np.array(
        [_apart(kind, seed + index) for kind in catalogue().values() for index in range(MACHINES)]
    )
    return {
        "friction_low": Measured(
            value=float(apart[:, 3].min()), spread=float(apart[:, 3].std()), count=len(apart)
        ),
        "friction_high": Measured(
            value=float(apart[:, 3].max()), spread=float(apart[:, 3].std()), count=len(apart)
        ),
        **{
            f"found_{name}": Measured(
                value=float(np.abs(apart[:, column]).max()),
                spread=float(apart[:, column].std()),
                count=len(apart),
            )
            for column, name in enumerate(("angle", "torque", "friction"))
        },
    }


def _apart(kind: MachineKind, seed: int) -> tuple[float, float, float, float]:
    """How far a calibration is off (deg, Nm, Nm), and the friction that it found (Nm)."""
    planted = unset(seed)
    driver = EmulatedDriver(kind, seed, zeros=planted)
    found = calibrate(driver, kind)
    if not isinstance(found, Zero):
        return (float("inf"),) * 4
    return (
        found.angle_deg - planted.angle_deg,
        found.torque_nm - planted.torque_nm,
        found.friction_nm - driver.machine.friction_nm,
        found.friction_nm,
    )
