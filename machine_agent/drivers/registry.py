"""The drivers that a configuration may name; emulated and recorded ones are handed over as objects."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from machine_agent.drivers import Driver, Unfit, modbus, still

DriverFactory = Callable[[Mapping[str, object]], Driver | Unfit]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How to make a driver, and whether it moves a real drive (then only with mode = "real")."""

    make: DriverFactory
    physical: bool


DRIVERS: dict[str, Kind] = {
    "still": Kind(make=still.make, physical=False),
    "modbus": Kind(make=modbus.make, physical=True),
}
