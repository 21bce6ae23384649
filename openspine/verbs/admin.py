"""`admin`: staff PINs of a machine, and who may ask the prescribing process."""

import getpass
import re
import secrets
import sys
import time
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over
from openspine.verbs.options import AsJson

PIN = re.compile(r"[0-9]{4,12}")  # what the machine's keypad can enter
SALT_BYTES = 16
DAYS_MOST, DAY_MS = 366, 86_400_000
OperatorsFile = Annotated[
    Path | None, Parameter(name="--operators", help="Else beside OPENSPINE_ENVELOPE_KEYS.")
]
Name = Annotated[str, Parameter(help="As it is to stand in the audit.")]
StaffId = Annotated[
    str | None,
    Parameter(name="--staff", help="Id of the account that the same person has (staff list --json)."),
]


def pin(*, json: AsJson = False) -> None:
    """Make the line of a staff PIN for `staff_pins` in a machine's configuration.

    The PIN is asked for twice without echo, or read as one line from standard input; it is kept nowhere.
    """
    from machine_agent.pins import staff_hash  # noqa: PLC0415 (another room, loaded when it runs)

    line = staff_hash(_asked_pin(), secrets.token_hex(SALT_BYTES))
    hand_over({"ok": True, "line": line}, as_json=json, lines=[line])


def operator_new(
    name: Name,
    *,
    staff: StaffId = None,
    days: Annotated[int, Parameter(help="How long the token holds: 1 to 366.")] = 90,
    operators: OperatorsFile = None,
    json: AsJson = False,
) -> None:
    """Let somebody sign limits: prints a token, which is shown this once and ends an earlier one.

    Whoever has an account of staff as well is named by its id: else the two never count as two people.
    """
    from services.prescribing.operators import OperatorsUnusableError, admit  # noqa: PLC0415 (heavy)

    if not 1 <= days <= DAYS_MOST:
        raise Failure(f"--days is 1 to {DAYS_MOST}", ExitCode.USAGE)
    until_ms = int(time.time() * 1_000) + days * DAY_MS
    try:
        token = admit(_file(operators), name, staff=staff, until_ms=until_ms)
    except OperatorsUnusableError as error:
        raise Failure(str(error)) from error
    hand_over({"ok": True, "name": name, "token": token}, as_json=json, lines=[token])


def operator_dismiss(name: Name, *, operators: OperatorsFile = None, json: AsJson = False) -> None:
    """Let somebody sign limits no more, at once."""
    from services.prescribing.operators import OperatorsUnusableError, dismiss  # noqa: PLC0415 (heavy)

    try:
        was_listed = dismiss(_file(operators), name)
    except OperatorsUnusableError as error:
        raise Failure(str(error)) from error
    if not was_listed:
        raise Failure(f"there is no operator {name}", ExitCode.NOT_FOUND)
    hand_over({"ok": True, "name": name}, as_json=json, lines=[f"{name}: may sign no more"])


def _asked_pin() -> str:
    """Read a PIN from the terminal without echo, or from a pipe; Failure when it is none."""
    if sys.stdin.isatty():
        given = getpass.getpass("PIN: ")
        if given != getpass.getpass("once more: "):
            raise Failure("the two PINs differ")
    else:
        given = sys.stdin.readline().rstrip("\r\n")
    if not PIN.fullmatch(given):
        raise Failure("a PIN has 4 to 12 digits", ExitCode.USAGE)
    return given


def _file(given: Path | None) -> Path:
    from services.prescribing.settings import PrescribingSettings  # noqa: PLC0415 (heavy)

    return given or PrescribingSettings().operators_file()
