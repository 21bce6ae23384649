"""Child processes that die with their parent, so that no run leaves a process behind."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"
_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG, linux/prctl.h
_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None  # resolved before any fork


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a child sees around it; `user` is a numeric id to run as (root only)."""

    environment: Mapping[str, str] | None = None
    folder: Path | None = None
    user: int | None = None


def spawn(command: Sequence[str], log: Path, around: Surroundings | None = None) -> subprocess.Popen[bytes]:
    """Start a process that writes to `log` and is killed when the calling *thread* ends (Linux)."""
    around = around or Surroundings()
    parent = os.getpid()

    def die_with_parent() -> None:
        if _prctl is not None:
            _prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
            if os.getppid() != parent:  # the parent was gone before the signal was armed
                os._exit(1)

    with log.open("ab") as output:
        return subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,  # an open pipe: children that watch it end with the parent elsewhere too
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if around.environment is None else dict(around.environment),
            cwd=around.folder,
            user=around.user,
            extra_groups=None if around.user is None else [],
            start_new_session=True,  # Ctrl-C reaches the supervisor alone; it ends its children in order
            preexec_fn=die_with_parent,  # noqa: PLW1509 (one prctl call, resolved before the fork)
        )


def end(
    child: subprocess.Popen[bytes], polite: signal.Signals = signal.SIGTERM, patience_s: float = 5.0
) -> int:
    """Ask a child to end, kill it when it does not within `patience_s`; returns its exit code."""
    if child.poll() is None:
        child.send_signal(polite)
        try:
            child.wait(patience_s)
        except subprocess.TimeoutExpired:
            child.kill()
    code = child.wait()
    if child.stdin is not None:
        child.stdin.close()
    return code


def free_port() -> int:
    """Return a TCP port that nobody listens on at this moment on the loopback interface."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def is_listening(port: int) -> bool:
    """Return whether anybody accepts connections on a loopback port."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=0.5):
            return True
    except OSError:
        return False


def wait_for_port(child: subprocess.Popen[bytes], port: int, patience_s: float = 10.0) -> bool:
    """Wait until `child` accepts connections on `port`; False when it ended or never did."""
    deadline = time.monotonic() + patience_s
    while child.poll() is None and time.monotonic() < deadline:
        if is_listening(port):
            return child.poll() is None
        time.sleep(0.02)
    return False
