"""What a viewer of limits has before them: a change stands on the version that was seen."""

from dataclasses import dataclass, replace

from dashboard.api.limits import Basis, LimitsVersion
from dashboard.api.people import Patient
from dashboard.screen import Screen


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Whose limits on which kind of machine, every version newest first, and whether the viewer may sign.

    `shown`: the version that stood on the screen when the viewer clicked.
    """

    screen: Screen
    patient: Patient
    kind: str
    versions: tuple[LimitsVersion, ...]
    shown: int
    is_proven: bool = False

    @property
    def basis(self) -> Basis:
        """Name the version that a change stands on."""
        newest = self.versions[0].version if self.versions else 0
        return Basis(patient=self.patient.id, kind=self.kind, version=newest)

    @property
    def clicked(self) -> Basis:
        """Name the version that a click is about: not one that came between the screen and the click."""
        return replace(self.basis, version=self.shown)
