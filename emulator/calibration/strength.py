"""Strength of the emulated people: torques by sex and age, ratios, back pain, speed, curve, gravity."""

from collections.abc import Sequence

import numpy as np

from contract.machines import catalogue
from contract.messages import Side
from emulator.calibration.crowd import healthy
from emulator.calibration.measured import Measured, law, mean, median, spread
from emulator.people.person import AGE_BANDS, Person, people
from emulator.physiology import gravity, strength, torque_curve
from emulator.physiology.parameters import Array, number

EXTENSION, FLEXION, ROTATION = "lumbar_extension", "lumbar_flexion", "trunk_rotation"
SPEEDS_DEG_S = (60.0, 120.0, 240.0)  # deg/s; those of the published figures
TRUNK_KG, BENT_DEG = 60.0, 60.0  # design: 60 kg of trunk bent 60 deg


def measured(count: int, seed: int) -> dict[str, Measured]:
    """Measure healthy people, patients, and the laws of strength."""
    well, ill = healthy(count, seed), people(count, seed)
    torque_nm = _torques_nm(well, EXTENSION)
    return {
        **_by_sex_and_age(well, torque_nm),
        "flexion_over_extension": median(_torques_nm(well, FLEXION) / torque_nm),
        "rotation_over_extension": median(_torques_nm(well, ROTATION, "left") / torque_nm),
        "between_people": spread(_own_logs(well)),
        "side_difference": mean(_side_differences(well)),
        "back_pain_factor": _back_pain(_own_logs(well), _own_logs(ill)),
        **_laws(),
    }


def _torques_nm(who: Sequence[Person], kind: str, side: Side = "both") -> Array:
    return np.array([one.torque_nm(catalogue()[kind], side) for one in who])


def _own_logs(who: Sequence[Person]) -> Array:
    """How strong people are beside the average of their sex, age and mass (log)."""
    typical = [strength.typical_torque_nm(EXTENSION, one.age_years, one.sex, one.mass_kg) for one in who]
    return np.log(_torques_nm(who, EXTENSION) / typical)


def _by_sex_and_age(who: Sequence[Person], torque_nm: Array) -> dict[str, Measured]:
    sexes, ages = np.array([one.sex for one in who]), np.array([one.age_years for one in who])
    return {
        f"extension_{sex}_{low}": mean(torque_nm[(sexes == sex) & (low <= ages) & (ages <= high)])
        for sex in ("female", "male")
        for low, high in AGE_BANDS
    }


def _side_differences(who: Sequence[Person]) -> Array:
    """|L - R| over the stronger side."""
    left, right = _torques_nm(who, ROTATION, "left"), _torques_nm(who, ROTATION, "right")
    return np.abs(left - right) / np.maximum(left, right)


def _back_pain(well: Array, ill: Array) -> Measured:
    """Mean strength with back pain over without; the spread is what back pain adds to that of people."""
    factor = float(np.exp(ill).mean() / np.exp(well).mean())
    added = max(0.0, float(ill.var() - well.var()))
    return Measured(value=factor, spread=factor * added**0.5, count=len(ill))


def _laws() -> dict[str, Measured]:
    kind = catalogue()[EXTENSION]
    low_deg, high_deg = torque_curve.bounds_deg(kind)
    well, ill = (torque_curve.points(kind, back_pain=pain) for pain in (False, True))
    trunk_nm = gravity.torque_nm(
        kind, TRUNK_KG / number("gravity.trunk_mass_share"), kind.screen_zero_deg - BENT_DEG
    )
    return {
        **{f"speed_{speed:.0f}": law(strength.concentric_share_at(speed)) for speed in SPEEDS_DEG_S},
        "eccentric": law(number("force_velocity.eccentric_factor")),
        "extended_end": law(torque_curve.relative_at(well, low_deg, high_deg, high_deg)),
        "extended_end_pain": law(ill[-1] / well[-1]),
        "trunk_weight": law(trunk_nm),
    }
