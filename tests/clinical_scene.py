"""One scene of the decision table: a person in the middle of training, changed by what a row needs."""

from dataclasses import replace
from math import exp, log
from typing import Any

from contract.envelope import Standing
from contract.messages import History
from ml.belief.capacity import effective_kg
from ml.belief.kalman import Gaussian
from ml.belief.priors import prior
from ml.belief.state import CAPACITY, SLOPE, to_json
from ml.effort.model import RULE_NAME
from ml.request import Answers, Dose, Request, SessionSummary

Scenario = tuple[str, Request]
FACTS = ("done", "ended_by", "rep_changes", "partial_reps")


class Scenes:
    """Requests by name: a person in the middle of training, changed by what a row of the table needs."""

    def __init__(self, build: Any) -> None:
        self.build = build  # the builders of the model's tests
        self.calm = Answers(pain_before=2, morning_nrs=2, morning_asked=True)
        self.low_limits = self.build.envelope(pain_green_nrs=3, pain_amber_nrs=5)
        self.first: dict[str, Any] = {
            "past": (), "visit": 1, "session_number": 1, "days_away": None, "ceiling_g": 20_000,
            "standing": Standing(history=History()), "flags": ("calibrating",),
        }  # fmt: skip

    def after_set(self, name: str, **changes: Any) -> Scenario:
        """Ask after one finished set."""
        answers = changes.pop("answers", Answers(pain_set=2, rir="many"))
        current = changes.pop("current", self.build.dose())
        facts = {key: changes.pop(key) for key in list(changes) if key in FACTS}
        sets = (self.build.finished(current, answers, **facts),)
        return name, self.build.request(current=current, sets=sets, model=RULE_NAME, **changes)

    def after_two(self, name: str, **facts: Any) -> Scenario:
        """Ask after two sets that went the same way."""
        answers = facts.pop("answers", Answers(pain_set=2, rir="many"))
        sets = tuple(self.build.finished(self.build.dose(set=number), answers, **facts) for number in (1, 2))
        return name, self.build.request(current=sets[1].applied, sets=sets, model=RULE_NAME)

    def at_plan(self, name: str, **changes: Any) -> Scenario:
        """Ask for a whole session."""
        history = self.build.request().standing.history
        plain = {
            "occasion": "plan", "current": None, "sets": (), "next_set": 1, "today": self.calm,
            "standing": Standing(history=history),
        }  # fmt: skip
        return name, self.build.request(model=RULE_NAME, **{**plain, **changes})

    def at_door(self, name: str, **changes: Any) -> Scenario:
        """Ask with today's answers, before the first set."""
        return self.at_plan(name, **{"occasion": "answer", **changes})

    def standing(self, load_g: int, span_cdeg: tuple[int, int]) -> Standing:
        """Where a side stands after a set at that load and range."""
        end = span_cdeg[1]
        return Standing(
            history=History(median3_g=load_g, peak_cdeg=end, last_regular_g=load_g),
            accepted_g=load_g,
            day_start_g=load_g,
            range_cdeg=span_cdeg,
            peaks_cdeg=(end,) * 5,
        )

    def heavy(self, **changes: Any) -> dict[str, Any]:
        """A set of 20 kg: its effort is on the target of the phase, and the next set's still will be."""
        current = self.build.dose(load_g=20_000, **changes)
        return {
            "current": current,
            "standing": self.standing(20_000, (current.start_cdeg, current.end_cdeg)),
            "envelope": self.build.envelope(phase_cap_g=40_000),
            "past": tuple(self.build.summary(days, load_g=20_000) for days in (11, 7, 4)),
            "belief": self.known(current, possible=44.0),
        }

    def known(self, dose: Dose, possible: float) -> dict[str, Any]:
        """A belief, after some weeks, that so many reps of a dose are possible."""
        believed = prior(self.build.person(), "lumbar_extension", "both")
        mean = list(believed.state.mean)
        mean[CAPACITY] = log(effective_kg(believed.kind, dose) * (1.0 + exp(mean[SLOPE]) * possible))
        covariance = tuple(tuple(0.1 * value for value in row) for row in believed.state.covariance)
        weeks_ms = self.build.now_ms - 4 * self.build.day_ms
        state = Gaussian(tuple(mean), covariance)
        return to_json(replace(believed, state=state, sessions=9, trained=9, updated_ms=weeks_ms))

    def easy_visits(self, count: int) -> tuple[SessionSummary, ...]:
        """Visits at a first load that was far from hard."""
        dose = {"load_g": 2_400, "start_cdeg": 2_300, "end_cdeg": 4_700, "reps": 10, "work_ms": 0}
        said = {"effort_cr10": 1.0, "pain_before": 5, "pain_set": 5, "morning_nrs": 5}
        days = [3.5 * number for number in range(count, 0, -1)]
        return tuple(self.build.summary(one, **dose, **said) for one in days)

    def last(self, **changes: Any) -> tuple[SessionSummary, ...]:
        """Two past sessions; the last one is changed."""
        return self.build.summary(7), self.build.summary(4, **changes)
