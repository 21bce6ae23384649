import asyncio
import io
import os
import pty
import termios
from collections.abc import Iterator

import pytest

from openspine.replay import keyboard


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    ours, theirs = pty.openpty()
    yield ours, theirs
    os.close(ours)
    os.close(theirs)


def test_nobody_presses_keys_in_a_pipe_or_behind_an_ampersand(
    terminal: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert not keyboard.is_terminal()
    with os.fdopen(os.dup(terminal[1])) as shown:
        monkeypatch.setattr("sys.stdin", shown)
        assert keyboard.is_terminal()
        monkeypatch.setattr("os.tcgetpgrp", lambda _: os.getpgrp() + 1)
        assert not keyboard.is_terminal()


async def test_keys_come_one_by_one_and_the_terminal_is_as_before(terminal: tuple[int, int]) -> None:
    ours, theirs = terminal
    before = termios.tcgetattr(theirs)
    typed: list[bytes] = []
    heard = asyncio.Event()

    def on_bytes(some: bytes) -> None:
        typed.append(some)
        heard.set()

    with keyboard.listening(on_bytes, theirs):
        assert not termios.tcgetattr(theirs)[3] & (termios.ICANON | termios.ECHO)
        for key in (b" ", b"\x1b[A"):
            heard.clear()
            os.write(ours, key)  # no newline: nobody presses return
            await asyncio.wait_for(heard.wait(), 10)
    assert typed == [b" ", b"\x1b[A"]
    assert termios.tcgetattr(theirs) == before


async def test_the_terminal_is_as_before_also_after_a_failure(terminal: tuple[int, int]) -> None:
    before = termios.tcgetattr(terminal[1])
    with pytest.raises(ValueError, match="x"), keyboard.listening(lambda _: None, terminal[1]):
        raise ValueError("x")
    assert termios.tcgetattr(terminal[1]) == before
