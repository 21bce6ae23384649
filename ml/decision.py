"""What the model answers: the next dose or a hold, and every intermediate."""

from dataclasses import dataclass, field
from typing import Any, Literal

from contract.messages import Stop, Why
from ml.request import Dose, Raised

Level = Literal["low", "medium", "high"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One dose that was weighed, with its score and the chances it was judged by."""

    load_g: int
    start_cdeg: int
    end_cdeg: int
    reps: int
    score: float
    rir: float
    p_too_hard: float  # P(RIR < 1)
    p_flare: float
    p_red: float
    allowed: bool
    refused: str | None = None  # the first constraint that forbids it


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What is believed now: capacity (kg, with its 80 % band), RIR (80 % band) and effort of the last set.

    `reps` is the forecast of the dose that was decided: how many reps it allows to failure (median), with an
    80 % band of whole reps, both ends inside; None where no weight moves or no dose is safe.
    """

    capacity_kg: float
    capacity_low_kg: float
    capacity_high_kg: float
    rir: float | None = None
    rir_low: float | None = None
    rir_high: float | None = None  # None where only a bound is claimed (then `rir_low` holds in 90 %)
    effort_cr10: float | None = None
    reps: int | None = None  # 60 stands for 60 or more (`ml.forecast`)
    reps_low: int | None = None
    reps_high: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidence:
    """How well the load that meets the effort is known: its SD (%) and the sessions behind it."""

    level: Level = "low"
    sd_percent: float = 0.0
    sessions: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The answer: dose rows (a plan has one per set, otherwise one), reasons, and everything in between.

    `held` is True when nothing rises; `raised` names the one thing that does. `binding` is the constraint
    that had the last word. `split_g` is the change of load from the dose before as an exact sum (code -> g),
    `fitting_g` the load that is believed to meet the effort of the phase, `moved_g` what each fact did to it
    (code -> g), `counter` what spoke against the decision.
    """

    rows: tuple[Dose, ...]
    stop: Stop
    held: bool
    why: tuple[Why, ...]
    belief: dict[str, Any]
    estimate: Estimate
    raised: Raised | None = None
    binding: str | None = None
    split_g: dict[str, int] = field(default_factory=dict)
    fitting_g: int = 0
    moved_g: dict[str, int] = field(default_factory=dict)
    counter: tuple[Why, ...] = ()
    confidence: Confidence = field(default_factory=Confidence)
    candidates: tuple[Candidate, ...] = ()
    set_aside: tuple[str, ...] = ()  # observations beyond the gate, shown to staff
    alerts: tuple[str, ...] = ()  # codes for staff (red, amber, hands_on, ...)
    policy: str = ""
    model: str = ""
    situations: tuple[str, ...] = ()  # every row of the decision table that matched, worst first
