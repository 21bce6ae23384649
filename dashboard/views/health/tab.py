"""The tab of health; its parts ask the service one at a time."""

from dashboard.api.people import Patient
from dashboard.screen import Screen
from dashboard.views.health import consents, exclusions, pain, pressure, profile
from dashboard.views.parts import Part, open_part

PARTS: dict[str, Part] = {
    "Exclusions": exclusions.part,
    "Blood pressure": pressure.part,
    "Signed pain": pain.part,
    "Consent": consents.part,
    "Profile": profile.part,
}


def tab(screen: Screen, patient: Patient) -> None:
    """Show one part of a person's health."""
    open_part("health", PARTS, screen, patient)
