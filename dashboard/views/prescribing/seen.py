"""What a viewer of limits has before them: a change stands on the version that was seen."""

from dataclasses import dataclass

from dashboard.api.limits import Basis, LimitsVersion
from dashboard.api.people import Patient
from dashboard.screen import Screen


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Whose limits on which kind of machine, every version newest first, and whether the viewer may sign."""

    screen: Screen
    patient: Patient
    kind: str
    versions: tuple[LimitsVersion, ...]
    is_proven: bool = False

    @property
    def basis(self) -> Basis:
        """Name the version that a change stands on."""
        newest = self.versions[0].version if self.versions else 0
        return Basis(patient=self.patient.id, kind=self.kind, version=newest)
