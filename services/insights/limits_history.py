"""The versions of somebody's limits: who signed what, and what each changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.insights.units import at, deg, kg
from services.store.reading.keyset import Rows

Figure = float | int | str | None
KG = {"max_load_g": "max_load_kg", "phase_cap_g": "phase_cap_kg"}
PLAIN = ("max_torque_nm", "phase", "pain_green_nrs", "pain_amber_nrs")
WITHDRAWN_MS = 0  # a withdrawn version has been valid until the beginning of time


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field that a version changed; None = it was not there."""

    field: str
    before: Figure
    after: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsVersion:
    """One version, and what it changed of the one before."""

    version: int
    signed_by: str
    signed_at: datetime
    reason: str
    valid_until: datetime
    withdrawn: bool
    figures: Mapping[str, Figure]
    changes: tuple[FieldChange, ...]


def versions(rows: Rows) -> tuple[LimitsVersion, ...]:
    """Describe versions that are listed newest first."""
    shown = [_figures(row.envelope) for row in rows]
    before: Sequence[dict[str, Figure]] = [*shown, {}][1:]
    return tuple(_version(row, now, then) for row, now, then in zip(rows, shown, before, strict=True))


def difference(before: Mapping[str, Figure], after: Mapping[str, Figure]) -> tuple[FieldChange, ...]:
    """List the fields in which two versions differ."""
    names = dict.fromkeys((*before, *after))
    return tuple(
        FieldChange(field=name, before=before.get(name), after=after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    )


def _version(row: Any, now: dict[str, Figure], then: dict[str, Figure]) -> LimitsVersion:
    return LimitsVersion(
        version=row.version,
        signed_by=row.signed_by,
        signed_at=at(row.signed_ms),
        reason=row.reason,
        valid_until=at(row.valid_until_ms),
        withdrawn=row.valid_until_ms == WITHDRAWN_MS,
        figures=now,
        changes=difference(then, now),
    )


def _figures(envelope: Mapping[str, Any]) -> dict[str, Figure]:
    """Flatten an envelope into fields with units that people read."""
    found: dict[str, Figure] = {name: kg(envelope[stored]) for stored, name in KG.items()}
    found |= {name: envelope[name] for name in PLAIN}
    found["max_speed_deg_s"] = deg(envelope["max_speed_cdeg_s"])
    for side, window in sorted(envelope["sides"].items()):
        for name in ("lowest", "highest", "start_highest"):
            found[f"{side}_{name}_deg"] = deg(window[f"{name}_cdeg"])
    return found
