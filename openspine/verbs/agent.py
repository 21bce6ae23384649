"""`agent`: the agent of one machine, the same program as `python -m machine_agent`."""

from typing import Annotated

from cyclopts import Parameter


def run(*arguments: Annotated[str, Parameter(allow_leading_hyphen=True)]) -> int:
    """Run the agent; its own options follow two dashes: `agent -- --help`."""
    from machine_agent.__main__ import main  # noqa: PLC0415 (another room, loaded when it runs)

    return main(list(arguments))
