"""How a verb ends: exit codes, expected failures, and one way to print a result."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import IntEnum
from typing import Any


class ExitCode(IntEnum):
    """What the shell is told."""

    OK = 0
    FAILED = 1
    USAGE = 2
    NOT_FOUND = 3
    UNREACHABLE = 4
    DIFFERS = 5
    UNSAFE = 78  # EX_CONFIG of sysexits.h: a production start with what a production must not have


class Failure(Exception):  # noqa: N818 (an expected end of a verb, not a programming error)
    """An expected failure: one line for the user and the exit code."""

    def __init__(self, message: str, code: ExitCode = ExitCode.FAILED) -> None:
        super().__init__(message)
        self.code = code


@contextmanager
def in_one_line() -> Iterator[None]:
    """Make an expected failure of a RuntimeError: a broker, database or service that did not start."""
    try:
        yield
    except RuntimeError as error:
        raise Failure(str(error)) from error


def say(line: str) -> None:
    """Print one line for people (standard error)."""
    sys.stderr.write(f"{line}\n")


def hand_over(result: Mapping[str, Any], *, as_json: bool, lines: Iterable[str] = ()) -> None:
    """Print the result on standard output: one JSON object, or `lines` (default `name: value`)."""
    if as_json:
        sys.stdout.write(json.dumps(result, ensure_ascii=False, default=str) + "\n")
        return
    for line in list(lines) or [f"{name}: {value}" for name, value in result.items()]:
        sys.stdout.write(f"{line}\n")
