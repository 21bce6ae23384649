"""The arms of a trial: what decides for the same people, and what is taken away from it."""

from dataclasses import dataclass
from typing import Final, Literal

from ml.policies import POLICIES
from ml.policies.wish import Policy

Missing = Literal["stop", "speed", "reported", "prior", "slope", "pain", "tests", "steps"]
MISSING: Final[tuple[Missing, ...]] = ("stop", "speed", "reported", "prior", "slope", "pain", "tests")
ORACLE, CONTROL, REFERENCE = "oracle", "control", "steady"
FREE_ORACLE = "oracle-steps"  # under all limits, but not bound to the steps of the decision table


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One arm: a policy of the product by name, or one of the trial's own.

    `without` is taken away from the policy (ablation); `knows_truth` makes it the safe oracle.
    """

    name: str
    policy: str = REFERENCE
    own: Policy | None = None
    trains: bool = True
    knows_truth: bool = False
    without: Missing | None = None


def arms() -> dict[str, Arm]:
    """Return every arm by name: the oracle, the control arm, all policies, and steady's ablations."""
    found = [Arm(name=ORACLE, knows_truth=True), Arm(name=FREE_ORACLE, knows_truth=True, without="steps")]
    found += [Arm(name=CONTROL, trains=False)]
    found += [Arm(name=name, policy=name) for name in POLICIES]
    found += [Arm(name=f"{REFERENCE}-{part}", without=part) for part in MISSING]
    return {arm.name: arm for arm in found}
