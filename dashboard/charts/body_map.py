"""Where each muscle group of the machine catalogue lies on our figure, read from `body_map.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

View = Literal["front", "back"]
WIDTH, HEIGHT, MIDDLE = 220, 456, 110  # of one view, units of the drawing; the spine is in the middle


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyMap:
    """The outline of half a person, and each muscle group with its view and path, in the order of drawing."""

    outline: str
    muscles: dict[str, tuple[View, str]]


@cache
def body_map() -> BodyMap:
    """Read the map."""
    table = tomllib.loads(files("dashboard").joinpath("charts", "body_map.toml").read_text(encoding="utf-8"))
    outline = table.pop("outline")
    return BodyMap(outline=outline, muscles={name: (row["view"], row["path"]) for name, row in table.items()})
