"""Cold start: what is believed of a person before the first rep, from published constants.

Torques: science 3.1 (bands of DAVID and Tergumed type tables, rounded). Until 200 own patients exist nothing
is fitted; the SD between people given age, sex and mass stays .33 (log).
"""

from math import exp, log

from contract.machines import G, MachineKind, catalogue
from contract.messages import Side
from ml.belief.capacity import weakest_torque
from ml.belief.kalman import Gaussian, Vector
from ml.belief.state import SIZE, Belief
from ml.request import Person

AGES_YEARS = (30.0, 50.0, 70.0)  # middles of the bands 20-39, 40-59, 60+
# Maximal isometric torque (Nm), men then women, at those ages.
TORQUES_NM: dict[str, dict[str, Vector]] = {
    "lumbar_extension": {"male": (290.0, 260.0, 215.0), "female": (175.0, 160.0, 130.0)},
    "lumbar_flexion": {"male": (165.0, 150.0, 125.0), "female": (95.0, 88.0, 72.0)},
    "trunk_rotation": {"male": (115.0, 105.0, 88.0), "female": (62.0, 57.0, 48.0)},
    "lateral_flexion": {"male": (150.0, 138.0, 115.0), "female": (90.0, 83.0, 68.0)},
}
AGE_SHARES = (1.0, 0.91, 0.745)  # of the young value; mean of the four rows above
CATALOGUE_SHARE = {"female": 0.26, "male": 0.65}  # place of the young mean in the catalogue's torque range
REFERENCE_MASS_KG = {"female": 52.0, "male": 65.0}  # so that page 8's Mrs Chan (72, 52 kg) has 98 Nm
MASS_EXPONENT = 0.67  # science 3.1
MASS_FACTOR_MOST = 1.25  # bounds of the mass factor either way: beyond them mass is not muscle
BACK_PAIN_FACTOR = 0.75  # science 3.1: -20 to -30 %; trunk only
LOG_SD = 0.33  # between people given age, sex and mass (science 3.1)
LOW_QUANTILE_SIGMAS = -1.2816  # the 10 % quantile
DYNAMIC_SHARE = 0.93  # of isometric torque at the slow tempo of a rep (Hill, science 3.1: 5-8 % less)
SLOPE_SD = 0.45  # log; Epley slope per person has a CV of 47 % (science 2.1)
SLOPE_MEAN = log(0.0386) - SLOPE_SD**2 / 2  # log; mean .0386 (science 2.1)
BIAS_SD = 0.9  # reps (science 4)
RANGE_SD = 1.0  # logit: nearly nothing is known before the first painless range (design choice)
PAIN_SD = 0.4  # log (science 3.7)
OLD_YEARS, SORE_NRS = 65, 4  # from here on the first load is 15 % instead of 20 % (page 8)
FIRST_SHARE, FIRST_SHARE_CAREFUL = 0.20, 0.15  # of the 10 % quantile (page 8)
FIRST_VISIT_MOST = 0.30  # nothing above that share of the quantile on visit 1 (page 8)
PAINLESS_SHARE = 0.8  # of the painless unloaded range (page 8)
RAMP_SHARES = (0.6, 0.8)  # warm-up sets of the studio profile (design page 5)


def torque_nm(person: Person, kind: MachineKind) -> float:
    """Return the expected maximal torque (Nm) by age, sex, mass and back pain."""
    young = _reference_nm(person, kind)
    expected = young * _mass_factor(person)
    return expected * (BACK_PAIN_FACTOR if person.back_pain and kind.region == "trunk" else 1.0)


def low_torque_nm(person: Person, kind: MachineKind) -> float:
    """Return the 10 % quantile of the maximal torque (Nm): doses of the first visits hang on it."""
    return torque_nm(person, kind) * exp(LOW_QUANTILE_SIGMAS * LOG_SD)


def prior(person: Person, kind_name: str, side: Side) -> Belief:
    """Return the belief before the first session; one full rep ends at the weakest angle of the range."""
    kind = catalogue()[kind_name]
    share = weakest_torque(kind, *kind.default_cdeg) * DYNAMIC_SHARE
    capacity = log(kind.load_kg(torque_nm(person, kind) * share))
    mean = (capacity, SLOPE_MEAN, 0.0, 0.0, 0.0, 0.0, 0.0)
    deviations = (LOG_SD, SLOPE_SD, 0.0, 0.0, BIAS_SD, RANGE_SD, PAIN_SD)
    covariance = tuple(
        tuple(deviations[row] ** 2 if row == column else 0.0 for column in range(SIZE)) for row in range(SIZE)
    )
    return Belief(kind=kind_name, side=side, state=Gaussian(mean, covariance))


def first_load_g(person: Person, kind: MachineKind) -> int:
    """Return the first load (g): 20 %, or 15 % for the careful, of the 10 % quantile (page 8, cold start)."""
    share = FIRST_SHARE_CAREFUL if starts_carefully(person, kind) else FIRST_SHARE
    return int(kind.load_kg(low_torque_nm(person, kind) * share) * G)


def starts_carefully(person: Person, kind: MachineKind) -> bool:
    """Tell whether the first load is 15 %: from 65 years, with B of 4 or more, or on the neck (page 8)."""
    return person.age_years >= OLD_YEARS or person.baseline_nrs >= SORE_NRS or kind.region == "neck"


def first_visit_most_g(person: Person, kind: MachineKind) -> int:
    """Return the most (g) that visit 1 may use: 30 % of the 10 % quantile (page 8)."""
    return int(kind.load_kg(low_torque_nm(person, kind) * FIRST_VISIT_MOST) * G)


def first_range_cdeg(kind: MachineKind, painless_cdeg: tuple[int, int] | None) -> tuple[int, int]:
    """Return the first range: 80 % of the painless range around its middle, inside visit 1's window."""
    low, high = painless_cdeg or kind.first_visit_cdeg
    middle, half = (low + high) // 2, int((high - low) * PAINLESS_SHARE) // 2
    return max(middle - half, kind.first_visit_cdeg[0]), min(middle + half, kind.first_visit_cdeg[1])


def _reference_nm(person: Person, kind: MachineKind) -> float:
    row = TORQUES_NM.get(kind.name)
    if row is not None:
        return _at_age(row[person.sex], person.age_years)
    low, high = kind.torque_women_nm, kind.torque_men_nm
    young = low + (high - low) * CATALOGUE_SHARE[person.sex]
    return young * _at_age(AGE_SHARES, person.age_years)


def _at_age(values: Vector, age_years: float) -> float:
    first, middle, last = AGES_YEARS
    if age_years <= middle:
        share = min(max((age_years - first) / (middle - first), 0.0), 1.0)
        return values[0] + share * (values[1] - values[0])
    share = min((age_years - middle) / (last - middle), 1.0)
    return values[1] + share * (values[2] - values[1])


def _mass_factor(person: Person) -> float:
    factor = exp(MASS_EXPONENT * log(person.mass_kg / REFERENCE_MASS_KG[person.sex]))
    return min(max(factor, 1.0 / MASS_FACTOR_MOST), MASS_FACTOR_MOST)
