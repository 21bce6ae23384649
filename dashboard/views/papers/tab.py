"""The tab of notes and questionnaires; its parts ask the service one at a time."""

from dashboard.api.people import Patient
from dashboard.screen import Screen
from dashboard.views.papers import notes, questionnaires
from dashboard.views.parts import Part, open_part

PARTS: dict[str, Part] = {"Notes": notes.part, "Questionnaires": questionnaires.part}


def tab(screen: Screen, patient: Patient) -> None:
    """Show one part of the papers about a person."""
    open_part("papers", PARTS, screen, patient)
