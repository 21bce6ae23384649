"""The catalogue of what excludes a person from machines, read from `conditions.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Group = Literal["bone", "clear_first", "red_flag"]
EVERY_KIND = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition: the machine kinds that it closes until it is cleared, and its words."""

    name: str
    group: Group
    closes: tuple[str, ...]
    text_en: str
    text_zh: str
    weeks: int | None = None  # closed only so long after its date
    marks: str | None = None  # what the model must know of the person
    emergency: bool = False  # the screen shows the emergency text
    decompression: bool = True  # the decompression device is open


@cache
def catalogue() -> dict[str, Condition]:
    """Read every condition, by name."""
    table = tomllib.loads(files("services.office").joinpath("conditions.toml").read_text(encoding="utf-8"))
    return {
        name: Condition(
            name=name,
            group=row["group"],
            closes=tuple(row["closes"]),
            text_en=row["en"],
            text_zh=row["zh"],
            weeks=row.get("weeks"),
            marks=row.get("marks"),
            emergency=row.get("emergency", False),
            decompression=row.get("decompression", True),
        )
        for name, row in table.items()
    }
