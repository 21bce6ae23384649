"""The tab of what is prescribed; its parts ask the service one at a time."""

from dashboard.api.people import Patient
from dashboard.screen import Screen
from dashboard.views.parts import Part, open_part
from dashboard.views.prescribing import assessments, capacity, exercises, limits, phase, programme

PARTS: dict[str, Part] = {
    "Limits": limits.part,
    "Phase": phase.part,
    "Programme": programme.part,
    "Capacity": capacity.part,
    "Home exercises": exercises.part,
    "Tests": assessments.part,
}


def tab(screen: Screen, patient: Patient) -> None:
    """Show one part of what is prescribed for a person."""
    open_part("prescribing", PARTS, screen, patient)
