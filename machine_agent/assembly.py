"""The agent under its watchdog: put the parts of one machine together, and run them until told to end."""

import asyncio
import os
import signal
import socket
import sys
import uuid
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import msgspec

from contract.machines import catalogue
from machine_agent import keys, loop, settings
from machine_agent.agent import Agent, Station
from machine_agent.clock import Clock
from machine_agent.drivers import Driver, Unfit
from machine_agent.drivers.registry import DRIVERS
from machine_agent.inputs import PatientInput
from machine_agent.link import LinkSettings
from machine_agent.spool import Spool
from machine_agent.spool_place import SpoolError
from machine_agent.watchdog import Pulse

FIRMWARE = "openspine-0.1.0"
OK, FAILED = 0, 1


def main(argv: Sequence[str]) -> int:
    """Run the agent of one configuration file until SIGINT or SIGTERM; returns the exit code.

    Arguments: the configuration; from the watchdog also the number of its pipe, and why it starts anew.
    """
    path, *watched = argv
    found = settings.read(Path(path))
    if isinstance(found, settings.Unusable):
        return _refuse(found.reason)
    try:
        public = keys.load(found.keys, real=found.origin == "real")
    except (OSError, ValueError, KeyError, msgspec.MsgspecError) as error:
        return _refuse(f"the keys in {found.keys} cannot be used: {error}")
    try:
        door = None if found.screen_port is None else _listen(found.screen_port)
    except OSError as error:
        return _refuse(f"{path}: port {found.screen_port} of the screen: {error.strerror}")
    driver = DRIVERS[found.driver].make(found.driver_options)
    if isinstance(driver, Unfit):
        return _refuse(f"{path}: {driver.reason}")
    try:
        asyncio.run(_run(found, public, driver, door, watched))
    except SpoolError as error:
        return _refuse(str(error))
    return OK


def _refuse(reason: str) -> int:
    sys.stderr.write(f"{reason}\n")
    return FAILED


async def _run(
    found: settings.Settings,
    public: keys.Keys,
    driver: Driver,
    door: socket.socket | None,
    watched: Sequence[str],
) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with Spool(found.spool) as spool:
        pipe, reason = watched or ("", "")
        machine = machine_of(found, public, driver, spool, reason)
        if pipe:
            machine = replace(machine, pulse=Pulse(int(pipe), stop.set))
        if door is None:
            nobody: asyncio.Queue[PatientInput] = asyncio.Queue()
            await loop.run(machine, nobody, stop)
        else:
            await _run_with_screen(machine, door, found.screen_units, stop)


def _listen(port: int) -> socket.socket:
    from machine_agent.screen import listen  # noqa: PLC0415 (only where there is a screen)

    return listen(port)


async def _run_with_screen(
    machine: loop.Machine, door: socket.socket, units: Literal["kg", "lb"], stop: asyncio.Event
) -> None:
    """Run the machine and its screen; when one ends the other does: without its buttons nobody trains."""
    from machine_agent.screen import Screen, serve  # noqa: PLC0415 (only where there is a screen)

    screen = Screen()

    async def shown() -> None:
        try:
            await serve(screen, door, stop, units)
        finally:
            stop.set()

    async with asyncio.TaskGroup() as group:
        group.create_task(shown())
        await loop.run(machine, screen.inputs, stop, screen)


def machine_of(
    found: settings.Settings, public: keys.Keys, driver: Driver, spool: Spool, restarted: str = ""
) -> loop.Machine:
    """Put one machine together; a physical drive is watched in real time."""
    station = Station(
        machine=found.machine,
        kind=catalogue()[found.kind],
        boot=str(uuid.uuid4()),
        firmware=FIRMWARE,
        site_key=found.site_key,
        open_loop=driver.open_loop,
        staff_pins=found.staff_pins,
    )
    link = LinkSettings(
        machine=found.machine,
        origin=found.origin,
        keys=public,
        host=found.host,
        port=found.port,
        username=found.username,
        password=found.password,
        tls=found.tls,
        ca=None if found.ca is None else str(found.ca),
    )
    agent = Agent(station, replace(spool.beginning(), restarted=restarted), os.urandom, public.trusts)
    return loop.Machine(
        agent=agent,
        driver=driver,
        spool=spool,
        link=link,
        clock=Clock(),
        is_real_time=DRIVERS[found.driver].physical,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
