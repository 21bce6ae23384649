"""Machines as who runs the studio sees them: health, calibration, firmware, one-time codes."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.client import Client, Failure, Order, path


@dataclass(frozen=True, slots=True, kw_only=True)
class ConformanceInShort:
    """What the conformance kit found last; of other firmware: the machine runs something else by now."""

    tested_at: datetime
    level: str
    passed: int
    failed: int
    skipped: int
    firmware: str
    is_of_other_firmware: bool
    ended_early: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineHealth:
    """One machine: what it said last, its clock (None: simulated), calibration, what waits in its spool."""

    machine: str
    name: str
    kind: str
    site: str
    site_name: str
    retired: bool
    online: bool
    stale: bool
    state: str
    firmware: str
    spool_rows: int
    seen_at: datetime | None
    clock_ahead_s: float | None
    calibration: str
    calibrated_at: datetime | None
    calibration_due_at: datetime | None
    conformance: ConformanceInShort | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """One calibration: errors against a reference."""

    at: datetime
    due_at: datetime
    load_error_pct: float
    angle_error_deg: float
    passed: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineFile(MachineHealth):
    """One machine with its calibrations, newest first."""

    calibrations: tuple[Calibration, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MachinePage:
    """Every machine, the retired too."""

    items: tuple[MachineHealth, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineCode:
    """A one-time code, shown once: `./studio enrol CODE` on the machine's computer."""

    machine: str
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrated:
    """Whether the machine passed."""

    passed: bool


def list_machine_health(client: Client) -> MachinePage | Failure:
    """Ask how every machine is."""
    return client.get("/v1/machine-health", MachinePage)


def read_machine(client: Client, machine: str) -> MachineFile | Failure:
    """Ask how one machine is, with its calibrations."""
    return client.get(path("/v1/machines/{}", machine), MachineFile)


def enrol_machine(client: Client, site: str, machine: str, kind: str, name: str) -> MachineCode | Failure:
    """Add a machine to a site; answers its one-time code."""
    body = {"id": machine, "kind": kind, "name": name}
    return client.send(Order(path=path("/v1/sites/{}/machines", site), body=body), MachineCode)


def renew_machine_code(client: Client, machine: str) -> MachineCode | Failure:
    """Make another one-time code."""
    return client.send(Order(path=path("/v1/machines/{}/code", machine)), MachineCode)


def change_machine(client: Client, machine: str, name: str, site: str) -> Failure | None:
    """Give a machine a name and a site."""
    body = {"name": name, "site": site}
    return client.do(Order(method="PATCH", path=path("/v1/machines/{}", machine), body=body))


def retire_machine(client: Client, machine: str, reason: str) -> Failure | None:
    """Take a machine out of use; its history stays."""
    return client.do(Order(path=path("/v1/machines/{}/retire", machine), body={"reason": reason}))


def bring_back_machine(client: Client, machine: str, reason: str) -> MachineCode | Failure:
    """Put a retired machine into use again; answers its one-time code."""
    order = Order(path=path("/v1/machines/{}/return", machine), body={"reason": reason})
    return client.send(order, MachineCode)


def calibrate_machine(
    client: Client, machine: str, errors: tuple[float, float], valid_days: int, note: str
) -> Calibrated | Failure:
    """Record a calibration: errors of load (%) and angle (degrees) against a reference."""
    load_error_pct, angle_error_deg = errors
    body = {
        "load_error_pct": load_error_pct,
        "angle_error_deg": angle_error_deg,
        "valid_days": valid_days,
        "note": note,
    }
    return client.send(Order(path=path("/v1/machines/{}/calibrations", machine), body=body), Calibrated)
