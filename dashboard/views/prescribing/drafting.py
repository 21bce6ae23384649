"""From signed figures to what a form shows in the viewer's unit and clinical angles, and back. Pure."""

from dataclasses import dataclass, replace
from math import floor

from contract.machines import CDEG, LOAD_STEP_G, G, catalogue
from dashboard.api.limits import Figures, LimitsVersion, Window
from dashboard.format import KG_PER_LB, Formatter

CAPS = ("max_load_g", "phase_cap_g", "max_torque_nm", "max_speed_cdeg_s", "pain_green_nrs", "pain_amber_nrs")
ASKED = {  # CR10 effort and share of capacity that a phase asks for (clinical rules, "Phases")
    "calm": (2.0, 0.15),
    "restore": (3.0, 0.3),
    "build": (4.5, 0.45),
    "strengthen": (6.5, 0.8),
    "maintain": (6.0, 0.8),
}
PAIN_GREEN_NRS, PAIN_AMBER_NRS = 3, 5  # NRS, as the clinical rules propose them
EVEN_G = 0.5  # g; what a decimal fraction may miss of a whole step


@dataclass(frozen=True, slots=True, kw_only=True)
class Angles:
    """Angles of one side as clinicians read them (degrees), in the direction of the movement."""

    start_deg: float
    end_deg: float
    first_end_deg: float


def first_figures(kind: str) -> Figures:
    """Propose the first limits of a kind: no load, and the range of a first visit."""
    machine = catalogue()[kind]
    low, high = machine.first_visit_cdeg
    window = Window(lowest_cdeg=low, highest_cdeg=high, start_highest_cdeg=high)
    return Figures(
        max_load_g=0,
        phase_cap_g=0,
        max_torque_nm=0,
        max_speed_cdeg_s=machine.max_speed_cdeg_s,
        sides=dict.fromkeys(machine.sides, window),
        phase="calm",
        pain_green_nrs=PAIN_GREEN_NRS,
        pain_amber_nrs=PAIN_AMBER_NRS,
    )


def figures_of(version: LimitsVersion) -> Figures:
    """Read a version of the history in the units in which it was signed."""
    told = version.figures
    sides = [name.removesuffix("_lowest_deg") for name in told if name.endswith("_lowest_deg")]
    return Figures(
        max_load_g=_scaled(told["max_load_kg"], G),
        phase_cap_g=_scaled(told["phase_cap_kg"], G),
        max_torque_nm=_scaled(told["max_torque_nm"], 1),
        max_speed_cdeg_s=_scaled(told["max_speed_deg_s"], CDEG),
        sides={
            side: Window(
                lowest_cdeg=_scaled(told[f"{side}_lowest_deg"], CDEG),
                highest_cdeg=_scaled(told[f"{side}_highest_deg"], CDEG),
                start_highest_cdeg=_scaled(told[f"{side}_start_highest_deg"], CDEG),
            )
            for side in sides
        },
        phase=str(told["phase"]),
        pain_green_nrs=_scaled(told["pain_green_nrs"], 1),
        pain_amber_nrs=_scaled(told["pain_amber_nrs"], 1),
    )


def angles_of(window: Window, kind: str) -> Angles:
    """Turn travel into clinical angles."""
    machine = catalogue()[kind]
    return Angles(
        start_deg=machine.clinical_deg(window.lowest_cdeg / CDEG),
        end_deg=machine.clinical_deg(window.highest_cdeg / CDEG),
        first_end_deg=machine.clinical_deg(window.start_highest_cdeg / CDEG),
    )


def window_of(angles: Angles, kind: str) -> Window:
    """Turn clinical angles back into travel."""
    return Window(
        lowest_cdeg=_travel_cdeg(angles.start_deg, kind),
        highest_cdeg=_travel_cdeg(angles.end_deg, kind),
        start_highest_cdeg=_travel_cdeg(angles.first_end_deg, kind),
    )


def shown_load(load_g: int, show: Formatter) -> float:
    """Show a weight as the form does: one decimal, in the viewer's unit."""
    return round(show.load_value(load_g / G), 1)


def grams(entered: float, held_g: int, show: Formatter) -> int:
    """Read a weight; one that was left alone stays to the gram, another is rounded down to whole steps."""
    if entered == shown_load(held_g, show):
        return held_g
    entered_kg = entered if show.unit == "kg" else entered * KG_PER_LB
    return floor((entered_kg * G + EVEN_G) / LOAD_STEP_G) * LOAD_STEP_G


def holding(versions: tuple[LimitsVersion, ...]) -> LimitsVersion | None:
    """Find the newest version that was not withdrawn; new limits are compared with it."""
    return next((one for one in versions if not one.withdrawn), None)


def grown(before: Figures | None, after: Figures) -> tuple[str, ...]:
    """Name the fields in which limits allow more than before; the process that signs has the last word."""
    if before is None:
        return ()
    names = [name for name in CAPS if getattr(after, name) > getattr(before, name)]
    if any(asks > asked for asks, asked in zip(ASKED[after.phase], ASKED[before.phase], strict=True)):
        names.append("phase")
    for side, window in after.sides.items():
        held = before.sides.get(side)
        if held is None or _is_wider(held, window):
            names.append(f"sides.{side}")
    return tuple(names)


def with_side(figures: Figures, side: str, window: Window) -> Figures:
    """Put another window of one side into figures."""
    return replace(figures, sides=figures.sides | {side: window})


def _is_wider(before: Window, after: Window) -> bool:
    return (
        after.lowest_cdeg < before.lowest_cdeg
        or after.highest_cdeg > before.highest_cdeg
        or after.start_highest_cdeg > before.start_highest_cdeg
    )


def _travel_cdeg(clinical_deg: float, kind: str) -> int:
    machine = catalogue()[kind]
    return round((clinical_deg - machine.screen_zero_deg) * machine.screen_sign * CDEG)


def _scaled(value: float | str | None, scale: int) -> int:
    return round(float(value or 0) * scale)
