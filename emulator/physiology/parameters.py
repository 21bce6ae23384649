"""The physiology's figures, read once from `parameters.toml` (units and sources stand there)."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("emulator.physiology").joinpath("parameters.toml").read_text(encoding="utf-8"))


@cache
def number(name: str) -> float:
    """Read one figure, e.g. `fatigue.recovery_per_s`; KeyError when there is none."""
    section, key = name.split(".")
    return float(_table()[section][key])


@cache
def pair(name: str) -> tuple[float, float]:
    """Read two figures: mean and SD, low and high, women and men."""
    first, second = numbers(name)
    return first, second


@cache
def numbers(name: str) -> tuple[float, ...]:
    """Read a list of figures."""
    section, key = name.split(".")
    return tuple(float(value) for value in _table()[section][key])
