"""Faults at their moment: when somebody lifts, at the second or after the rep that was wished for."""

from collections.abc import Callable, Mapping, Sequence

from contract.machines import CDEG
from emulator.faults.registry import FAULTS, FaultName
from emulator.faults.sensors import SENSORS, Fault, SensorFault
from emulator.faults.verdict import Planted, is_settled
from emulator.faults.wishes import Wish
from emulator.faults.witness import Witness
from emulator.machines.driver import EmulatedDriver
from emulator.people.lifter import Lifter
from machine_agent.agent import View
from machine_agent.clock import Now
from machine_agent.inputs import PatientInput, Press

FALL_DEG_S = 80.0  # deg/s; above every signed speed, below what a sensor may not say
HIGH_SHARE = 0.6  # of the way out, from where there is a way to fall
BUTTONS: Mapping[str, Press] = {"pain": Press(button="pain"), "stop": Press(button="stop")}
FALLS_DEG_S: Mapping[str, float] = {"stall": 0.0, "slip": FALL_DEG_S}
BETWEEN_PEOPLE: FaultName = "clock_skew"  # a whole session is to be judged; all others strike in a set
PATIENCE_S = 600.0  # body s that a reaction is waited for before the next fault strikes
MS = 1_000

Begin = Callable[[Wish], None]  # a fault of the link or of the computer: whoever runs the machine does it


class Planter:
    """The faults of one machine, one after the other; `planted`: what has struck, or waits for its moment."""

    def __init__(self, wishes: Sequence[Wish], driver: EmulatedDriver, witness: Witness) -> None:
        self._driver, self._witness = driver, witness
        self._wishes = list(wishes)
        self._struck: dict[int, float] = {}

    @property
    def planted(self) -> tuple[Planted, ...]:
        """Every wish, with when it struck."""
        return tuple(
            Planted(name=wish.name, machine=wish.machine, at_s=self._struck.get(place))
            for place, wish in enumerate(self._wishes)
        )

    @property
    def is_over(self) -> bool:
        """Tell whether every fault has struck, and the machine has shown all that it can show of it."""
        return all(self._is_settled(place) for place in range(len(self._wishes)))

    def look(self, view: View, now: Now, begin: Begin) -> list[PatientInput]:
        """Let the next fault strike when its moment is there; returns what is pressed."""
        place = len(self._struck)
        if place >= len(self._wishes) or (
            place and not is_settled(self.planted[place - 1], self._witness.seen)
        ):
            return []
        wish = self._wishes[place]
        if not self._is_due(wish, view, now):
            return []
        self._struck[place] = round(now.body_ms / MS, 2)
        return self._strike(wish, now, begin)

    def _is_settled(self, place: int) -> bool:
        return place < 0 or is_settled(self.planted[place], self._witness.seen)

    def _is_past(self, place: int, now: Now) -> bool:
        return now.body_ms > (self._struck.get(place, 0.0) + PATIENCE_S) * MS

    def _is_due(self, wish: Wish, view: View, now: Now) -> bool:
        lifter = self._driver.lifter
        if FAULTS[wish.name].layer == "person":
            return lifter is not None and self._is_far_out(view, wish.name) and lifter.reps >= wish.from_at
        if now.body_ms < wish.from_at * MS:
            return False
        if wish.name == BETWEEN_PEOPLE:
            return view.awaits == "identify"
        if lifter is None or lifter.reps == 0:
            return False
        return self._is_lifting(view) if FAULTS[wish.name].layer == "sensor" else view.awaits == "set"

    def _is_lifting(self, view: View) -> bool:
        is_work = view.row is not None and view.row.mode == "train"
        return view.awaits == "set" and is_work and self._driver.machine.drive_load_g > 0

    def _is_far_out(self, view: View, name: FaultName) -> bool:
        """Tell whether there is a way to fall, for the faults that need one."""
        row = view.row
        if row is None or not self._is_lifting(view) or name not in FALLS_DEG_S:
            return self._is_lifting(view)
        wanted_deg = row.start_cdeg + HIGH_SHARE * (row.end_cdeg - row.start_cdeg)
        return self._driver.machine.deg * CDEG >= wanted_deg

    def _strike(self, wish: Wish, now: Now, begin: Begin) -> list[PatientInput]:
        sensor = _sensor(wish.name)
        lifter: Lifter | None = self._driver.lifter
        if sensor is not None:
            until_ms = now.body_ms + round(wish.seconds * MS)
            here_deg = self._driver.machine.deg
            self._driver.faults.append(
                Fault(name=sensor, from_ms=now.body_ms, until_ms=until_ms, deg=here_deg)
            )
        elif wish.name in BUTTONS:
            return [BUTTONS[wish.name]]
        elif wish.name in FALLS_DEG_S and lifter is not None:
            lifter.slip(FALLS_DEG_S[wish.name])
        else:
            begin(wish)
        return []


def _sensor(name: FaultName) -> SensorFault | None:
    return next((one for one in SENSORS if one == name), None)
