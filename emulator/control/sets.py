"""Sets of many courses at once, and each as facts of the model: applied dose, reps, end and answers."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, cast

import numpy as np

from contract.messages import Rep, SetEnd, Stop
from emulator.control.chances import Stacked
from emulator.control.truth import doses_of
from emulator.people.bodies import Bodies
from emulator.people.said import RIR_WORDS
from emulator.rep_level.sets import ENDINGS, Sets, perform
from ml.request import Answers, Dose, SetFacts

SETTING = "00000000-0000-4000-8000-000000000001"
DECIMALS = 3  # of what the machine reports
FIGURES = (
    "start_deg", "end_deg", "concentric_s", "hold_s", "eccentric_s", "peak_torque_nm", "mean_torque_nm",
    "work_j", "peak_speed_deg_s", "mean_speed_deg_s", "smoothness",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Bout:
    """A set about to be done: body, dose, stop rule (None: off), its own chance, what was said today."""

    body: Bodies
    dose: Dose
    stop: Stop | None
    chance: np.random.Generator
    today: Answers
    says_rir: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Effected:
    """What became of one bout: facts for the model, and the truth (reps in reserve at most 40, pain)."""

    facts: SetFacts
    rir: float
    pain: float
    fatigued: float


def perform_all(bouts: Sequence[Bout]) -> list[Effected]:
    """Let every body do its set."""
    doses = _joined([doses_of(one.dose, _stops(one.stop)) for one in bouts])
    chance = cast("np.random.Generator", Stacked([one.chance for one in bouts]))
    sets = perform(_joined([one.body for one in bouts]), doses, chance)
    return [_effected(sets, row, one) for row, one in enumerate(bouts)]


def _joined(rows: Sequence[Any]) -> Any:
    """Put one-row arrays of the same dataclass under one another."""
    names = [field.name for field in fields(rows[0])]
    return replace(rows[0], **{name: np.concatenate([getattr(one, name) for one in rows]) for name in names})


def _stops(stop: Stop | None) -> tuple[int, int, int]:
    return (stop.min_speed_pct, stop.min_range_pct, stop.max_tempo_pct) if stop else (0, 0, 0)


def _effected(sets: Sets, row: int, bout: Bout) -> Effected:
    is_asked = bout.dose.mode == "train"  # nobody is asked after a ramp
    said = RIR_WORDS[int(sets.said_rir[row])] if bout.says_rir and is_asked else None
    pain = int(sets.said_pain[row]) if is_asked else None
    return Effected(
        facts=SetFacts(
            applied=bout.dose,
            reps=_reps(sets, row, bout.dose),
            end=_end(sets, row, bout.dose),
            answers=replace(bout.today, pain_set=pain, rir=said),
        ),
        rir=float(sets.rir[row]),
        pain=float(sets.pain[row]),
        fatigued=float(sets.fatigued[row]),
    )


def _reps(sets: Sets, row: int, dose: Dose) -> tuple[Rep, ...]:
    count = int(sets.reps[row])
    columns = [np.round(getattr(sets, name)[row, :count], DECIMALS).tolist() for name in FIGURES]
    return tuple(
        Rep(
            set=dose.set,
            rep=number,
            side=dose.side,
            setting=SETTING,
            load_g=dose.load_g,
            **dict(zip(FIGURES, values, strict=True)),
        )
        for number, values in enumerate(zip(*columns, strict=True), 1)
    )


def _end(sets: Sets, row: int, dose: Dose) -> SetEnd:
    return SetEnd(
        set=dose.set,
        side=dose.side,
        setting=SETTING,
        reps=int(sets.reps[row]),
        partial_reps=int(sets.partial_reps[row]),
        ended_by=ENDINGS[int(sets.ended_by[row])],
        duration_s=round(float(sets.duration_s[row]), DECIMALS),
    )
