"""The physiology's figures, read once from `parameters.toml` (units and sources stand there).

A trial may let people have other figures (`using`): they hold inside its `with`, in this thread alone.
"""

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Change = float | tuple[float, ...]


class _Figures(NamedTuple):
    """Figures by `section.name`: single ones, and lists (mean and SD, women and men, curves)."""

    single: dict[str, float]
    several: dict[str, tuple[float, ...]]


_OTHER: ContextVar[_Figures | None] = ContextVar("other figures", default=None)


def number(name: str) -> float:
    """Read one figure, e.g. `fatigue.recovery_per_s`; KeyError when there is none."""
    return (_OTHER.get() or _shipped()).single[name]


def numbers(name: str) -> tuple[float, ...]:
    """Read a list of figures."""
    return (_OTHER.get() or _shipped()).several[name]


def pair(name: str) -> tuple[float, float]:
    """Read two figures: mean and SD, low and high, women and men."""
    first, second = numbers(name)
    return first, second


@contextmanager
def using(changes: Mapping[str, Change]) -> Iterator[None]:
    """Let other figures hold for a while; names and lengths as shipped (see `misfit`)."""
    figures = _OTHER.get() or _shipped()
    single = {name: value for name, value in changes.items() if not isinstance(value, tuple)}
    several = {name: value for name, value in changes.items() if isinstance(value, tuple)}
    token = _OTHER.set(_Figures(figures.single | single, figures.several | several))
    try:
        yield
    finally:
        _OTHER.reset(token)


def misfit(name: str, value: Change) -> str | None:
    """Say why a change does not fit the shipped figures; None when it does."""
    shipped = _shipped()
    if name in shipped.single:
        return "must be one number" if isinstance(value, tuple) else None
    if name not in shipped.several:
        return "is no figure of the physiology"
    count = len(shipped.several[name])
    return None if isinstance(value, tuple) and len(value) == count else f"must be a list of {count} numbers"


@cache
def _shipped() -> _Figures:
    text = files("emulator.physiology").joinpath("parameters.toml").read_text(encoding="utf-8")
    found = _Figures({}, {})
    for section, rows in tomllib.loads(text).items():
        for key, value in rows.items():
            if isinstance(value, list):
                found.several[f"{section}.{key}"] = tuple(float(one) for one in value)
            else:
                found.single[f"{section}.{key}"] = float(value)
    return found
