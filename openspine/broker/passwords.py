"""Passwords of broker clients in a file for its owner only: one alone, or a TOML table of several."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

from openspine.outcome import ExitCode, Failure

PRIVATE = 0o600
SIMULATION = "sim-"
REFUSED = "only the simulation speaks through these connections"


def write(file: Path, passwords: Mapping[str, str]) -> None:
    """Write one password as it is, or several by their names."""
    if len(passwords) == 1:
        (text,) = passwords.values()
    else:
        text = "".join(f'{name} = "{password}"\n' for name, password in passwords.items())
    fresh = file.with_name(f".{file.name}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE), "w") as out:
        out.write(text)
    fresh.replace(file)


def read_simulation(file: Path) -> dict[str, str]:
    """Read the passwords of emulated machines, `sim-ID = "..."`; Failure says what is wrong with the file."""
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Failure(f"--passwords {file}: {error.strerror}", ExitCode.NOT_FOUND) from error
    except (tomllib.TOMLDecodeError, UnicodeError) as error:
        raise Failure(f"--passwords {file}: no TOML ({error})") from error
    strangers = [name for name in found if not name.startswith(SIMULATION)]
    if strangers:
        raise Failure(
            f"--passwords {file}: {strangers[0]} is no name of the simulation: {REFUSED}", ExitCode.USAGE
        )
    return {name: str(password) for name, password in found.items()}
