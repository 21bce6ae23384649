"""One person's turn at a machine: the body sits down, goes to the start, lifts while the set runs, stops."""

from contract.machines import CDEG, G
from contract.messages import Side
from emulator.machines.driver import EmulatedDriver
from emulator.people.answers import AfterSet
from emulator.people.bodies import Seated
from emulator.people.condition import Session
from emulator.people.lifter import Lifter, Task
from emulator.people.members import Member
from machine_agent.agent import Row, View
from machine_agent.clock import Now

AT_START_DEG = 1.5  # deg from the start angle at which a set is begun; design


class Turn:
    """The body of one member in an emulated driver, and what its sets were like; decides nothing.

    Somebody who `looks` at the corridor makes up for being late or early with each rep.
    """

    def __init__(self, member: Member, driver: EmulatedDriver, seed: int, *, looks: bool = False) -> None:
        self.member = member
        self.identified = False
        self.lifters: dict[Side, Lifter] = {}
        self.rir: list[float] = []
        self.lifting: Row | None = None
        self.felt = AfterSet(rir="many", pain=0)
        self._pushing = False
        self._driver, self._seed, self._looks = driver, seed, looks
        self._kind = driver.machine.kind
        self._began_ms = 0
        self._left_ms: dict[Side, int] = {}
        self._load_kg: list[float] = []
        self._beyond: list[float] = []
        self._pain: list[float] = []

    def session(self, kind: str) -> Session | None:
        """Sum the turn up for the body's memory; None without a work set."""
        if not self.rir:
            return None
        return Session(
            kind=kind,
            rir=min(self.rir),
            load_kg=max(self._load_kg),
            beyond_share=max(self._beyond),
            pain_nrs=max(self._pain),
        )

    def follow(self, view: View, now: Now) -> None:
        """Let the body do what the screen shows: sit down, lift, stop."""
        row = view.row
        if row is not None and view.awaits not in ("identify", "plan"):
            self._sit(row.side, now)
        lifter = self._driver.lifter
        if lifter is None:
            return
        if view.awaits == "set" and self.lifting is None and row is not None:
            self.lifting = row
            if row.mode != "isometric":
                lifter.lift(_task(row))
            self._began_ms = now.body_ms
        elif view.awaits == "set" and self._looks and row is not None:
            lifter.late_s = _late_s(row, now.body_ms - self._began_ms)
        elif view.awaits not in ("set", "loading") and self.lifting is not None:
            self._finish(lifter, self.lifting)
            self.lifting = None
        self._push(lifter, view)

    def _push(self, lifter: Lifter, view: View) -> None:
        """Push when the screen says so, and let go when it says so."""
        is_asked = view.attempt is not None and view.attempt.stage in ("push", "build", "hold")
        if is_asked and not self._pushing:
            lifter.push()
        elif self._pushing and not is_asked:
            lifter.stop()
        self._pushing = is_asked

    def is_at_start(self, row: Row) -> bool:
        """Tell whether the body waits at the start angle; else it goes there."""
        lifter, start_deg = self._driver.lifter, row.start_cdeg / CDEG
        if lifter is None:
            return False
        if abs(lifter.deg - start_deg) > AT_START_DEG:
            if lifter.is_still:
                lifter.approach(start_deg)
            return False
        return lifter.is_still

    def _sit(self, side: Side, now: Now) -> None:
        lifter = self.lifters.get(side)
        if lifter is None:
            member = self.member
            seated = Seated(person=member.person, condition=member.condition, kind=self._kind, side=side)
            lifter = self.lifters[side] = Lifter(seated, self._seed)
        if self._driver.lifter is lifter or self.lifting is not None:
            return
        other = next((one for one, body in self.lifters.items() if body is self._driver.lifter), None)
        if other is not None:
            self._left_ms[other] = now.body_ms
        lifter.rest((now.body_ms - self._left_ms.get(side, now.body_ms)) / 1_000)
        self._driver.seat(lifter)

    def _finish(self, lifter: Lifter, row: Row) -> None:
        self.felt = AfterSet(rir="0", pain=lifter.aches()) if row.mode == "isometric" else lifter.felt()
        if row.mode == "train":
            self.rir.append(lifter.reserve)
            self._load_kg.append(row.load_g / G)
            self._beyond.append(lifter.beyond_share(row.start_cdeg / CDEG, row.end_cdeg / CDEG))
            self._pain.append(lifter.pain_nrs)
        lifter.stop()


def _late_s(row: Row, elapsed_ms: int) -> float:
    """Tell how far the corridor is past the nearest beginning of a rep (negative: before it)."""
    cycle_ms = max(sum(row.tempo_ms), 1)
    return ((elapsed_ms + cycle_ms / 2) % cycle_ms - cycle_ms / 2) / 1_000


def _task(row: Row) -> Task:
    concentric, hold, eccentric = (ms / 1_000 for ms in row.tempo_ms)
    return Task(
        load_kg=row.load_g / G,
        start_deg=row.start_cdeg / CDEG,
        end_deg=row.end_cdeg / CDEG,
        reps=row.reps,
        tempo_s=(concentric, hold, eccentric),
    )
