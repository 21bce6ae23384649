"""A person's history under another policy or other limits: nothing is sent and nothing is kept."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.client import Client, Failure, decode, path


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A dose with its predicted effort (CR10) and the chance of less than one rep in reserve."""

    load_kg: float
    reps: int
    work_s: float
    effort: float
    p_too_hard: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedSet:
    """One finished set; `other` None: no dose would have been safe."""

    day: str
    visit: int
    kind: str
    side: str
    set: int
    real: Given
    other: Given | None
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """One side added up; `hard_sets` have a predicted effort of 8 and more."""

    sets: int
    hard_sets: int
    mean_load_kg: float
    last_load_kg: float
    mean_p_too_hard: float
    rises: int
    holds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Sets that could not be compared."""

    sets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """Every set as it was and as it would have been."""

    simulated: bool
    sets: tuple[ComparedSet, ...]
    real: Totals
    other: Totals
    decisions: int
    differing: int
    drifted: int
    left_out: tuple[LeftOut, ...]


def read_whatif(client: Client, patient: str, asked: Mapping[str, str]) -> WhatIf | Failure:
    """Ask a history once more; it takes as long as a file, so it is waited for as long."""
    found = client.get_file(path("/v1/patients/{}/whatif", patient), "whatif.json", **asked)
    return found if isinstance(found, Failure) else decode(found.content, WhatIf)
