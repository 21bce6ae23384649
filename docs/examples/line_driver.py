# ruff: noqa: INP001 - a page of the manual, no package
"""A whole driver, for a drive that speaks lines of text over TCP; this side never waits for it.

Fifty times a second the drive sends `deg,deg_s,torque_nm,load_g`; it takes `n,load_g,start,end,brake,lock`.
"""

import socket
from collections.abc import Mapping, Sequence

from contract.messages import Side
from machine_agent.drivers import DriveCommand, Sample, Unfit

FREE = DriveCommand(load_g=0, start_cdeg=0, end_cdeg=0, brake=True, max_speed_cdeg_s=0)


class LineDriver:
    """One TCP connection, read and written without blocking; one that fails gives no more samples."""

    open_loop = False  # a real drive: the agent enforces sensor limits

    def __init__(self, link: socket.socket) -> None:
        self._link = link
        self._link.settimeout(0)
        self._rest = b""  # of a line that has not come whole
        self._number = 0
        self._side: Side = "both"

    def read(self, body_ms: int) -> Sequence[Sample]:
        """Return what has come since the last call."""
        try:
            self._rest += self._link.recv(65_536)
        except OSError:  # nothing has come, or the drive is gone: both are no samples, and the agent unloads
            return []
        *lines, self._rest = self._rest.split(b"\n")
        return [self._sample(line, body_ms) for line in lines[-1:]]  # older ones are of the past

    def command(self, command: DriveCommand) -> None:
        """Send a command with its number, the heartbeat: it rises only when the agent's loop turns."""
        self._number += 1
        self._side = command.side
        turn = -1 if self._side == "left" else 1
        values = (
            self._number,
            command.load_g,
            turn * command.start_cdeg,
            turn * command.end_cdeg,
            int(command.brake),
            int(command.lock),
        )
        try:
            self._link.send(",".join(map(str, values)).encode() + b"\n")
        except OSError:
            return  # the drive hears nothing and unloads by itself

    def close(self) -> None:
        """Unload and hang up."""
        self.command(FREE)
        self._link.close()

    def _sample(self, line: bytes, body_ms: int) -> Sample:
        turn = -1 if self._side == "left" else 1
        deg, deg_s, torque_nm, load_g = map(float, line.split(b","))
        return Sample(
            body_ms=body_ms,
            deg=turn * deg,
            deg_s=turn * deg_s,
            torque_nm=turn * torque_nm,
            load_g=round(load_g),
            side=self._side,
        )


def make(options: Mapping[str, object]) -> LineDriver | Unfit:
    """Make one of the [driver] table of the configuration: `host` and `port`."""
    host, port = options.get("host"), options.get("port")
    if not isinstance(host, str) or not isinstance(port, int):
        return Unfit(reason="[driver] needs host and port")
    try:
        return LineDriver(socket.create_connection((host, port), timeout=5))
    except OSError as error:
        return Unfit(reason=f"the drive at {host}:{port} cannot be reached: {error}")
