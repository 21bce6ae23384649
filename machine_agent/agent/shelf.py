"""Where the kept plans of all persons stand, sealed; nobody's is open before that person has signed in."""

from collections.abc import Iterable

from machine_agent.agent.effects import KeepPlan
from machine_agent.agent.kept import KEPT_MS, Kept, last_loads, sealed, unsealed
from machine_agent.agent.session import Session


class Shelf:
    """The sealed plans by subject, newest only: (subject, studio time at which it came, sealed)."""

    def __init__(self, plans: Iterable[tuple[str, int, bytes]] = ()) -> None:
        self._plans = {subject: (kept_ms, content) for subject, kept_ms, content in plans}

    def find(self, subject: str, key: bytes, wall_ms: int) -> tuple[int, Kept] | None:
        """Open what is kept for a person, with its time; None when there is nothing, or it is too old.

        A plan from the future is too old as well: one of the two times is wrong.
        """
        kept_ms, content = self._plans.get(subject, (0, b""))
        if not content or not 0 <= wall_ms - kept_ms <= KEPT_MS:
            return None
        found = unsealed(content, key, subject, kept_ms)
        return None if found is None else (kept_ms, found)

    def keep(self, session: Session) -> KeepPlan | None:
        """Keep the plan in force with the loads of now; None without a plan, or without a change.

        An offline session keeps its plan as it came, and none that was forgotten meanwhile. A load of 0 lasts
        until the service sends a plan: that is how a clinician clears it.
        """
        plan = session.plan
        if session.offline:
            plan = session.kept.plan if session.kept else None
        if plan is None:
            return None
        past = session.kept.last_g if session.kept else {}
        before = {side: load_g for side, load_g in past.items() if load_g > 0 or session.offline}
        now = [(side, one.standing.accepted_g, one.cap.load_g) for side, one in session.sides.items()]
        kept = Kept(plan=plan, last_g=before | last_loads(now, before, plan))
        subject = session.visit.subject
        content = sealed(kept, session.key, subject, session.kept_ms)
        if self._plans.get(subject) == (session.kept_ms, content):
            return None
        return self._put(subject, session.kept_ms, content)

    def forget(self, subject: str) -> KeepPlan | None:
        """Forget the plan of a person whom the service does not know; None when nothing is kept."""
        return self._put(subject, 0, b"") if subject in self._plans else None

    def _put(self, subject: str, kept_ms: int, content: bytes) -> KeepPlan:
        self._plans[subject] = (kept_ms, content)
        return KeepPlan(subject=subject, kept_ms=kept_ms, sealed=content)
