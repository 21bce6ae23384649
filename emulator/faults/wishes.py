"""What somebody wants to go wrong: `NAME[@MACHINE][:WHEN]`, a row of a scenario, or a value in a test."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from emulator.faults.registry import FAULTS, FaultName

FORM = re.compile(r"(?P<name>[a-z_]+)(@(?P<machine>[a-z0-9-]+))?(:(?P<at>\d+(\.\d+)?))?")
HOW = "write NAME[@MACHINE][:SECONDS-or-REP]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One fault for one machine ("": any), at a second of body time or after a rep, for so many seconds."""

    name: FaultName
    machine: str = ""
    at: float | None = None
    lasts_s: float | None = None

    @property
    def from_at(self) -> float:
        """The second, or rep, from which on it may strike."""
        return FAULTS[self.name].at if self.at is None else self.at

    @property
    def seconds(self) -> float:
        """How long it lasts: body time for sensors and people, else real time."""
        return FAULTS[self.name].lasts_s if self.lasts_s is None else self.lasts_s


def parse(text: str) -> Wish:
    """Read a wish; ValueError says how it is written."""
    found = FORM.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r}: {HOW}")
    at = found["at"]
    return Wish(name=known(found["name"]), machine=found["machine"] or "", at=float(at) if at else None)


def from_row(row: Mapping[str, Any]) -> Wish:
    """Read one `[[faults]]` of a scenario: `name`, `machine`, `at_s` or `rep`, `lasts_s`."""
    at, lasts_s = row.get("rep", row.get("at_s")), row.get("lasts_s")
    return Wish(
        name=known(row["name"]),
        machine=str(row.get("machine", "")),
        at=None if at is None else float(at),
        lasts_s=None if lasts_s is None else float(lasts_s),
    )


def known(name: str) -> FaultName:
    """Return the name of a fault; ValueError lists them."""
    for one in FAULTS:
        if one == name:
            return one
    raise ValueError(f"unknown fault {name}; there are: {', '.join(FAULTS)}")


def placed(wishes: Iterable[Wish], machines: Sequence[str]) -> tuple[Wish, ...]:
    """Give every wish a machine: the one that it names, else the one with the fewest so far."""
    load: Counter[str] = Counter()
    found = []
    for wish in wishes:
        if wish.machine and wish.machine not in machines:
            raise ValueError(f"unknown machine {wish.machine}; there are: {', '.join(machines)}")
        machine = wish.machine or min(machines, key=lambda one: (load[one], one))
        load[machine] += 1
        found.append(replace(wish, machine=machine))
    return tuple(found)
