"""The watchdog: a small process of its own around the agent (invariant 12); standard library only.

It starts the agent and holds a pipe to it, on which the 50 Hz loop beats. A loop that stands still for a
second is killed: no command reaches the drive any more, and the drive unloads itself. Then the agent is
started again, a few times. An agent whose watchdog is gone ends, and unloads on its way.
"""

import os
import select
import signal
import time
from collections.abc import Callable, Sequence
from types import FrameType

STALL_S = 1.0  # without a beat (safety, invariant 12)
START_S = 15.0  # to the first beat: interpreter, imports, a spool of 256 MiB that is checked
END_S = 10.0  # from a wish to end until it is no longer waited for
BEAT_MS = 100  # ms between two beats at least; the loop passes every 20
RESTARTS_MOST, WINDOW_S = 5, 300.0  # more ends in five minutes are a crash loop; staff and systemd take over
WAIT_MOST_S = 8.0  # before a restart: 0, 1, 2, 4, 8 s
LOOK_S = 0.1  # how often a wish to end is looked for meanwhile
PASSED_ON = (signal.SIGTERM, signal.SIGINT)
OK, FAILED = 0, 1
Say = Callable[[str], None]


class Life:
    """How one life of the agent ended: exit code (negative: a signal), whether it beat, why it was killed."""

    def __init__(self, *, code: int, has_beaten: bool, killed_for: str = "") -> None:
        self.code, self.has_beaten, self.killed_for = code, has_beaten, killed_for

    @property
    def is_final(self) -> bool:
        """Tell whether it ended by its own wish, or never came to run: nothing that a restart would heal."""
        return self.code == 0 or (self.code > 0 and not self.has_beaten and not self.killed_for)

    @property
    def reason(self) -> str:
        """Say why it ended."""
        how = f"signal {-self.code}" if self.code < 0 else f"exit code {self.code}"
        return self.killed_for or f"it ended with {how}"


class Watchdog:
    """Keeps one agent alive; `command` is completed by the pipe's number and why it is started again."""

    def __init__(
        self, command: Sequence[str], say: Say, *, stall_s: float = STALL_S, start_s: float = START_S
    ) -> None:
        self._command, self._say, self._stall_s, self._start_s = command, say, stall_s, start_s
        self._pid: int | None = None
        self._ending_since_s: float | None = None
        self._ends_s: list[float] = []

    def run(self) -> int:
        """Watch until the agent ends for good; returns its exit code."""
        before = {number: signal.signal(number, self._pass_on) for number in PASSED_ON}
        try:
            return self._watch()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _watch(self) -> int:
        life = self._live("")
        while not life.is_final and self._ending_since_s is None:
            if not self._may_restart():
                ends = len(self._ends_s)
                self._say(f"the agent ended {ends} times in {WINDOW_S:.0f} s and is given up: {life.reason}")
                return FAILED
            self._say(f"the agent is started again: {life.reason}")
            life = self._live(life.reason)
        has_obeyed = self._ending_since_s is not None and -life.code in PASSED_ON  # before it could listen
        return OK if has_obeyed else FAILED if life.code < 0 else life.code

    def _live(self, reason: str) -> Life:
        """Start the agent and follow it to its end."""
        beats, pulse = os.pipe()
        os.set_inheritable(pulse, True)  # noqa: FBT003 - its own name for it
        try:
            # Its own process group: Ctrl-C reaches the watchdog alone, which passes it on once.
            words = [*self._command, str(pulse), reason]
            pid = self._pid = os.posix_spawn(words[0], words, os.environ, setpgroup=0)
        finally:
            os.close(pulse)
        if self._ending_since_s is not None:  # asked while it was being started
            os.kill(pid, signal.SIGTERM)
        try:
            return self._follow(pid, beats)
        finally:
            os.close(beats)

    def _follow(self, pid: int, beats: int) -> Life:
        has_beaten, last_s = False, time.monotonic()
        while True:
            patience_s = self._patience_s(last_s, has_beaten=has_beaten)
            if select.select([beats], [], [], max(patience_s, 0.0))[0]:
                if not os.read(beats, 4_096):
                    return Life(code=self._code(pid, END_S), has_beaten=has_beaten)
                has_beaten, last_s = True, time.monotonic()
            elif self._patience_s(last_s, has_beaten=has_beaten) <= 0:
                why = f"its loop stood still for {time.monotonic() - last_s:.1f} s"
                return Life(code=self._code(pid, 0.0), has_beaten=has_beaten, killed_for=why)

    def _patience_s(self, last_s: float, *, has_beaten: bool) -> float:
        """Tell how much longer to wait for a beat, or for the end that was asked for."""
        now_s = time.monotonic()
        if self._ending_since_s is not None:
            return self._ending_since_s + END_S - now_s
        return last_s + (self._stall_s if has_beaten else self._start_s) - now_s

    def _code(self, pid: int, patience_s: float) -> int:
        """Wait for a process that has closed its pipe, then kill it; returns its exit code."""
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            found, status = os.waitpid(pid, os.WNOHANG)
            if found:
                break
            time.sleep(LOOK_S / 10)
        else:
            os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
        self._pid = None
        return os.waitstatus_to_exitcode(status)

    def _may_restart(self) -> bool:
        """Count an end, and wait longer after each one; False in a crash loop."""
        now_s = time.monotonic()
        self._ends_s = [at for at in self._ends_s if now_s - at < WINDOW_S] + [now_s]
        if len(self._ends_s) > RESTARTS_MOST:
            return False
        wait_s = min(2.0 ** (len(self._ends_s) - 2), WAIT_MOST_S) if len(self._ends_s) > 1 else 0.0
        while time.monotonic() - now_s < wait_s and self._ending_since_s is None:
            time.sleep(LOOK_S)
        return True

    def _pass_on(self, number: int, _frame: FrameType | None) -> None:
        """Hand a wish to end on to the agent."""
        self._ending_since_s = self._ending_since_s or time.monotonic()
        if self._pid is not None:
            os.kill(self._pid, number)


class Pulse:
    """The agent's end of the pipe: the loop beats on it; `on_alone` is called when nobody watches it."""

    def __init__(self, pipe: int, on_alone: Callable[[], None]) -> None:
        os.set_blocking(pipe, False)
        self._pipe = pipe
        self._on_alone = on_alone
        self._last_ms: int | None = None

    def beat(self, mono_ms: int) -> None:
        """Tell that the loop passes; never waits."""
        if self._last_ms is not None and mono_ms - self._last_ms < BEAT_MS:
            return
        self._last_ms = mono_ms
        try:
            os.write(self._pipe, b".")
        except BlockingIOError:
            return  # the watchdog is late; what stands in the pipe is enough for it
        except OSError:
            self._on_alone()
