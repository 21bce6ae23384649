import pytest

from emulator.replay.transport import Key
from emulator.replay.typed import keys_in


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        (b" ", ["pause"]),
        (b"+=-", ["faster", "faster", "slower"]),
        (b"\x1b[A\x1b[B", ["faster", "slower"]),
        (b"\x1bOC\x1bOD", ["faster", "slower"]),
        (b"sq", ["step", "quit"]),
        (b"\x03", ["quit"]),
        (b"xyz\xff\x1b[5~", []),
        (b"\x1b", []),
        (b"\x1b s", ["pause", "step"]),
        (b"", []),
    ],
)
def test_bytes_of_a_terminal_are_keys(typed: bytes, keys: list[Key]) -> None:
    assert keys_in(typed) == keys
