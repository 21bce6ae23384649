"""The agent as a process: `python -m machine_agent CONFIG.toml`: the watchdog, and the agent as its child."""

import sys
from collections.abc import Sequence

from machine_agent.watchdog import OK, Watchdog

USAGE = 2


def main(argv: Sequence[str]) -> int:
    """Watch over the agent of one configuration until SIGINT or SIGTERM; returns the agent's exit code."""
    if len(argv) != 1 or argv[0].startswith("-"):
        sys.stderr.write("usage: python -m machine_agent CONFIG.toml\n")
        return OK if argv and argv[0] in ("-h", "--help") else USAGE
    return Watchdog(command=[sys.executable, "-m", "machine_agent.assembly", argv[0]], say=_say).run()


def _say(text: str) -> None:
    sys.stderr.write(f"watchdog: {text}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
