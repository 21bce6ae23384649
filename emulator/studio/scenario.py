"""Scenarios: who trains on what for how long, and what goes wrong; shipped ones by name, others by path."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from contract.machines import catalogue
from emulator.faults import wishes
from emulator.faults.wishes import Wish
from emulator.people.condition import fresh
from emulator.people.members import Member
from emulator.people.person import people
from emulator.recordings.column_map import BadFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Machines (id -> kind), members, acceleration, real seconds (0 = until stopped), what goes wrong."""

    name: str
    seed: int
    rate: float
    seconds: float
    machines: Mapping[str, str]
    members: tuple[Member, ...]
    wishes: tuple[Wish, ...]


def shipped() -> list[str]:
    """Name the scenarios that ship with the project."""
    folder = files("emulator.studio").joinpath("scenarios")
    return sorted(one.name.removesuffix(".toml") for one in folder.iterdir() if one.name.endswith(".toml"))


def read_scenario(name_or_path: str) -> Scenario | BadFile:
    """Find a scenario by its shipped name or its path, and read it."""
    if name_or_path in shipped():
        text = (
            files("emulator.studio").joinpath("scenarios", f"{name_or_path}.toml").read_text(encoding="utf-8")
        )
    elif Path(name_or_path).is_file():
        text = Path(name_or_path).read_text(encoding="utf-8", errors="replace")
    else:
        mend = f"use one of {', '.join(shipped())}, or the path of a TOML file"
        return BadFile(file=name_or_path, problem="no such scenario", mend=mend)
    try:
        return _scenario(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        mend = "compare it with the shipped scenario evening"
        return BadFile(file=name_or_path, problem=f"not a scenario ({error!r})", mend=mend)


def _scenario(table: dict[str, Any]) -> Scenario:
    machines: dict[str, str] = dict(table["machines"])
    _known(machines.values(), catalogue(), "machine kind")
    _known(table["people"]["stations"], catalogue(), "machine kind")
    return Scenario(
        name=str(table["name"]),
        seed=int(table["seed"]),
        rate=float(table["rate"]),
        seconds=float(table["seconds"]),
        machines=machines,
        members=_members(table["people"], int(table["seed"])),
        wishes=wishes.placed(map(wishes.from_row, table.get("faults", ())), sorted(machines)),
    )


def _members(table: dict[str, Any], seed: int) -> tuple[Member, ...]:
    return tuple(
        Member(
            badge=f"{table['badge']}-{index}",
            stations=tuple(table["stations"]),
            person=person,
            condition=fresh(person),
        )
        for index, person in enumerate(people(int(table["count"]), seed), start=1)
    )


def _known(names: Any, known: Any, what: str) -> None:
    for name in names:
        if name not in known:
            raise ValueError(f"unknown {what} {name}")
