"""Today's circuit of a person: the stations in their order, what is done of them, and what follows. Pure."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

from contract.messages import NextStation

STATION_MINUTES: Final = 5  # product page: 25-40 minutes for up to six stations


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
    """The stations of one day, and the names of those that are done."""

    stations: tuple[NextStation, ...]
    done: AbstractSet[str]

    def has(self, name: str) -> bool:
        """Tell whether it is a station of today."""
        return any(one.name == name for one in self.stations)

    def after(
        self, name: str, is_closed: Callable[[NextStation], bool], instead: str | None = None
    ) -> NextStation | None:
        """Name the next station that is open and not done; None after the last.

        Machines that were passed over come at the end. `instead`: the station in the place of this one.
        """
        names = [one.name for one in self.stations]
        own = names.index(name) + 1 if name in names else 0
        first = names.index(instead) if instead in names else own
        passed = [one for one in self.stations[:first] if not one.guided and one.name != name]
        left = (one for one in (*self.stations[first:], *passed) if one.name not in self.done)
        return next((one for one in left if not is_closed(one)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuits:
    """For many people: the visits that are laid out (`stations`), and what they have done (`station`)."""

    booked: Sequence[Any] = ()
    done: Sequence[Any] = ()

    def of(self, person: Any, day: str) -> Circuit:
        """Put the circuit of a day together: as laid out for the visit, else the person's usual machines."""
        mine = [one.stations for one in self.booked if (one.patient_id, one.day) == (person.id, day)]
        usual = [{"station": kind, "guided": False, "minutes": STATION_MINUTES} for kind in person.stations]
        return Circuit(
            stations=tuple(map(_station, mine[0] if mine else usual)),
            done={one.station for one in self.done if (one.patient_id, one.day) == (person.id, day)},
        )


def _station(one: dict[str, Any]) -> NextStation:
    return NextStation(
        name=one["station"], kind=one["station"], minutes=one["minutes"], guided=int(one["guided"])
    )
