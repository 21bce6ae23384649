"""How machines are: what they said last, their clock, calibration, firmware and conformance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from services.insights.conformance import Conformance, in_short
from services.insights.floor import STALE_AFTER_MS
from services.insights.units import DAY_MS, at, at_or_none, seconds
from services.store.reading.keyset import Rows

SIMULATED = "sim"  # studio time that runs faster than ours, on purpose (protocol page)
DUE_SOON_MS = 14 * DAY_MS  # as long before as limits are asked to be renewed
Calibrated = Literal["never", "failed", "due", "due_soon", "fine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineHealth:
    """One machine as a manager sees it; of invented studio time nobody can tell how far it is ahead."""

    machine: str
    name: str
    kind: str
    site: str
    site_name: str
    retired: bool
    enrolled_at: datetime
    online: bool
    stale: bool
    state: str
    firmware: str
    spool_rows: int
    seen_at: datetime | None
    clock_ahead_s: float | None
    calibration: Calibrated
    calibrated_at: datetime | None
    calibration_due_at: datetime | None
    conformance: Conformance | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """What was found at each machine last, by machine id."""

    calibrations: Mapping[str, Any]
    reports: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """One calibration."""

    at: datetime
    due_at: datetime
    load_error_pct: float
    angle_error_deg: float
    passed: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Firmware:
    """Which machines of a kind run a version."""

    kind: str
    version: str
    machines: tuple[str, ...]


def health(rows: Rows, newest: Newest, now_ms: int) -> tuple[MachineHealth, ...]:
    """Describe machines from their rows, their newest calibrations and reports of conformance."""
    return tuple(_health(row, newest, now_ms) for row in rows)


def calibrations(rows: Rows) -> tuple[Calibration, ...]:
    """List the calibrations of a machine."""
    return tuple(
        Calibration(
            at=at(row.at_ms),
            due_at=at(row.due_ms),
            load_error_pct=row.load_error_pct,
            angle_error_deg=row.angle_error_deg,
            passed=row.passed,
            note=row.note,
        )
        for row in rows
    )


def firmware(rows: Rows) -> tuple[Firmware, ...]:
    """Group the machines in use by kind and version of their firmware."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if row.firmware and not row.retired:
            found.setdefault((row.kind, row.firmware), []).append(row.id)
    return tuple(
        Firmware(kind=kind, version=version, machines=tuple(ids))
        for (kind, version), ids in sorted(found.items())
    )


def only(rows: Rows, machine: str) -> Sequence[Any]:
    """Take one machine out of the list."""
    return [row for row in rows if row.id == machine]


def _health(row: Any, found: Newest, now_ms: int) -> MachineHealth:
    newest = found.calibrations.get(row.id)
    return MachineHealth(
        machine=row.id,
        name=row.name,
        kind=row.kind,
        site=row.site_id,
        site_name=row.site_name,
        retired=row.retired,
        enrolled_at=at(row.enrolled_ms),
        online=bool(row.online),
        stale=row.received_ms is None or now_ms - row.received_ms > STALE_AFTER_MS,
        state=row.state or "unknown",
        firmware=row.firmware or "",
        spool_rows=row.spool_rows or 0,
        seen_at=at_or_none(row.received_ms),
        clock_ahead_s=None if row.clock == SIMULATED else seconds(row.skew_ms or 0),
        calibration=_calibrated(newest, now_ms),
        calibrated_at=at(newest.at_ms) if newest else None,
        calibration_due_at=at(newest.due_ms) if newest else None,
        conformance=in_short(found.reports.get(row.id), row.firmware or ""),
    )


def _calibrated(newest: Any | None, now_ms: int) -> Calibrated:
    if newest is None:
        return "never"
    if not newest.passed:
        return "failed"
    if now_ms >= newest.due_ms:
        return "due"
    return "due_soon" if newest.due_ms - now_ms <= DUE_SOON_MS else "fine"
