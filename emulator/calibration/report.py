"""Emulated beside published: one row a figure, within its tolerance or not."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.resources import files

from emulator.calibration import effort, lives, machine, progress, strength
from emulator.calibration.measured import Measured
from emulator.calibration.real_stream import Stream, compared

PEOPLE_LEAST = 60  # fewer leave strata and traits empty
Stage = Callable[[], Mapping[str, Measured]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A published figure and how far an emulated one may be from it; None: worked out from a recording."""

    group: str
    name: str
    unit: str
    published: float | None = None
    tolerance: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure of the report, in its unit; `spread` is the SD between the `count` that were measured."""

    key: str
    group: str
    name: str
    unit: str
    published: float
    tolerance: float
    source: str
    emulated: float
    spread: float
    count: int

    @property
    def deviation(self) -> float:
        """Emulated less published."""
        return self.emulated - self.published

    @property
    def ok(self) -> bool:
        """Tell whether the deviation is within the tolerance (a bound counts as within)."""
        return abs(self.deviation) <= self.tolerance * (1 + 1e-9)


@cache
def read_published() -> Mapping[str, Published]:
    """Read every published figure, by key, in the order of the report."""
    text = files("emulator.calibration").joinpath("published.toml").read_text(encoding="utf-8")
    return {key: Published(**row) for key, row in tomllib.loads(text).items()}


def stages(people: int, seed: int) -> Iterator[tuple[str, Stage]]:
    """Give the parts of the calibration, each with what it does."""
    yield (
        f"strength of {people} healthy people and {people} patients",
        partial(strength.measured, people, seed),
    )
    yield f"sets of {people} people to failure", partial(effort.measured, people, seed)
    yield f"12 weeks of {people} people", partial(progress.measured, people, seed)
    yield f"24 weeks of the pain of {people} people", partial(lives.measured, people, seed)
    yield "machines of every kind", partial(machine.measured, seed)


def rows(found: Mapping[str, Measured], stream: Stream | None = None, seed: int = 1) -> tuple[Row, ...]:
    """Put what was measured beside what is published; with a real stream also beside that."""
    published = dict(read_published())
    everything = dict(found)
    if stream is not None:
        for key, (real, emulated) in compared(stream, seed, found).items():
            published[key], everything[key] = replace(published[key], published=real), emulated
    return tuple(
        _row(key, one, one.published, everything[key])
        for key, one in published.items()
        if key in everything and one.published is not None
    )


def _row(key: str, one: Published, published: float, measured: Measured) -> Row:
    return Row(
        key=key,
        group=one.group,
        name=one.name,
        unit=one.unit,
        published=published,
        tolerance=one.tolerance,
        source=one.source,
        emulated=measured.value,
        spread=measured.spread,
        count=measured.count,
    )
