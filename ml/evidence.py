"""What a request says about the person now: all that the decision table asks for, worked out once."""

from dataclasses import dataclass
from statistics import median

from contract.machines import MachineKind, catalogue
from ml.belief.capacity import effort_cr10, expected_reps
from ml.belief.state import Belief
from ml.clinical.exclusions import for_person
from ml.clinical.table import BASELINE_RISE, BASELINE_SIGN, BASELINE_WINDOW_DAYS, Light, light
from ml.effort.features import flagged, reached_cdeg, reached_share
from ml.effort.model import Reserves
from ml.request import Request, SessionSummary, SetFacts

DAY_MS = 86_400_000
TIRING_ENDS = frozenset(("effort", "tempo"))
FREE_MODES = frozenset(("mobility", "isometric"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The request, what is believed after its facts, and the figures that rows of the table look at."""

    request: Request
    kind: MachineKind
    belief: Belief
    last: SetFacts | None  # the newest finished set of this side today
    pain_nrs: int | None  # the worst of today's answers
    light: Light
    last_light: Light  # of the last visit
    effort: float | None  # CR10 of the newest set
    rir: float | None
    reached_share: float | None
    reached_cdeg: int | None
    flagged_reps: int
    estimate: Reserves | None = None  # what the reps of the newest set tell by themselves

    @property
    def is_before_first_set(self) -> bool:
        """Tell whether nothing was done on this side today."""
        return self.last is None and not self.request.standing.peaks_cdeg

    def light_of(self, session: SessionSummary) -> Light:
        """Return the light of a past visit, by its worst answer."""
        return _light(self.request, _worst(session.pain_before, session.pain_set))


def gather(request: Request, belief: Belief, estimate: Reserves | None = None) -> Evidence:
    """Work out the evidence; the belief is the one after the facts of the request.

    `estimate` is the effort model's reading of the newest set, before any belief.
    """
    last = request.sets[-1] if request.sets else None
    work = None if last is None or last.applied.mode in FREE_MODES else last  # a test is no prescribed work
    pains = _pains(request)
    rir = None if last is None else rir_after(belief, last)
    return Evidence(
        request=request,
        kind=for_person(catalogue()[request.kind], request.person),
        belief=belief,
        last=last,
        pain_nrs=max(pains, default=None),
        light=_light(request, max(pains, default=None)),
        last_light=_light(request, _last_pain(request)),
        effort=None if last is None or rir is None else effort_cr10(last.end.reps, last.end.reps + rir),
        rir=rir,
        reached_share=None if work is None else reached_share(work),
        reached_cdeg=None if work is None else reached_cdeg(work.reps),
        flagged_reps=0 if work is None else flagged(work.reps),
        estimate=estimate,
    )


def rir_after(belief: Belief, facts: SetFacts) -> float | None:
    """Return the reps in reserve of a finished set by the belief that has learned from it."""
    if facts.applied.load_g == 0 or facts.end.reps == 0:
        return None
    if facts.answers.rir == "0":
        return 0.0  # the person's own word that nothing was left is never overruled upwards
    return max(expected_reps(belief, facts.applied)[0] - facts.end.reps, 0.0)


def is_tired_out(facts: SetFacts) -> bool:
    """Tell whether a set ended because no clean rep was left."""
    return facts.end.ended_by in TIRING_ENDS or facts.answers.rir == "0"


def must_baseline_be_signed(request: Request) -> bool:
    """Tell whether a therapist must sign before anything rises: B is high or up, and more than was signed."""
    person = request.person
    signed_nrs = person.baseline_signed_nrs
    if isinstance(signed_nrs, int) and person.baseline_nrs <= signed_nrs:
        return False
    return person.baseline_nrs > BASELINE_SIGN or has_baseline_risen(request, BASELINE_RISE)


def has_baseline_risen(request: Request, by_nrs: int) -> bool:
    """Tell whether B rose by so much within four weeks, from the pain before past visits."""
    since_ms = request.now_ms - BASELINE_WINDOW_DAYS * DAY_MS
    then = [s.pain_before for s in request.past if s.wall_ms >= since_ms and s.pain_before is not None][:3]
    return len(then) == 3 and request.person.baseline_nrs - median(then) >= by_nrs


def _light(request: Request, pain_nrs: int | None) -> Light:
    envelope = request.envelope
    return light(pain_nrs, request.person.baseline_nrs, envelope.pain_green_nrs, envelope.pain_amber_nrs)


def _pains(request: Request) -> list[int]:
    said = [request.today.pain_before, request.today.pain_set]
    said += [facts.answers.pain_set for facts in request.sets]
    return [pain for pain in said if pain is not None]


def _last_pain(request: Request) -> int | None:
    return _worst(request.past[-1].pain_before, request.past[-1].pain_set) if request.past else None


def _worst(*said: int | None) -> int | None:
    return max((pain for pain in said if pain is not None), default=None)
