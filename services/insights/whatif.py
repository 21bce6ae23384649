"""What-if: a person's sets as they were, beside what another policy or other limits would have given."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields, replace
from typing import Final

from contract.machines import CDEG, G
from contract.messages import Phase
from ml.effort.model import EffortModel
from ml.policies import POLICIES
from ml.request import Dose, Request
from ml.runner import read_request
from ml.whatif import Change, Comparison, DoneSet, Given, OtherLimits, Step, Totals, compare, simulate
from services.insights.units import deg, kg, seconds
from services.store.reading.keyset import Record
from services.store.reading.whatif import Asked

AS_DECIDED = "as decided"
DAMAGED = "its logged question cannot be read"
ONE_STEP: Final = (
    "One step at a time: each dose was worked out from the same facts up to then, so every line starts from "
    "what was really done. How the body would have answered another dose, nobody knows."
)
SIMULATED: Final = (
    "SIMULATED: the other side goes on from its own doses, and the person answers each as the belief of that "
    "moment expects. Pain, mornings and absences stay as they really were."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedLimits:
    """Limits to try in the units that people write (kg, deg of travel, NRS); None stays as signed."""

    max_load_kg: float | None = None
    phase: Phase | None = None
    phase_cap_kg: float | None = None
    lowest_deg: float | None = None
    highest_deg: float | None = None
    pain_green_nrs: int | None = None
    pain_amber_nrs: int | None = None

    def named(self) -> tuple[str, ...]:
        """List what is asked to be different: `max_load_kg=20`."""
        given = {one.name: getattr(self, one.name) for one in fields(self)}
        return tuple(f"{name}={value}" for name, value in given.items() if value is not None)

    def as_limits(self) -> OtherLimits:
        """Turn them into the units of the model."""
        return OtherLimits(
            max_load_g=_times(self.max_load_kg, G),
            phase=self.phase,
            phase_cap_g=_times(self.phase_cap_kg, G),
            lowest_cdeg=_times(self.lowest_deg, CDEG),
            highest_cdeg=_times(self.highest_deg, CDEG),
            pain_green_nrs=self.pain_green_nrs,
            pain_amber_nrs=self.pain_amber_nrs,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: another policy (None: as decided), other limits, one step at a time or simulated."""

    policy: str | None = None
    limits: AskedLimits = field(default_factory=AskedLimits)
    simulated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfDose:
    """A dose with its predicted effort (CR10) and chance of RIR < 1, both by the belief of that moment."""

    load_kg: float
    start_deg: float
    end_deg: float
    reps: int
    work_s: float
    effort: float
    p_too_hard: float
    raised: str | None
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfSet:
    """One finished set; `other` is None where no dose would have been safe."""

    day: str
    visit: int
    session: str
    kind: str
    side: str
    set: int
    real: WhatIfDose
    other: WhatIfDose | None
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfTotals:
    """One side added up; `hard_sets` have a predicted effort of 8 and more; rises and holds of decisions."""

    sets: int
    hard_sets: int
    mean_load_kg: float
    last_load_kg: float
    mean_p_too_hard: float
    rises: int
    holds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeCount:
    """How often a reason stands in decisions that differ: really, and in the what-if."""

    code: str
    real: int
    other: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Sets that were not compared, and why."""

    reason: str
    sets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """A whole history; `note` says what can be concluded, and belongs beside every figure."""

    patient: str
    policy: str
    limits: tuple[str, ...]
    simulated: bool
    note: str
    sets: tuple[WhatIfSet, ...]
    real: WhatIfTotals
    other: WhatIfTotals
    decisions: int
    differing: int
    drifted: int  # come out differently with nothing changed: another version of the software decided
    codes: tuple[CodeCount, ...]
    left_out: tuple[LeftOut, ...]


def policies() -> tuple[str, ...]:
    """Name the policies that can be asked."""
    return tuple(POLICIES)


def picture(
    patient: str, asked: Iterable[Asked], question: Question, models: Callable[[], EffortModel]
) -> WhatIf:
    """Ask a person's history once more; the change is named in the answer."""
    days: dict[tuple[str, int], str] = {}
    done, damaged = [], 0
    for one in asked:
        request = read_request(one.request)
        if isinstance(request, str):
            damaged += 1
            continue
        days[one.row.session_id, one.row.set_number] = one.row.day
        done.append(_done(one.row, request))
    change = Change(policy=question.policy, limits=question.limits.as_limits())
    found = (simulate if question.simulated else compare)(done, change, models)
    return _drawn(patient, found, question, (days, damaged))


def _done(row: Record, request: Request) -> DoneSet:
    sent = Dose(
        set=row.ordinal,
        side=row.side,
        mode=row.mode,
        load_g=row.sent_load_g,
        start_cdeg=row.sent_start_cdeg,
        end_cdeg=row.sent_end_cdeg,
        reps=row.reps,
        work_ms=row.sent_work_ms,
        tempo_ms=tuple(row.tempo_ms),
        rest_ms=row.rest_ms,
    )
    return DoneSet(
        session=row.session_id,
        opened_ms=row.opened_ms,
        set=row.set_number,
        decision=row.decision_id,
        request=request,
        sent=sent,
        applied=replace(
            sent,
            load_g=row.load_g,
            start_cdeg=row.start_cdeg,
            end_cdeg=row.end_cdeg,
            work_ms=row.work_ms,
        ),
        raised=row.raised,
        why=tuple(why["code"] for why in row.why),
        pain_set=row.pain_set,
    )


def _drawn(
    patient: str, found: Comparison, question: Question, read: tuple[dict[tuple[str, int], str], int]
) -> WhatIf:
    days, damaged = read
    left_out = found.left_out | ({DAMAGED: damaged} if damaged else {})
    return WhatIf(
        patient=patient,
        policy=question.policy or AS_DECIDED,
        limits=question.limits.named(),
        simulated=found.simulated,
        note=SIMULATED if found.simulated else ONE_STEP,
        sets=tuple(_set(one, days) for one in found.steps),
        real=_totals(found.real),
        other=_totals(found.other),
        decisions=found.decisions,
        differing=found.differing,
        drifted=found.drifted,
        codes=tuple(CodeCount(code=code, real=a, other=b) for code, (a, b) in found.codes.items()),
        left_out=tuple(LeftOut(reason=reason, sets=sets) for reason, sets in left_out.items()),
    )


def _set(one: Step, days: dict[tuple[str, int], str]) -> WhatIfSet:
    done = one.done
    return WhatIfSet(
        day=days[done.session, done.set],
        visit=done.request.visit,
        session=done.session,
        kind=done.request.kind,
        side=done.request.side,
        set=done.applied.set,
        real=_dose(one.real),
        other=None if one.other is None else _dose(one.other),
        differs=one.is_different,
    )


def _dose(given: Given) -> WhatIfDose:
    dose = given.dose
    return WhatIfDose(
        load_kg=kg(dose.load_g),
        start_deg=deg(dose.start_cdeg),
        end_deg=deg(dose.end_cdeg),
        reps=dose.reps,
        work_s=seconds(dose.work_ms),
        effort=round(given.effort, 1),
        p_too_hard=round(given.p_too_hard, 3),
        raised=given.raised,
        why=given.why,
    )


def _totals(found: Totals) -> WhatIfTotals:
    return WhatIfTotals(
        sets=found.sets,
        hard_sets=found.hard,
        mean_load_kg=kg(found.mean_load_g),
        last_load_kg=kg(found.last_load_g),
        mean_p_too_hard=round(found.mean_p_too_hard, 4),
        rises=found.rises,
        holds=found.holds,
    )


def _times(value: float | None, scale: int) -> int | None:
    return None if value is None else round(value * scale)
