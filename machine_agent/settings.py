"""The agent's configuration file (TOML): which machine, which broker, whose keys, which driver."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal

from contract import topics
from contract.machines import catalogue
from contract.messages import Origin
from machine_agent.drivers.registry import DRIVERS

PORTS = 65_536
STAFF_PINS_MOST = 8  # a wrong PIN is checked against each (65-100 ms): all in less than the watchdog's second


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that a composition root needs to build the agent."""

    machine: str
    kind: str
    origin: Origin
    driver: str
    keys: Path
    site_key: bytes
    spool: Path
    host: str = "127.0.0.1"
    port: int = 1883
    username: str | None = None
    password: str | None = None
    tls: bool = False
    ca: Path | None = None
    staff_pins: tuple[str, ...] = ()
    driver_options: Mapping[str, object] = field(default_factory=dict)
    screen_port: int | None = None  # on loopback; None: no screen
    screen_units: Literal["kg", "lb"] = "kg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusable:
    """Why a configuration cannot be used, as one sentence."""

    reason: str


def read(path: Path) -> Settings | Unusable:
    """Read a configuration; paths in it are relative to the file."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        settings = _settings(table, path.parent)
    except OSError as error:
        return Unusable(reason=f"{path} or a file that it names cannot be read: {error}")
    except tomllib.TOMLDecodeError as error:
        return Unusable(reason=f"{path} is no TOML: {error}")
    except KeyError as error:
        return Unusable(reason=f"{path} does not say {error}")
    except ValueError as error:
        return Unusable(reason=f"{path}: {error}")
    return _checked(settings)


def _settings(table: Mapping[str, Any], folder: Path) -> Settings:
    machine, broker, screen = table["machine"], table.get("broker", {}), table.get("screen", {})
    return Settings(
        machine=machine["id"],
        kind=machine["kind"],
        origin="real" if machine.get("mode", "sim") == "real" else "sim",
        driver=machine["driver"],
        keys=folder / machine["keys"],
        site_key=bytes.fromhex((folder / machine["site_key"]).read_text(encoding="ascii").strip()),
        spool=folder / machine["spool"],
        host=broker.get("host", "127.0.0.1"),
        port=broker.get("port", 1883),
        username=broker.get("username"),
        password=broker.get("password"),
        tls=broker.get("tls", False),
        ca=folder / broker["ca"] if "ca" in broker else None,
        staff_pins=_few(machine.get("staff_pins", ())),
        driver_options={"folder": folder} | table.get("driver", {}),
        screen_port=screen.get("port"),
        screen_units=screen.get("units", "kg"),
    )


def _few(staff_pins: Sequence[str]) -> tuple[str, ...]:
    """Take no more staff PINs than can be checked in time."""
    if len(staff_pins) > STAFF_PINS_MOST:
        raise ValueError(
            f"staff_pins names {len(staff_pins)} PINs, {STAFF_PINS_MOST} at most can be checked in time: "
            "remove those that nobody uses any more, or let some staff share one"
        )
    return tuple(staff_pins)


def _checked(settings: Settings) -> Settings | Unusable:
    known = DRIVERS.get(settings.driver)
    if not topics.is_machine_id(settings.machine):
        return Unusable(reason=f"{settings.machine!r} is no machine id (3-32 of a-z, 0-9, -)")
    if settings.kind not in catalogue():
        return Unusable(reason=f"{settings.kind!r} is not in the machine catalogue")
    if not _is_port(settings.screen_port) or settings.screen_units not in ("kg", "lb"):
        return Unusable(reason="[screen] is a port (0-65535) and units (kg or lb)")
    if known is None:
        return Unusable(reason=f"there is no driver {settings.driver!r}; there are: {', '.join(DRIVERS)}")
    if known.physical and not _is_real(settings):
        return Unusable(
            reason=f"driver {settings.driver!r} moves a drive: it needs mode = real, "
            "the machine's id as user name, and a password"
        )
    return _not_in_clear(settings)


def _not_in_clear(settings: Settings) -> Settings | Unusable:
    """Refuse to send a password or real sessions over a wire without TLS."""
    is_secret = bool(settings.password) or settings.origin == "real"
    if not is_secret or settings.tls or _is_this_computer(settings.host):
        return settings
    return Unusable(
        reason=f"[broker] would send password and sessions to {settings.host} in clear: "
        "it needs tls = true, unless the broker is on this computer"
    )


def _is_port(port: object) -> bool:
    return port is None or (isinstance(port, int) and 0 <= port < PORTS)


def _is_this_computer(host: str) -> bool:
    """Tell whether a host is reached over no wire: loopback, by name or address."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _is_real(settings: Settings) -> bool:
    """Tell whether these are the credentials of a real machine, and of this one (invariant 15)."""
    return settings.origin == "real" and settings.username == settings.machine and bool(settings.password)
