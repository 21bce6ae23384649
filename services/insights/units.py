"""The one place where stored integers become what people read: g -> kg, cdeg -> deg, ms -> s and times."""

from datetime import UTC, datetime

from contract.machines import CDEG, G, catalogue

MS = 1_000  # milliseconds in a second
DAY_MS = 86_400_000  # milliseconds in a day


def kg(load_g: float) -> float:
    """Grams to kilograms."""
    return round(load_g / G, 3)


def deg(angle_cdeg: float) -> float:
    """Hundredths of a degree to degrees."""
    return round(angle_cdeg / CDEG, 2)


def seconds(duration_ms: float) -> float:
    """Milliseconds to seconds."""
    return duration_ms / MS


def at(time_ms: int) -> datetime:
    """Unix milliseconds to a moment in UTC."""
    return datetime.fromtimestamp(time_ms / MS, tz=UTC)


def at_or_none(time_ms: int | None) -> datetime | None:
    """Unix milliseconds to a moment in UTC; None stays None."""
    return None if time_ms is None else at(time_ms)


def clinical_deg(kind: str | None, travel_deg: float) -> float:
    """Degrees of travel to the angle that clinicians read on this kind of machine."""
    known = catalogue().get(kind or "")
    return round(known.clinical_deg(travel_deg) if known else travel_deg, 2)


def rounded(value: float | None, digits: int = 1) -> float | None:
    """Round a figure that may be missing."""
    return None if value is None else round(value, digits)
