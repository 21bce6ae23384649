"""Keys of a terminal while something runs: read one by one, and the terminal as it was afterwards."""

import asyncio
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

if sys.platform != "win32":
    import termios
    import tty

READ_MOST = 64  # bytes at once: more than anybody types


def is_terminal() -> bool:
    """Tell whether somebody can press keys on standard input; not behind `&`, where reading would stop us."""
    if sys.platform == "win32" or sys.stdin is None or not sys.stdin.isatty():
        return False
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except OSError:
        return True  # a terminal of somebody else: no job control of ours


@contextmanager
def listening(on_bytes: Callable[[bytes], None], file: int | None = None) -> Iterator[None]:
    """Hand over what is typed, unbuffered and without echo; call it in a running event loop."""
    number = sys.stdin.fileno() if file is None else file
    before = termios.tcgetattr(number)
    loop = asyncio.get_running_loop()
    tty.setcbreak(number)
    loop.add_reader(number, lambda: on_bytes(os.read(number, READ_MOST)))
    try:
        yield
    finally:
        loop.remove_reader(number)
        termios.tcsetattr(number, termios.TCSADRAIN, before)
