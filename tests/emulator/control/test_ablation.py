from math import exp, isnan

from contract.machines import catalogue
from emulator.control.ablation import UNKNOWN_LOG_SD, WithoutSpeed, belief_before
from emulator.control.arm import MISSING, arms
from ml.belief.priors import SLOPE_MEAN, prior
from ml.belief.state import CAPACITY, SLOPE, from_json, to_json
from ml.effort.features import SetFeatures
from ml.effort.model import Reserves, RuleEffort
from ml.request import Person

KIND = catalogue()["lumbar_extension"]
WHO = Person(age_years=25, sex="male", mass_kg=95.0, baseline_nrs=2)
STORED = to_json(prior(WHO, KIND.name, "both"))


def test_every_ablation_is_an_arm_of_steady() -> None:
    for part in MISSING:
        arm = arms()[f"steady-{part}"]
        assert (arm.policy, arm.without) == ("steady", part)


def test_without_prior_nothing_is_known_of_the_person_at_first_and_then_the_filter_goes_on() -> None:
    arm = arms()["steady-prior"]
    first = from_json(belief_before(arm, None, WHO, KIND, "both") or {})
    own = from_json(STORED)
    assert first is not None
    assert own is not None
    assert first.sd(CAPACITY) == UNKNOWN_LOG_SD
    assert exp(first.state.mean[CAPACITY]) < 0.8 * exp(own.state.mean[CAPACITY])  # a strong young man
    assert belief_before(arm, STORED, WHO, KIND, "both") == STORED


def test_without_slope_state_the_slope_is_everybodys_at_every_session() -> None:
    arm = arms()["steady-slope"]
    moved = {**STORED, "mean": [value + 0.3 for value in STORED["mean"]]}
    belief = from_json(belief_before(arm, moved, WHO, KIND, "both") or {})
    assert belief is not None
    assert abs(belief.state.mean[SLOPE] - SLOPE_MEAN) < 1e-9
    assert belief.sd(SLOPE) == 0.0


def test_the_full_policy_keeps_its_belief() -> None:
    assert belief_before(arms()["steady"], STORED, WHO, KIND, "both") is STORED
    assert belief_before(arms()["steady"], None, WHO, KIND, "both") is None


def test_without_speed_the_model_sees_neither_speed_nor_tempo() -> None:
    seen: list[SetFeatures] = []

    class Watching(RuleEffort):
        def estimate(self, rows: object) -> list[Reserves]:
            seen.extend(rows)  # type: ignore[arg-type]
            return super().estimate(rows)  # type: ignore[arg-type]

    values = dict.fromkeys(SetFeatures.__dataclass_fields__, 0.5)
    WithoutSpeed(Watching()).estimate([SetFeatures(**values)])
    assert isnan(seen[0].speed_ratio)
    assert isnan(seen[0].concentric_ratio)
    assert isnan(seen[0].range_loss)
    assert seen[0].reps == 0.5
