"""Every text of the screen in both languages, from `words.toml`; the page asks for it once."""

import tomllib
from functools import cache
from importlib.resources import files

Words = dict[str, dict[str, str]]  # key -> {en, zh}


@cache
def words() -> Words:
    """Read the catalogue as one flat table; a key is `section.name`."""
    text = files("machine_agent.screen").joinpath("words.toml").read_text(encoding="utf-8")
    table: dict[str, Words] = tomllib.loads(text)
    return {f"{section}.{name}": pair for section, pairs in table.items() for name, pair in pairs.items()}
