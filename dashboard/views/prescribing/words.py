"""Limits in words: what they allow, and in what two of them differ. Pure."""

from contract.machines import CDEG, G
from dashboard.api.limits import Figures, LimitsVersion, Window
from dashboard.format import NOTHING, Formatter, plain, whole
from dashboard.views.prescribing.drafting import angles_of

ARROW = "\N{RIGHTWARDS ARROW}"
FIELDS = {
    "max_load_g": "Largest load",
    "phase_cap_g": "Cap of the phase",
    "max_torque_nm": "Largest torque in a test",
    "max_speed_cdeg_s": "Fastest movement",
    "phase": "Phase",
    "pain_green_nrs": "Pain: green up to",
    "pain_amber_nrs": "Pain: amber up to",
}
Line = tuple[str, str]


def field_words(name: str, show: Formatter) -> str:
    """Name a field of limits: Largest load; Range, left."""
    if name.startswith("sides."):
        side = name.removeprefix("sides.")
        return (
            show.say("Range") if side == "both" else show.say("Range, {side}", side=show.word(side).lower())
        )
    return show.say(FIELDS[name]) if name in FIELDS else show.word(name)


def value_words(figures: Figures, name: str, kind: str, show: Formatter) -> str:
    """Write one field with its unit."""
    if name.startswith("sides."):
        window = figures.sides.get(name.removeprefix("sides."))
        return NOTHING if window is None else _window_words(window, kind, show)
    value = getattr(figures, name)
    if name in ("max_load_g", "phase_cap_g"):
        return show.load(value / G)
    if name == "phase":
        return show.word(value)
    if name == "max_speed_cdeg_s":
        return show.say("{speed}° a second", speed=whole(value / CDEG))
    return show.say("{torque} Nm", torque=value) if name == "max_torque_nm" else str(value)


def lines(figures: Figures, kind: str, show: Formatter) -> list[Line]:
    """Write everything that limits allow, field and value."""
    names = [*FIELDS, *(f"sides.{side}" for side in figures.sides)]
    return [(field_words(name, show), value_words(figures, name, kind, show)) for name in names]


def differences(before: Figures | None, after: Figures, kind: str, show: Formatter) -> list[str]:
    """Write in what two versions differ: Largest load: 20.0 kg, then 24.0 kg."""
    sides = dict.fromkeys((*(before.sides if before else ()), *after.sides))
    found = []
    for name in (*FIELDS, *(f"sides.{side}" for side in sides)):
        now = value_words(after, name, kind, show)
        then = None if before is None else value_words(before, name, kind, show)
        if then is None:
            found.append(f"{field_words(name, show)}: {now}")
        elif then != now:
            found.append(f"{field_words(name, show)}: {then} {ARROW} {now}")
    return found


def holds_until(version: LimitsVersion, show: Formatter) -> str:
    """Say who signed a version, when, until when it holds, and why."""
    if version.withdrawn:
        return show.say(
            "Version {version}: withdrawn by {who} on {day}. Nothing is allowed. {reason}",
            version=version.version, who=plain(version.signed_by), day=show.day(version.signed_at),
            reason=plain(version.reason),
        )  # fmt: skip
    return show.say(
        "Version {version}: signed by {who} on {day}, holds until {until}. {reason}",
        version=version.version, who=plain(version.signed_by), day=show.day(version.signed_at),
        until=show.day(version.valid_until), reason=plain(version.reason),
    )  # fmt: skip


def _window_words(window: Window, kind: str, show: Formatter) -> str:
    angles = angles_of(window, kind)
    allowed = show.window(angles.start_deg, angles.end_deg)
    if angles.first_end_deg == angles.end_deg:
        return allowed
    return show.say("{window}, first visit to {end}°", window=allowed, end=whole(angles.first_end_deg))
