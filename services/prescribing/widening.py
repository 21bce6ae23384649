"""What new limits allow that those before did not: wider limits need two people."""

from contract.messages import Envelope, SideRange
from ml.clinical.table import PHASES, PhaseRule

CAPS = ("max_load_g", "phase_cap_g", "max_torque_nm", "max_speed_cdeg_s", "pain_green_nrs", "pain_amber_nrs")


def wider(before: Envelope, after: Envelope) -> tuple[str, ...]:
    """Name the fields in which `after` allows more than `before`; empty when it only narrows."""
    grown = [name for name in CAPS if getattr(after, name) > getattr(before, name)]
    if _is_harder(PHASES[before.phase], PHASES[after.phase]):
        grown.append("phase")
    for side, window in after.sides.items():
        held = before.sides.get(side)
        if held is None or _is_wider(held, window):
            grown.append(f"sides.{side}")
    return tuple(grown)


def _is_harder(before: PhaseRule, after: PhaseRule) -> bool:
    """Tell whether a phase asks for more: the same weight is a dose nearer to failure then."""
    return after.effort > before.effort or after.load_share > before.load_share


def _is_wider(before: SideRange, after: SideRange) -> bool:
    return (
        after.lowest_cdeg < before.lowest_cdeg
        or after.highest_cdeg > before.highest_cdeg
        or after.start_highest_cdeg > before.start_highest_cdeg
    )
