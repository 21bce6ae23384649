"""Seeded people of all strata (sex, age, severity): how strong, how they tire, hurt and report."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from contract.machines import CDEG, MachineKind
from contract.messages import Side
from emulator.physiology import reach, strength
from emulator.physiology.parameters import number, numbers, pair

Severity = Literal["none", "mild", "moderate", "severe"]
Reporter = Literal["honest", "stoic", "always_easy", "always_hard"]
Sex = Literal["female", "male"]
Responder = Literal["low", "usual", "high"]
AGE_BANDS = ((20, 39), (40, 59), (60, 84))  # years; science 5.3
SEVERITIES: tuple[Severity, ...] = ("mild", "moderate", "severe")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One emulated person; everything that stays the same over the weeks (figures as named by their units).

    Logs are natural logarithms of factors. `side_log` is the right side over the left. `seed` draws the
    rest of the person's life, so the same person is the same at every machine and in every process.
    """

    number: int
    seed: int
    age_years: int
    sex: Sex
    mass_kg: float
    severity: Severity
    pain_nrs: float
    reporter: Reporter
    strength_log: float
    side_log: float
    fatigue_per_s: float
    speed_loss: float
    drop_reps: float
    pace_log: float
    range_share: float
    range_gain_deg: float
    gain_log: float
    bump_nrs: float
    sensitivity: float
    report_bias_reps: float
    spasm_day: int | None
    spasm_days: int
    away_day: int | None
    away_days: int

    @property
    def back_pain(self) -> bool:
        """Tell whether the person has back pain."""
        return self.severity != "none"

    @property
    def responder(self) -> Responder:
        """Tell which third of people this one is in by what training brings."""
        middle, spread = number("progress.gain_12_weeks"), number("progress.gain_log_sd")
        apart = (self.gain_log - middle) / spread
        if abs(apart) <= number("progress.responder_sd"):
            return "usual"
        return "high" if apart > 0 else "low"

    def torque_nm(self, kind: MachineKind, side: Side) -> float:
        """Maximal isometric torque (Nm) at the kind's strongest angle, untrained, on an average day."""
        own = np.random.default_rng([self.seed, _digits(kind.name)]).normal(0, number("strength.kind_log_sd"))
        sided = {"both": 0.0, "left": -self.side_log / 2, "right": self.side_log / 2}[side]
        typical = strength.typical_torque_nm(kind.name, self.age_years, self.sex, self.mass_kg)
        return typical * float(np.exp(self.strength_log + own + sided))

    def painless_cdeg(self, kind: MachineKind) -> tuple[int, int]:
        """Lowest and highest travel (hundredths of a degree) of the painless movement at the start."""
        span = reach.default_span_deg(kind)
        low = kind.default_cdeg[0] / CDEG + 0.35 * (1 - self.range_share) * span  # both ends are stiff
        return round(low * CDEG), round((low + self.range_share * span) * CDEG)


def people(count: int, seed: int) -> tuple[Person, ...]:
    """Make people of all strata in turn (sex x age band x severity), the same for the same seed."""
    return tuple(person(index, seed) for index in range(count))


def person(index: int, seed: int) -> Person:
    """Make the person of this number: the stratum follows from the number, the rest from the seed."""
    return of_stratum(
        index,
        seed,
        sex="female" if index % 2 == 0 else "male",
        band=AGE_BANDS[index // 2 % 3],
        severity=SEVERITIES[index // 6 % 3],
    )


def of_stratum(index: int, seed: int, *, sex: Sex, band: tuple[int, int], severity: Severity) -> Person:
    """Make one person of a stratum."""
    chance = np.random.default_rng([seed, index])
    reference_kg = pair("strength.reference_mass_kg")[0 if sex == "female" else 1]
    age_years = int(chance.integers(band[0], band[1] + 1))
    spasm, spasm_days = _spasm(chance) if severity != "none" else (None, 0)
    away, away_days = _away(chance)
    return Person(
        number=index,
        seed=int(chance.integers(0, 2**31)),
        age_years=age_years,
        sex=sex,
        mass_kg=round(float(reference_kg * np.exp(chance.normal(0, number("strength.mass_log_sd")))), 1),
        severity=severity,
        pain_nrs=_pain(chance, severity),
        reporter=_reporter(chance),
        strength_log=_strength(chance, severity),
        side_log=float(chance.normal(0, number("strength.side_log_sd"))),
        fatigue_per_s=_fatigue(chance, sex, age_years),
        speed_loss=float(np.clip(chance.normal(*pair("tempo.speed_loss")), *pair("tempo.speed_loss_range"))),
        drop_reps=_around(chance, number("tempo.drop_reps"), number("tempo.drop_log_sd")),
        pace_log=float(chance.normal(0, number("tempo.habit_log_sd"))),
        range_share=_range_share(chance, severity),
        range_gain_deg=max(0.0, float(chance.normal(*pair("range.gain_12_weeks_deg")))),
        gain_log=max(0.02, _normal(chance, "progress.gain_12_weeks", "progress.gain_log_sd")),
        bump_nrs=max(0.0, float(chance.normal(*pair("pain.session_bump")))),
        sensitivity=_around(chance, 1.0, number("pain.sensitivity_log_sd")),
        report_bias_reps=_normal(chance, "effort.report_bias_reps", "effort.person_sd_reps"),
        spasm_day=spasm,
        spasm_days=spasm_days,
        away_day=away,
        away_days=away_days,
    )


def _digits(word: str) -> int:
    return int.from_bytes(word.encode()[:8], "big")


def _normal(chance: np.random.Generator, mean: str, spread: str) -> float:
    return float(chance.normal(number(mean), number(spread)))


def _around(chance: np.random.Generator, middle: float, log_sd: float) -> float:
    return float(middle * np.exp(chance.normal(0, log_sd)))


def _strength(chance: np.random.Generator, severity: Severity) -> float:
    shared = float(chance.normal(0, number("strength.shared_log_sd")))
    factor = max(number("strength.back_pain_least"), float(chance.normal(*pair("strength.back_pain_factor"))))
    return shared if severity == "none" else shared + float(np.log(factor))


def _fatigue(chance: np.random.Generator, sex: Sex, age_years: int) -> float:
    factor = (number("fatigue.women_factor") if sex == "female" else 1.0) * (
        number("fatigue.over_60_factor") if age_years > 60 else 1.0
    )
    return factor * _around(chance, number("fatigue.fatigue_per_s"), number("fatigue.fatigue_log_sd"))


def _pain(chance: np.random.Generator, severity: Severity) -> float:
    mean, spread = pair("pain.start_nrs")
    middle = {
        "none": number("pain.healthy_nrs"),
        "mild": number("pain.mild_nrs"),
        "moderate": mean,
        "severe": number("pain.severe_nrs"),
    }[severity]
    return float(np.clip(chance.normal(middle, spread / 2 if severity != "none" else 0.2), 0, 9))


def _range_share(chance: np.random.Generator, severity: Severity) -> float:
    middle, spread = pair("range.healthy_share" if severity == "none" else "range.painful_share")
    shifts = dict(zip(SEVERITIES, numbers("range.severity_shift"), strict=True))
    return float(
        np.clip(chance.normal(middle + shifts.get(severity, 0.0), spread), number("range.least_share"), 1.1)
    )


def _reporter(chance: np.random.Generator) -> Reporter:
    draw = chance.random()
    kinds: tuple[tuple[Reporter, str], ...] = (
        ("always_easy", "pain.always_easy_share"),
        ("always_hard", "pain.always_hard_share"),
        ("stoic", "pain.stoic_share"),
    )
    for reporter, share in kinds:
        if draw < number(share):
            return reporter
        draw -= number(share)
    return "honest"


def _spasm(chance: np.random.Generator) -> tuple[int | None, int]:
    short, long = pair("pain.spasm_days")
    day = int(chance.integers(7, 84))
    lasts = long if chance.random() < number("pain.spasm_long_share") else short
    return (day, round(lasts)) if chance.random() < number("pain.spasm_12_weeks") else (None, 0)


def _away(chance: np.random.Generator) -> tuple[int | None, int]:
    shortest, longest = pair("progress.gap_days")
    day = int(chance.integers(21, 56))
    lasts = int(chance.integers(int(shortest), int(longest) + 1))
    return (day, lasts) if chance.random() < number("progress.gap_share") else (None, 0)
