"""Whether a fault that was planted met the reaction that its registry line promises; pure."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from emulator.faults.registry import FAULTS, UNLOADED, FaultKind, FaultName
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
    kind = FAULTS[one.name]
    found = _found(one, math.inf, tuple(seen))
    own = zip(kind.signs, found, strict=True)
    return all(sighting is not None for sign, sighting in own if sign not in kind.at_the_end)


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
    kind = FAULTS[one.name]
    found = _found(one, until_s, seen)
    missing = [sign for sign, sighting in zip(kind.signs, found, strict=True) if sighting is None]
    forbidden = [f"not {sign}" for sign in kind.never if _was_seen(sign, one, until_s, seen)]
    return Verdict(
        fault=one.name,
        machine=one.machine,
        planted_s=one.at_s,
        expected=kind.expected,
        seen=not missing and not forbidden,
        evidence=tuple(_told(sighting) for sighting in found if sighting is not None),
        missing=(*missing, *forbidden),
    )


def _found(one: Planted, until_s: float, seen: Sequence[Sighting]) -> list[Sighting | None]:
    """Find the first sighting of each sign; of a fault that never struck there is none."""
    kind = FAULTS[one.name]
    found: list[Sighting | None] = []
    for sign in kind.signs:
        from_s = _from_s(sign, one, kind, found)
        latest_s = math.inf if one.at_s is None else one.at_s + kind.within_s.get(sign, math.inf)
        sighting = None if from_s is None else _first(sign, from_s, until_s, seen)
        is_late = sighting is not None and sighting.at_s > latest_s
        found.append(None if is_late else sighting)
    return found


def _from_s(sign: str, one: Planted, kind: FaultKind, found: Sequence[Sighting | None]) -> float | None:
    """Tell from when on a sign counts: the fault, or the sign before it when that must come first."""
    before = [sighting for sighting in found if sighting is not None and not math.isinf(sighting.at_s)]
    if one.at_s is not None and sign == UNLOADED:
        before = [sighting for sighting in before if sighting.what.startswith("state ")]
    elif not kind.in_order:
        return one.at_s
    return before[-1].at_s if one.at_s is not None and before else one.at_s


def _was_seen(sign: str, one: Planted, until_s: float, seen: Sequence[Sighting]) -> bool:
    """Tell whether something came in the time in which it must not."""
    first, last = FAULTS[one.name].never[sign]
    begun = None if one.at_s is None else _first(first, one.at_s, until_s, seen)
    if begun is None:
        return False
    over = _first(last, begun.at_s, until_s, seen)
    found = _first(sign, begun.at_s, over.at_s if over else until_s, seen)
    return found is not None and not math.isinf(found.at_s)


def _first(sign: str, from_s: float, until_s: float, seen: Sequence[Sighting]) -> Sighting | None:
    fits = (one for one in seen if one.what.startswith(sign) and one.at_s >= from_s)
    return next((one for one in fits if one.at_s < until_s or math.isinf(one.at_s)), None)


def _told(sighting: Sighting) -> str:
    return sighting.what if math.isinf(sighting.at_s) else f"{sighting.what} ({sighting.at_s:.1f} s)"
