"""What the environment says wrongly, in one line a setting: a configuration is mended, not debugged."""

import sys
from typing import Any

PREFIX = "OPENSPINE_"
SETTINGS = ("Settings", "PrescribingSettings")  # what is read from the environment


def said(error: ValueError) -> list[str] | None:
    """Return a line for each wrong setting; None when the error is another one.

    pydantic is asked for only where it was loaded: most verbs begin without it.
    """
    loaded = sys.modules.get("pydantic")
    if loaded is None or not isinstance(error, loaded.ValidationError) or error.title not in SETTINGS:
        return None
    return [_line(one) for one in error.errors(include_input=False, include_url=False)]


def _line(wrong: Any) -> str:
    name = PREFIX + "_".join(str(part) for part in wrong["loc"]).upper()
    return f"{name}: {wrong['msg'].removeprefix('Value error, ')}"
