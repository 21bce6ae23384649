"""What new limits allow that those before did not: wider limits need two people."""

from contract.messages import Envelope, SideRange

CAPS = ("max_load_g", "phase_cap_g", "max_torque_nm", "max_speed_cdeg_s", "pain_green_nrs", "pain_amber_nrs")


def wider(before: Envelope, after: Envelope) -> tuple[str, ...]:
    """Name the fields in which `after` allows more than `before`; empty when it only narrows."""
    grown = [name for name in CAPS if getattr(after, name) > getattr(before, name)]
    for side, window in after.sides.items():
        held = before.sides.get(side)
        if held is None or _is_wider(held, window):
            grown.append(f"sides.{side}")
    return tuple(grown)


def _is_wider(before: SideRange, after: SideRange) -> bool:
    return (
        after.lowest_cdeg < before.lowest_cdeg
        or after.highest_cdeg > before.highest_cdeg
        or after.start_highest_cdeg > before.start_highest_cdeg
    )
