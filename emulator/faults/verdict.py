"""Whether a fault that was planted met the reaction that its registry line promises; pure."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from emulator.faults.registry import FAULTS, FaultName
from emulator.faults.witness import Sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """One fault: when it struck (body s of its machine), None when its moment never came."""

    name: FaultName
    machine: str
    at_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one fault; `evidence` and `missing` are what was seen and not seen of the reaction."""

    fault: FaultName
    machine: str
    planted_s: float | None
    expected: str
    seen: bool
    evidence: tuple[str, ...]
    missing: tuple[str, ...]


def judge(planted: Sequence[Planted], seen: Mapping[str, Iterable[Sighting]]) -> tuple[Verdict, ...]:
    """Judge every fault by what its machine showed from then on, until the same fault struck again."""
    return tuple(_judged(one, _until_s(one, planted), tuple(seen.get(one.machine, ()))) for one in planted)


def is_settled(one: Planted, seen: Iterable[Sighting]) -> bool:
    """Tell whether everything that a machine itself can show of a reaction has been seen."""
    if one.at_s is None:
        return False
    shown = [sighting.what for sighting in seen if sighting.at_s >= one.at_s]
    signs = [sign for sign in FAULTS[one.name].signs if sign not in FAULTS[one.name].at_the_end]
    return all(any(what.startswith(sign) for what in shown) for sign in signs)


def _until_s(one: Planted, planted: Sequence[Planted]) -> float:
    again = [
        other.at_s
        for other in planted
        if (other.name, other.machine) == (one.name, one.machine)
        and other.at_s is not None
        and one.at_s is not None
        and other.at_s > one.at_s
    ]
    return min(again, default=math.inf)


def _judged(one: Planted, until_s: float, seen: Sequence[Sighting]) -> Verdict:
    evidence: list[str] = []
    missing: list[str] = []
    for sign in FAULTS[one.name].signs:
        found = _first(sign, one.at_s, until_s, seen)
        if found is None:
            missing.append(sign)
        elif math.isinf(found.at_s):
            evidence.append(found.what)
        else:
            evidence.append(f"{found.what} ({found.at_s:.1f} s)")
    return Verdict(
        fault=one.name,
        machine=one.machine,
        planted_s=one.at_s,
        expected=FAULTS[one.name].expected,
        seen=not missing,
        evidence=tuple(evidence),
        missing=tuple(missing),
    )


def _first(sign: str, from_s: float | None, until_s: float, seen: Sequence[Sighting]) -> Sighting | None:
    if from_s is None:
        return None
    fits = (one for one in seen if one.what.startswith(sign) and one.at_s >= from_s)
    return next((one for one in fits if one.at_s < until_s or math.isinf(one.at_s)), None)
