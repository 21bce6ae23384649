"""What one machine showed, in the order in which it did: evidence for and against an expected reaction."""

from dataclasses import dataclass, field

from contract.messages import Event, Message, Receipt, Rep, SetEnd, SignIn, SignOut
from machine_agent.agent import View

UNCOUNTED_MOST = 1  # the agent's detector and the body may differ by the rep that is just being finished


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Something seen at a moment (body s of the machine; infinite: when all was over)."""

    at_s: float
    what: str


@dataclass(slots=True)
class Witness:
    """Looks at every row and every view of one machine."""

    seen: list[Sighting] = field(default_factory=list)
    _state: str = "boot"
    _codes: tuple[str, ...] = ()
    _boot: str = ""
    _is_loaded: bool = False

    def note(self, what: str, at_s: float) -> None:
        """Write something down."""
        self.seen.append(Sighting(at_s=round(at_s, 2), what=what))

    def row(self, message: Message, body_reps: int | None, at_s: float) -> None:
        """See a row that is on disk; `body_reps`: how many the person has done in this set."""
        if self._boot and message.head.boot != self._boot:
            self.note("booted again", at_s)
        self._boot = message.head.boot
        body = message.body
        match body:
            case Event():
                self.note(f"event {body.what}: {body.detail}", at_s)
            case SetEnd():
                self.note(f"set_end {body.ended_by}{_counted(body, body_reps)}", at_s)
            case Receipt() if body.result == "refused":
                self.note(f"refused {body.reason}", at_s)
            case Rep():
                self.note("rep", at_s)
            case SignIn():
                self.note("signed in", at_s)
            case SignOut():
                self.note("signed out", at_s)
            case _:
                pass

    def view(self, view: View, drive_load_g: float, at_s: float) -> None:
        """See the screen, and what the motor really does."""
        if view.state.value != self._state:
            self._state = view.state.value
            self.note(f"state {self._state}", at_s)
        for code in view.codes:
            if code not in self._codes:
                self.note(f"code {code}", at_s)
        self._codes = view.codes
        is_loaded = drive_load_g >= 1
        if self._is_loaded and not is_loaded:
            self.note("drive at 0", at_s)
        self._is_loaded = is_loaded


def _counted(end: SetEnd, body_reps: int | None) -> str:
    """Say whether the machine counted as many reps as the person did."""
    counted = end.reps + end.partial_reps
    if body_reps is None:
        return ""
    if abs(counted - body_reps) <= UNCOUNTED_MOST:
        return ", counted as done"
    return f", {counted} reps counted and {body_reps} done"
