"""What a side brings into a visit: summaries, caps of the guard, flags, ceiling, baseline; as in the service.

The rules are those of the service's coaching (which a trial may not import); page 4 invariants 2-3, page 8.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from contract.envelope import SESSION_PERCENT, Standing
from contract.machines import CDEG, G, MachineKind
from contract.messages import Flag, History, Profile, Side
from ml.belief import priors
from ml.decision import Decision
from ml.request import Answers, Raised, SessionSummary, SetFacts
from ml.request import Person as Described

CALIBRATING_SESSIONS = 4  # on a kind of machine (safety page, invariant 3)
AWAY_DAYS = 15.0  # from here on nothing rises (page 8)
BASELINE_VISITS, BASELINE_MOST = 3, 6  # B (page 8)
STUDIO_CEILING = 0.6  # of the prior's mean capacity while calibrating (design page 5)
PEAKS = 3  # the last achieved ends whose median is what a side has shown (invariant 2)
CUT_SHORT = frozenset(("pain", "unwell", "fault", "power", "staff"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The sessions of one side so far, and what the guard remembers of them."""

    sessions: tuple[SessionSummary, ...] = ()
    pains: tuple[int, ...] = ()
    history: History = field(default_factory=History)
    last_day: int | None = None
    was_regular: bool = True

    def baseline_nrs(self, today_nrs: int) -> int:
        """Return B: the median pain before the last three visits, at the first today's; at most 6."""
        return min(round(median(self.pains[-BASELINE_VISITS:] or (today_nrs,))), BASELINE_MOST)

    def days_away(self, day: int) -> float | None:
        """Return the days since the last session."""
        return None if self.last_day is None else float(day - self.last_day)

    def flags(self, day: int) -> tuple[Flag, ...]:
        """Say what holds for a session before anything is answered."""
        found: list[Flag] = ["calibrating"] if len(self.sessions) < CALIBRATING_SESSIONS else []
        is_back = (self.days_away(day) or 0.0) >= AWAY_DAYS
        found += ["no_increase"] if is_back else []
        found += ["returning"] if self.sessions and (is_back or not self.was_regular) else []
        return tuple(found)

    def ceiling_g(self, who: Described, kind: MachineKind, side: Side, profile: Profile) -> int:
        """Return the most (g) that a calibrating session may use."""
        if profile == "rehab":
            first = priors.first_visit_most_g(who, kind)
        else:
            first = int(priors.prior(who, kind.name, side).capacity_quantile_kg(0.0) * STUDIO_CEILING * G)
        usual_g = self.history.last_regular_g * (100 + SESSION_PERCENT) // 100
        return min(max(first, usual_g), kind.max_load_g)

    def untrained(self, day: int, wall_ms: int, today: Answers) -> "Past":
        """Take in a visit with nothing to lift (red pain, spasm): it stays as a session at a load of 0."""
        said = {"pain_before": today.pain_before, "pain_set": None, "morning_nrs": today.morning_nrs}
        empty = [
            replace(last, wall_ms=wall_ms, load_g=0, effort_cr10=None, raised=None, ended_by="pain", **said)  # type: ignore[arg-type]
            for last in self.sessions[-1:]
        ]
        pains = self.pains if today.pain_before is None else (*self.pains, today.pain_before)
        return replace(
            self, sessions=(*self.sessions, *empty), pains=pains, last_day=day, was_regular=not empty
        )

    def tested(self, day: int, today: Answers) -> "Past":
        """Take in a visit of strength tests alone: a visit, and no session of training."""
        pains = self.pains if today.pain_before is None else (*self.pains, today.pain_before)
        return replace(self, pains=pains, last_day=day)

    def trained(
        self, day: int, wall_ms: int, today: Answers, done: Sequence[SetFacts], decision: Decision
    ) -> "Past":
        """Take in a session with at least one set."""
        sets = [facts for facts in done if facts.applied.mode == "train"] or list(done)
        summary = self._summary(wall_ms, today, sets, decision)
        is_regular = summary.ended_by not in CUT_SHORT and not today.spasm and not _had_pain(done)
        sessions = (*self.sessions, summary)
        loads = sorted(one.load_g for one in sessions[-3:])
        peak = _peak_cdeg(done) or self.history.peak_cdeg
        history = History(
            median3_g=loads[(len(loads) - 1) // 2],
            peak_cdeg=peak,
            last_regular_g=summary.load_g if is_regular else self.history.last_regular_g,
            peak_regular_cdeg=peak if is_regular else self.history.peak_regular_cdeg,
        )
        pains = self.pains if today.pain_before is None else (*self.pains, today.pain_before)
        return Past(sessions=sessions, pains=pains, history=history, last_day=day, was_regular=is_regular)

    def _summary(
        self, wall_ms: int, today: Answers, sets: Sequence[SetFacts], decision: Decision
    ) -> SessionSummary:
        last = sets[-1].applied
        pains = [facts.answers.pain_set for facts in sets if facts.answers.pain_set is not None]
        return SessionSummary(
            wall_ms=wall_ms,
            visit=len(self.pains) + 1,
            load_g=last.load_g,
            start_cdeg=last.start_cdeg,
            end_cdeg=last.end_cdeg,
            reps=last.reps,
            work_ms=last.work_ms,
            effort_cr10=decision.estimate.effort_cr10,
            pain_before=today.pain_before,
            pain_set=max(pains, default=None),
            morning_nrs=today.morning_nrs,
            raised=_raised(self.sessions, sets[-1]),
            ended_by=sets[-1].end.ended_by,
        )


def standing(history: History, done: Sequence[SetFacts]) -> Standing:
    """Tell where a side stands in its session, as the guard of the machine sees it."""
    work = [facts.applied for facts in done if facts.applied.mode == "train"]
    return Standing(
        history=history,
        accepted_g=work[-1].load_g if work else None,
        day_start_g=work[0].load_g if work else 0,
        range_cdeg=(work[0].start_cdeg, work[0].end_cdeg) if work else None,
        peaks_cdeg=tuple(int(rep.end_deg * CDEG) for facts in _moved(done) for rep in facts.reps),
    )


def _peak_cdeg(done: Sequence[SetFacts]) -> int:
    reps = [rep for facts in _moved(done) for rep in facts.reps]
    ends = sorted(int(rep.end_deg * CDEG) for rep in reps[-PEAKS:])
    return max(ends[len(ends) // 2], 0) if ends else 0


def _moved(done: Sequence[SetFacts]) -> list[SetFacts]:
    """Leave out strength tests: against a locked arm nobody shows a range."""
    return [facts for facts in done if facts.applied.mode != "isometric"]


def _had_pain(done: Sequence[SetFacts]) -> bool:
    return any(facts.end.ended_by == "pain" for facts in done)


def _raised(past: Sequence[SessionSummary], newest: SetFacts) -> Raised | None:
    """Name the one thing that this session raised over the one before."""
    if not past:
        return None
    before, last = past[-1], newest.applied
    if last.load_g > before.load_g:
        return "load"
    if last.end_cdeg - last.start_cdeg > before.end_cdeg - before.start_cdeg:
        return "range"
    return "time" if last.reps > before.reps or last.work_ms > before.work_ms else None
