"""The agent as a process: `python -m machine_agent CONFIG.toml`."""

import asyncio
import os
import signal
import sys
import uuid
from collections.abc import Sequence
from pathlib import Path

import msgspec

from contract.machines import catalogue
from machine_agent import keys, loop, settings
from machine_agent.agent import Agent, Station
from machine_agent.clock import Clock
from machine_agent.drivers.registry import DRIVERS
from machine_agent.inputs import PatientInput
from machine_agent.link import LinkSettings
from machine_agent.spool import Spool

FIRMWARE = "openspine-0.1.0"
OK, FAILED, USAGE = 0, 1, 2


def main(argv: Sequence[str]) -> int:
    """Run the agent of one configuration file until SIGINT or SIGTERM; returns the exit code."""
    if len(argv) != 1 or argv[0] in ("-h", "--help"):
        sys.stderr.write("usage: python -m machine_agent CONFIG.toml\n")
        return OK if argv and argv[0] in ("-h", "--help") else USAGE
    found = settings.read(Path(argv[0]))
    if isinstance(found, settings.Unusable):
        sys.stderr.write(f"{found.reason}\n")
        return FAILED
    try:
        public = keys.load(found.keys)
    except (OSError, ValueError, KeyError, msgspec.MsgspecError) as error:
        sys.stderr.write(f"the keys in {found.keys} cannot be used: {error}\n")
        return FAILED
    asyncio.run(_run(found, public))
    return OK


async def _run(found: settings.Settings, public: keys.Keys) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    inputs: asyncio.Queue[PatientInput] = asyncio.Queue()
    async with Spool(found.spool) as spool:
        await loop.run(_machine(found, public, spool), inputs, stop)


def _machine(found: settings.Settings, public: keys.Keys, spool: Spool) -> loop.Machine:
    driver = DRIVERS[found.driver].make(found.driver_options)
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
    )
    agent = Agent(station, spool.beginning(), os.urandom)
    return loop.Machine(agent=agent, driver=driver, spool=spool, link=link, clock=Clock())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
