"""What a policy wishes: a dose before the limiter has seen it, and why."""

from collections.abc import Callable
from dataclasses import dataclass, field

from ml.decision import Candidate
from ml.evidence import Evidence
from ml.request import Dose, Raised


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The wished dose of the next set, the rows of the table that matched, and how the load came about.

    `split_g` sums to the change of load from `base` to `dose` (code -> grams); `cap` names what kept the
    loads that were weighed below the one that meets the effort.
    """

    base: Dose
    dose: Dose
    situations: tuple[str, ...]
    binding: str | None = None
    raised: Raised | None = None
    candidates: tuple[Candidate, ...] = ()
    split_g: dict[str, int] = field(default_factory=dict)
    cap: str | None = None


Policy = Callable[[Evidence], Wish]
