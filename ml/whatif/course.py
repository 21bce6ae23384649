"""A what-if that goes on: each set starts from what the other policy gave before, not from what was lifted.

SIMULATED: the person answers every dose as the belief of that moment expects it: reps possible by
n(w, A), the set ends at them, what is said is what is left. Pain, mornings, absences and everything else stay
as they really were, although another dose might have changed them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from contract.envelope import Standing
from contract.machines import CDEG, LOAD_STEP_G, catalogue
from contract.messages import EndedBy, Rep, SetEnd
from ml.adjust import adjust
from ml.belief.capacity import effort_cr10, reps_in_time, reserve
from ml.belief.state import Belief, from_json
from ml.effort.features import SetFeatures
from ml.effort.model import EffortModel, Reserves
from ml.request import Answers, Dose, Raised, Request, SetFacts
from ml.runner import effort_for
from ml.whatif.change import Change, changed
from ml.whatif.compare import at_hand
from ml.whatif.steps import DoneSet, Step, step
from ml.whatif.totals import Comparison, summed

WORDS: Final = ((1.0, "0"), (3.0, "1-2"), (6.0, "3-5"))  # reps left below -> the word for it; above: many
LIGHT: Final = Reserves(10.0, 6.0, 20.0, at_least=True)  # of a warm-up, which stays as it really was
BAND_REPS = 1.0  # half the band of an expected reserve: what speed tells at best (design page 5: SD .7)
SETTING = "00000000-0000-4000-8000-000000000000"
LOADS_OF_MEDIAN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """An effort model that reads what the simulation has put in: the expected reserves, in order."""

    name: str
    expected: tuple[Reserves, ...]

    def estimate(self, rows: Sequence[SetFeatures]) -> list[Reserves]:
        return list(self.expected[: len(rows)])


@dataclass(slots=True, kw_only=True)
class _Side:
    """One side on one machine kind, as the other policy has led it so far."""

    session: str = ""
    visit: int = 0
    opened_ms: int = 0
    facts: list[SetFacts] = field(default_factory=list)  # of this session
    reserves: list[Reserves] = field(default_factory=list)
    raised: Raised | None = None
    past: dict[int, dict[str, Any]] = field(default_factory=dict)  # by the session's beginning
    loads_g: list[int] = field(default_factory=list)  # of past sessions, oldest first
    day_start_g: int = 0  # first load of an earlier session of the same visit


def simulate(done: Sequence[DoneSet], change: Change, models: Callable[[], EffortModel]) -> Comparison:
    """Lead the whole history, set by set, under the change; `done` in the order of time."""
    kept, left_out = at_hand(done, models)
    sides: dict[tuple[str, str], _Side] = {}
    steps = []
    for one in kept:
        side = sides.setdefault((one.request.kind, one.request.side), _Side())
        effort = effort_for(one.request.model, models)
        if effort is not None:
            steps.append(_advance(side, one, change, effort))
    return summed(steps, change, left_out, simulated=True)


def _advance(side: _Side, done: DoneSet, change: Change, effort: EffortModel) -> Step:
    if side.session != done.session:
        _open(side, done)
    asked = _as_led(changed(done.request, change), side)
    warm_ups = len(asked.sets) - len(side.facts)
    expected = (*(LIGHT for _ in range(warm_ups)), *side.reserves)
    decision = adjust(asked, _Reading(name=effort.name, expected=expected))
    again = adjust(done.request, effort)
    found = step(done, again, decision)
    belief = from_json(again.belief)
    if found.other is not None and belief is not None:
        _do(side, found.other.dose, belief, done)
        side.raised = side.raised or decision.raised
    return found


def _open(side: _Side, done: DoneSet) -> None:
    """Begin the next session; what the last one did becomes its past."""
    first_g = side.facts[0].applied.load_g if side.facts else side.day_start_g
    if side.facts:
        last = side.facts[-1]
        dose = last.applied
        side.past[side.opened_ms] = {
            "load_g": dose.load_g,
            "start_cdeg": dose.start_cdeg,
            "end_cdeg": dose.end_cdeg,
            "reps": dose.reps,
            "work_ms": dose.work_ms,
            "effort_cr10": effort_cr10(last.end.reps, last.end.reps + side.reserves[-1].rir),
            "raised": side.raised,
            "ended_by": last.end.ended_by,
        }
        side.loads_g.append(dose.load_g)
    side.day_start_g = first_g if side.visit == done.request.visit else 0
    side.session, side.opened_ms, side.visit = done.session, done.opened_ms, done.request.visit
    side.facts, side.reserves, side.raised = [], [], None


def _as_led(request: Request, side: _Side) -> Request:
    """Return the question as it would have been put, had everything before gone as simulated."""
    warm_ups = tuple(one for one in request.sets if one.applied.mode != "train")
    last = side.facts[-1].applied if side.facts else None
    current = request.current
    if current is not None and last is not None and current.mode == "train":
        current = replace(last, set=current.set)
    past = tuple(replace(one, **side.past.get(one.wall_ms, {})) for one in request.past)
    return replace(
        request,
        current=current,
        sets=(*warm_ups, *side.facts),
        past=past,
        raised_today=side.raised,
        standing=_standing(request.standing, side),
    )


def _standing(real: Standing, side: _Side) -> Standing:
    """Tell the limits' reference points; a side starts the simulation from where it really stood."""
    history = real.history
    if side.loads_g:
        newest = sorted(side.loads_g[-LOADS_OF_MEDIAN:])
        history = replace(
            history,
            day_start_g=side.day_start_g if history.day_start_g else 0,
            median3_g=newest[(len(newest) - 1) // 2],
            last_regular_g=side.loads_g[-1],
            peak_cdeg=max(int(list(side.past.values())[-1]["end_cdeg"]), 0),
        )
    if not side.facts:
        return replace(real, history=history)
    first = side.facts[0].applied
    return replace(
        real,
        history=history,
        accepted_g=side.facts[-1].applied.load_g,
        day_start_g=history.day_start_g or first.load_g,
        range_cdeg=(first.start_cdeg, first.end_cdeg),
        peaks_cdeg=tuple(one.applied.end_cdeg for one in side.facts for _ in one.reps),
    )


def _do(side: _Side, dose: Dose, belief: Belief, done: DoneSet) -> None:
    """Let the person do the set as the belief expects it."""
    asked, possible = reps_in_time(dose), reserve(belief, dose).reps
    reps = max(min(asked, int(possible)), 1)
    left = max(possible - reps, 0.0)
    ended_by: EndedBy = "target" if reps >= asked else "effort"
    end = SetEnd(
        set=dose.set,
        side=dose.side,
        setting=SETTING,
        reps=reps,
        partial_reps=0,
        ended_by=ended_by,
        duration_s=reps * sum(dose.tempo_ms) / 1_000,
    )
    word = next((word for below, word in WORDS if left < below), "many")
    answers = Answers(pain_set=done.pain_set, rir=word)
    made = tuple(_rep(number, dose, done.request.kind) for number in range(1, reps + 1))
    side.facts.append(SetFacts(applied=dose, reps=made, end=end, answers=answers))
    side.reserves.append(Reserves(left, max(left - BAND_REPS, 0.0), left + BAND_REPS))


def _rep(number: int, dose: Dose, kind: str) -> Rep:
    """Make a clean rep exactly as prescribed."""
    out_s, hold_s, back_s = (part / 1_000 for part in dose.tempo_ms)
    span_deg = (dose.end_cdeg - dose.start_cdeg) / CDEG
    torque_nm = catalogue()[kind].torque_nm(max(dose.load_g, LOAD_STEP_G) / 1_000)
    return Rep(
        set=dose.set,
        rep=number,
        side=dose.side,
        setting=SETTING,
        load_g=dose.load_g,
        start_deg=dose.start_cdeg / CDEG,
        end_deg=dose.end_cdeg / CDEG,
        concentric_s=out_s,
        hold_s=hold_s,
        eccentric_s=back_s,
        peak_torque_nm=torque_nm,
        mean_torque_nm=torque_nm,
        work_j=torque_nm * span_deg * 0.01745,
        peak_speed_deg_s=1.5 * span_deg / max(out_s, 0.1),
        mean_speed_deg_s=span_deg / max(out_s, 0.1),
        smoothness=-1.6,
        quality=("paced",),
    )
