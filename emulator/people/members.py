"""Members of a studio: a badge, the emulated body behind it, and how that body is now; as a JSON file."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from emulator.people.condition import Condition, fresh
from emulator.people.person import Person, Severity, Sex, of_stratum


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a studio knows of a person: the body is made to fit it."""

    badge: str
    seed: int
    sex: Sex
    age_years: int
    mass_kg: float
    pain_nrs: int
    stations: tuple[str, ...]
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person with a badge and perhaps a code; `stations` are machine kinds in circuit order."""

    badge: str
    code: str = ""
    stations: tuple[str, ...]
    person: Person
    condition: Condition


_MEMBERS = msgspec.json.Decoder(tuple[Member, ...])


def member(described: Description) -> Member:
    """Make the body that fits a description; the same seed gives the same body."""
    band = (described.age_years, described.age_years)
    severity = _severity(described.pain_nrs)
    drawn = of_stratum(described.seed, described.seed, sex=described.sex, band=band, severity=severity)
    person = replace(
        drawn,
        age_years=described.age_years,
        mass_kg=described.mass_kg,
        pain_nrs=float(described.pain_nrs),
        reporter="honest",
    )
    return Member(
        badge=described.badge,
        code=described.code,
        stations=described.stations,
        person=person,
        condition=fresh(person),
    )


def write(path: Path, members: Sequence[Member]) -> None:
    """Write members as JSON."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(members)))


def read(path: Path) -> tuple[Member, ...]:
    """Read members; OSError or `msgspec.DecodeError` when the file is missing or something else."""
    return _MEMBERS.decode(path.read_bytes())


def _severity(pain_nrs: int) -> Severity:
    if pain_nrs <= 1:
        return "none"
    return "mild" if pain_nrs <= 3 else "moderate" if pain_nrs <= 4 else "severe"
