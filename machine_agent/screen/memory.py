"""What the screen remembers of a session beside the view: the last rep, the last set, the tries of a test."""

from dataclasses import dataclass, field

from contract.messages import Rep, SetEnd, TestResult
from machine_agent.agent.view import View
from machine_agent.screen.cue import Cue, after_rep


@dataclass(frozen=True, slots=True, kw_only=True)
class LastSet:
    """How the last set of this session ended."""

    set: int
    reps: int
    partial_reps: int
    ended_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One try of a test: degrees of travel (mobility) or newton metres held for 3 s (isometric)."""

    attempt: int
    reached: float


@dataclass(slots=True, kw_only=True)
class Memory:
    """Forgotten as soon as another session, or none, is in the view."""

    session: str | None = None
    set: int = 0
    correction: Cue | None = None
    last_set: LastSet | None = None
    tries: list[Try] = field(default_factory=list)

    def see(self, view: View) -> None:
        """Forget the last person; forget the correction of the last set."""
        if view.session != self.session:
            self.session, self.last_set = view.session, None
            self._begin_set(view.set)
        elif view.set != self.set or view.awaits == "loading":
            self._begin_set(view.set)

    def _begin_set(self, number: int) -> None:
        self.set, self.correction = number, None
        self.tries.clear()

    def keep(self, body: object, view: View | None) -> None:
        """Keep what a row on disk says about the running session."""
        if view is None or view.session is None:
            return  # nobody is here: the row is of who has just left
        match body:
            case Rep() if view.row is not None and body.set == view.row.set:
                self.correction = after_rep(body, view.row)
            case SetEnd():
                self.last_set = LastSet(
                    set=body.set, reps=body.reps, partial_reps=body.partial_reps, ended_by=body.ended_by
                )
            case TestResult():
                reached = body.mean_3s_nm if body.mode == "isometric" else body.range_deg
                self.tries.append(Try(attempt=body.attempt, reached=round(reached, 1)))
            case _:
                return
