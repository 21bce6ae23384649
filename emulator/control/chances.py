"""Chance of a trial: every set of a person draws its own noise, the same in all arms and in any batch."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from contract.envelope import REPS_MOST
from emulator.physiology.parameters import Array

ANSWERS, SETS, MOBILITY, STRENGTH = 11, 13, 17, 19  # keys that keep the draws of a day apart


def of_answers(seed: int, day: int, kind: str) -> np.random.Generator:
    """Draw what a person answers on a day."""
    return np.random.default_rng([seed, day, len(kind), ANSWERS])


def of_mobility(seed: int, day: int, kind: str) -> np.random.Generator:
    """Draw the error of a mobility test."""
    return np.random.default_rng([seed, day, len(kind), MOBILITY])


def of_strength(seed: int, day: int, kind: str, number: int) -> np.random.Generator:
    """Draw the tries of a day's strength test of this number."""
    return np.random.default_rng([seed, day, len(kind), STRENGTH, number])


def of_set(seed: int, day: int, kind: str, number: int) -> np.random.Generator:
    """Draw the noise of a day's set of this number."""
    return np.random.default_rng([seed, day, len(kind), SETS, number])


class Stacked:
    """The draws of several sets as the rows of one batch, in the order in which `perform` asks for them."""

    def __init__(self, rows: Sequence[np.random.Generator]) -> None:
        self._rows = rows

    def standard_normal(self, size: tuple[int, int, int], dtype: Any) -> Any:
        """Draw figures x rows x reps; as many reps as a set may have, so that lengths change nothing."""
        figures, _, reps = size
        drawn = [one.standard_normal((figures, REPS_MOST), dtype=dtype) for one in self._rows]
        return np.stack(drawn, axis=1)[:, :, :reps]

    def normal(self, size: int) -> Array:
        """Draw one figure a row."""
        del size
        return np.array([one.normal() for one in self._rows])
