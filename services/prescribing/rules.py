"""What no clinician can sign: limits outside the machine, or limits that contradict themselves."""

from contract.machines import LOAD_STEP_G, MachineKind
from contract.messages import Envelope, SideRange
from ml.clinical.table import PHASES, phase_cap_g
from services.prescribing.sign import DAY_MS, VALID_DAYS

NRS_MOST = 10


def mistakes(envelope: Envelope, kind: MachineKind, now_ms: int) -> tuple[tuple[str, str], ...]:
    """List what is wrong as (field, sentence); no sentence repeats a value that was sent."""
    found = [*_loads(envelope, kind), *_pain(envelope)]
    if not set(envelope.sides) or not set(envelope.sides) <= set(kind.sides):
        found.append(("sides", f"This machine has the sides {', '.join(kind.sides)}."))
    else:
        for side, allowed in envelope.sides.items():
            found += [(f"sides.{side}", what) for what in _angles(allowed, kind)]
    if not 0 < envelope.max_speed_cdeg_s <= kind.max_speed_cdeg_s:
        found.append(("max_speed_cdeg_s", f"1 to {kind.max_speed_cdeg_s} on this machine."))
    if not now_ms < envelope.valid_until_ms <= now_ms + VALID_DAYS * DAY_MS:
        found.append(("valid_days", f"1 to {VALID_DAYS} days."))
    return tuple(found)


def above_capacity(envelope: Envelope, capacity_g: int | None) -> tuple[tuple[str, str], ...]:
    """Refuse a cap above the phase's share of the capacity that a clinician has countersigned."""
    if capacity_g is None or envelope.phase_cap_g <= phase_cap_g(envelope.phase, capacity_g):
        return ()
    share = round(PHASES[envelope.phase].load_share * 100)
    return (("phase_cap_g", f"At most {share} % of the capacity that is signed."),)


def _loads(envelope: Envelope, kind: MachineKind) -> list[tuple[str, str]]:
    found = []
    if not 0 <= envelope.max_load_g <= kind.max_load_g or envelope.max_load_g % LOAD_STEP_G:
        found.append(("max_load_g", f"0 to {kind.max_load_g} in steps of {LOAD_STEP_G}."))
    if not 0 <= envelope.phase_cap_g <= kind.max_load_g:
        found.append(("phase_cap_g", f"0 to {kind.max_load_g}."))
    torque_most_nm = int(kind.torque_nm(kind.max_load_g / 1_000))
    if not 0 <= envelope.max_torque_nm <= torque_most_nm:
        found.append(("max_torque_nm", f"0 to {torque_most_nm}: the machine's largest load at its lever."))
    return found


def _pain(envelope: Envelope) -> list[tuple[str, str]]:
    if 0 <= envelope.pain_green_nrs <= envelope.pain_amber_nrs <= NRS_MOST:
        return []
    return [("pain_amber_nrs", f"Green and amber are 0 to {NRS_MOST}, and green ends before amber.")]


def _angles(allowed: SideRange, kind: MachineKind) -> list[str]:
    lowest, highest = kind.limit_cdeg
    found = []
    if not lowest <= allowed.lowest_cdeg < allowed.highest_cdeg <= highest:
        found.append(f"From lowest to highest, inside {lowest} to {highest}.")
    if not allowed.lowest_cdeg <= allowed.start_highest_cdeg <= allowed.highest_cdeg:
        found.append("The first visit's end lies between lowest and highest.")
    return found
