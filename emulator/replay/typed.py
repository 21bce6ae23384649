"""What was typed at a terminal, as the keys that a replay knows."""

from emulator.replay.transport import Key

HELP = "space pause · + - or arrows rate · s step · q quit"
KEYS: dict[bytes, Key] = {
    b" ": "pause",
    b"+": "faster",
    b"=": "faster",  # the same key without shift
    b"-": "slower",
    b"\x1b[A": "faster",  # up, right, down, left as every terminal sends them ...
    b"\x1b[C": "faster",
    b"\x1b[B": "slower",
    b"\x1b[D": "slower",
    b"\x1bOA": "faster",  # ... and in application mode
    b"\x1bOC": "faster",
    b"\x1bOB": "slower",
    b"\x1bOD": "slower",
    b"s": "step",
    b"q": "quit",
    b"\x03": "quit",
}
ESCAPE, ARROW_BYTES = b"\x1b", 3


def keys_in(typed: bytes) -> list[Key]:
    """Read keys out of the bytes of a terminal; what means nothing is passed over."""
    found: list[Key] = []
    at = 0
    while at < len(typed):
        is_arrow = typed[at : at + 1] == ESCAPE and typed[at : at + ARROW_BYTES] in KEYS
        one = typed[at : at + (ARROW_BYTES if is_arrow else 1)]
        at += len(one)
        if one in KEYS:
            found.append(KEYS[one])
    return found
