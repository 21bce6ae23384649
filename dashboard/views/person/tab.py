"""The tab of the person; its parts ask the service one at a time."""

from dashboard.api.people import Patient
from dashboard.screen import Screen
from dashboard.views.parts import Part, open_part
from dashboard.views.person import cards, particulars, seating, staying

PARTS: dict[str, Part] = {
    "Badge and PIN": cards.part,
    "Particulars": particulars.part,
    "Seat and pads": seating.part,
    "Site and archive": staying.part,
}


def tab(screen: Screen, patient: Patient) -> None:
    """Show one part of who a person is to the studio."""
    open_part("person", PARTS, screen, patient)
