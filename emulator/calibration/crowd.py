"""Whom a calibration looks at: patients of all strata, healthy people, and all of them in a seat."""

from collections.abc import Sequence

import numpy as np

from contract.machines import MachineKind
from emulator.people.bodies import Bodies, Seated, bodies
from emulator.people.condition import fresh
from emulator.people.effort import Doses
from emulator.people.person import AGE_BANDS, Person, of_stratum

Bands = Sequence[tuple[int, int]]
TEMPO_S = (2.0, 0.0, 3.0)  # clinical page: 2-0-3
INSIDE_LOW_DEG, INSIDE_HIGH_DEG = 1.0, 4.0  # deg inside the tolerated range: what a plan would prescribe


def healthy(count: int, seed: int, bands: Bands = AGE_BANDS) -> tuple[Person, ...]:
    """Make people without back pain, of both sexes and all age bands in turn."""
    return tuple(
        of_stratum(
            index,
            seed,
            sex="female" if index % 2 == 0 else "male",
            band=bands[index // 2 % len(bands)],
            severity="none",
        )
        for index in range(count)
    )


def crowd(who: Sequence[Person], kinds: Sequence[MachineKind]) -> Bodies:
    """Seat people on kinds of machine in turn, on their first day."""
    return bodies([_seated(one, kinds[index % len(kinds)]) for index, one in enumerate(who)])


def _seated(person: Person, kind: MachineKind) -> Seated:
    return Seated(person=person, condition=fresh(person), kind=kind, side=kind.sides[0])


def comfortable(body: Bodies, *, reps: int) -> Doses:
    """Make a dose without load inside everybody's own range, at the usual tempo, without stop rules."""
    one = np.ones(len(body))
    return Doses(
        load_kg=one * 0,
        start_deg=np.round(body.tolerated_low_deg) + INSIDE_LOW_DEG,
        end_deg=np.round(body.tolerated_deg) - INSIDE_HIGH_DEG,
        reps=one * reps,
        work_s=one * 0,
        concentric_s=one * TEMPO_S[0],
        hold_s=one * TEMPO_S[1],
        eccentric_s=one * TEMPO_S[2],
        min_speed_pct=one * 0,
        min_range_pct=one * 0,
        max_tempo_pct=one * 0,
    )
