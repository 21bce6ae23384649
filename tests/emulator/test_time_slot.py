"""Sessions of emulated people last as long as planned, once their own pace is known from a set before."""

from collections.abc import Callable

import numpy as np
import pytest

from contract.machines import catalogue
from emulator.people.bodies import Seated, bodies
from emulator.people.condition import fresh
from emulator.people.effort import Doses, one_rep_load_kg
from emulator.people.person import people
from emulator.rep_level.sets import ENDINGS, perform
from ml.clinical.table import PHASES, SLOW_TEMPO, Tempo
from ml.request import Dose
from ml.rules.time_slot import slot_s, work_s

FULL = 3_000  # people
WITHIN, SHARE_LEAST = 0.10, 0.95  # of the slot; of the sessions (design page 5)
WHOLE_LEAST = 0.6
TARGET = ENDINGS.index("target")
REST_S = 60.0


def planned(reps: int, tempo_ms: Tempo, *, timed: bool) -> Dose:
    work_ms = reps * sum(tempo_ms) if timed else 0
    return Dose(
        set=1, side="both", mode="train", load_g=1_000, start_cdeg=0, end_cdeg=4_000, reps=reps,
        work_ms=work_ms, tempo_ms=tempo_ms, rest_ms=round(REST_S * 1000),
    )  # fmt: skip


@pytest.mark.parametrize("kind_name", ["lumbar_extension", "trunk_rotation", "leg_press"])
@pytest.mark.parametrize(
    ("phase", "share", "tempo_ms"),
    [
        ("restore", 0.20, (2_000, 0, 3_000)),
        ("build", 0.30, (2_000, 0, 3_000)),
        ("strengthen", 0.50, (2_000, 0, 3_000)),
        ("build", 0.20, SLOW_TEMPO),
    ],
)
def test_a_session_keeps_its_slot(
    phase: str, share: float, tempo_ms: Tempo, kind_name: str, counted: Callable[[int], int]
) -> None:
    kind, count = catalogue()[kind_name], counted(FULL)
    rule = PHASES[phase]  # type: ignore[index]
    row = planned(rule.reps[1], tempo_ms, timed=rule.timed)
    crowd = people(count, 7)
    body = bodies([Seated(person=one, condition=fresh(one), kind=kind, side=kind.sides[0]) for one in crowd])
    one = np.ones(count)
    doses = Doses(
        load_kg=one,
        start_deg=np.round(body.tolerated_low_deg) + 1,
        end_deg=np.round(body.tolerated_deg) - 4,
        reps=one * row.reps,
        work_s=one * row.work_ms / 1000,
        concentric_s=one * tempo_ms[0] / 1000,
        hold_s=one * tempo_ms[1] / 1000,
        eccentric_s=one * tempo_ms[2] / 1000,
        min_speed_pct=one * 60,
        min_range_pct=one * 85,
        max_tempo_pct=one * 50,
    )
    load_kg = one_rep_load_kg(body, doses) * share
    doses = Doses(**{**{name: getattr(doses, name) for name in doses.__slots__}, "load_kg": load_kg})
    chance = np.random.default_rng(3)
    earlier, first, second = (perform(body, doses, chance) for _ in range(3))
    lasted_s = first.duration_s + REST_S + second.duration_s
    paces = earlier.duration_s / work_s(row) if not rule.timed else one
    planned_s = np.array([slot_s((row, row), float(pace)) for pace in paces])
    is_whole = np.all([sets.ended_by == TARGET for sets in (earlier, first, second)], axis=0)
    kept = np.abs(lasted_s / planned_s - 1.0)[is_whole] <= WITHIN
    assert is_whole.mean() >= WHOLE_LEAST  # the others stopped for pain or by a stop rule: no slot is kept
    assert kept.mean() >= SHARE_LEAST
