"""Effort models, policies and stored beliefs gone mad: what a decision must survive."""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Final

from ml.effort.features import SetFeatures
from ml.effort.model import Reserves
from ml.evidence import Evidence
from ml.policies import POLICIES
from ml.policies.wish import Policy, Wish

UNTRUE: Final[tuple[Any, ...]] = (
    math.nan, math.inf, -math.inf, 1e300, -1e300, 2**63, -1, 0, 0.5, None, "many", [], {}, True,
)  # fmt: skip


def _any(chance: Random) -> Any:
    return chance.choice(UNTRUE) if chance.random() < 0.7 else chance.uniform(-1e4, 1e4)


def _random(chance: Random, rows: int) -> Any:
    return [Reserves(_any(chance), _any(chance), _any(chance)) for _ in range(rows)]


def _failing(chance: Random, _: int) -> Any:
    raise chance.choice((ValueError, ZeroDivisionError, OverflowError, TypeError, IndexError))


EFFORTS: dict[str, Callable[[Random, int], Any]] = {
    "random": _random,
    "no number": lambda _, rows: [Reserves(math.nan, math.nan, math.nan)] * rows,
    "without end": lambda _, rows: [Reserves(math.inf, 0.0, math.inf)] * rows,
    "inverted": lambda _, rows: [Reserves(2.0, 9.0, 0.0)] * rows,
    "always easy": lambda _, rows: [Reserves(900.0, 900.0, 900.0)] * rows,  # a lie, but a sound number
    "always failed": lambda _, rows: [Reserves(0.0, 0.0, 0.0)] * rows,
    "wrong length": lambda chance, rows: [Reserves(1.0, 0.0, 2.0)] * chance.randrange(rows + 3),
    "failing": _failing,
    "words": lambda *_: "none",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MadEffort:
    """An effort model gone mad."""

    name: str
    chance: Random

    def estimate(self, rows: Sequence[SetFeatures]) -> list[Reserves]:
        found: list[Reserves] = EFFORTS[self.name](self.chance, len(rows))
        return found


def spoiling(chance: Random) -> Policy:
    """Wish what the product wishes, with some of its numbers gone mad."""

    def policy(evidence: Evidence) -> Wish:
        wish = POLICIES["steady"](evidence)
        numbers = ("load_g", "start_cdeg", "end_cdeg", "reps", "work_ms", "rest_ms")
        spoiled = {name: _any(chance) for name in numbers if chance.random() < 0.4}
        return replace(wish, dose=replace(wish.dose, **spoiled), raised="load")

    return policy


def greedy(chance: Random) -> Policy:
    """Wish whole numbers that no limit allows: much too heavy, much too wide, upside down."""

    def policy(evidence: Evidence) -> Wish:
        wish = POLICIES["steady"](evidence)
        dose = replace(
            wish.dose,
            load_g=chance.choice((0, 100, wish.dose.load_g * 3 // 2, 77_777, 200_000, 999_999)),
            start_cdeg=chance.randrange(-9_000, 9_001),
            end_cdeg=chance.randrange(-9_000, 9_001),
            reps=chance.randrange(1, 31),
        )
        return replace(wish, dose=dose, raised=chance.choice(("load", "range", "time")))

    return policy


def spoiled(stored: dict[str, Any], chance: Random) -> dict[str, Any]:
    """Put some number of a stored belief wrong."""
    mad: dict[str, Any] = json.loads(json.dumps(stored))
    for _ in range(chance.randrange(1, 4)):
        key = chance.choice(("mean", "covariance", "sessions", "updated_ms", "kind", "side", "schema"))
        inner = mad.get(key)
        if key == "mean" and isinstance(inner, list) and inner:
            inner[chance.randrange(len(inner))] = _any(chance)
        elif key == "covariance" and isinstance(inner, list) and inner and isinstance(inner[-1], list):
            inner[-1][chance.randrange(len(inner[-1]))] = _any(chance)
        else:
            mad[key] = _any(chance)
    return mad
