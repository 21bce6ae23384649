"""Terms that answers about several subjects share.

Angles called `clinical_…_deg` are as clinicians read them; a plain `…_deg` is travel of the machine.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason: its code and the sentence in both languages."""

    code: str
    text_en: str
    text_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """Weight, amplitude and work time of a set; `work_s` 0 = by repetitions."""

    load_kg: float
    clinical_start_deg: float
    clinical_end_deg: float
    reps: int
    work_s: float
