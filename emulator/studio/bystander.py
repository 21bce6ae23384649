"""A machine at which nobody is: it answers to a name, and nothing more."""

import asyncio

from emulator.machines.driver import EmulatedDriver
from machine_agent.inputs import PatientInput
from machine_agent.loop import Nobody


class Bystander(Nobody):
    """An emulated machine without people, for a second agent of the same name."""

    def __init__(self, name: str, driver: EmulatedDriver) -> None:
        self.name, self.driver = name, driver
        self.inputs: asyncio.Queue[PatientInput] = asyncio.Queue()
