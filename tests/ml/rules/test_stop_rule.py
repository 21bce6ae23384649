"""The in-set stop: close only where the law lets it carry a set, and decided from what is believed."""

from dataclasses import replace
from typing import Any

import pytest

from ml.belief.priors import prior
from ml.belief.state import BIAS, CAPACITY
from ml.evidence import Evidence, gather
from ml.rules.stop_rule import SPEED_MOST_PCT, speed_pct, stop_rule

HEAVY = {"load_g": 26_000, "reps": 10, "work_ms": 50_000}


def known(build: Any, *, bias: float = 0.0, stronger: float = 0.0, **changes: Any) -> Evidence:
    asked = build.request(**{"envelope": build.envelope(phase="strengthen"), "visit": 12, **changes})
    belief = prior(asked.person, asked.kind, asked.side)
    mean = list(belief.state.mean)
    mean[BIAS] += bias
    mean[CAPACITY] += stronger
    return gather(asked, replace(belief, state=belief.state._replace(mean=tuple(mean))))


def test_a_dose_without_load_has_no_rule_but_its_reps(build: Any) -> None:
    stop = stop_rule(known(build), build.dose(load_g=0))
    assert (stop.min_speed_pct, stop.min_range_pct, stop.max_tempo_pct, stop.max_reps) == (0, 0, 0, 16)


@pytest.mark.parametrize(("phase", "visit"), [("strengthen", 8), ("build", 12), ("maintain", 30)])
def test_elsewhere_only_a_collapse_ends_a_set(build: Any, phase: str, visit: int) -> None:
    heavy = build.dose(**HEAVY)
    evidence = known(build, envelope=build.envelope(phase=phase), visit=visit)
    assert speed_pct(evidence, heavy) == 60
    assert speed_pct(known(build), heavy) > 60
    old = replace(evidence.request, person=build.person(age_years=80))
    assert speed_pct(replace(evidence, request=old), heavy) == 65


def test_far_from_failure_the_live_stop_waits_for_a_collapse_too(build: Any) -> None:
    assert speed_pct(known(build, stronger=1.5), build.dose(**HEAVY)) == 60


def test_it_is_closer_for_who_shows_fatigue_late_in_speed(build: Any) -> None:
    """A positive bias: speed reads more reps than are left, so the set ends at a smaller loss."""
    heavy = build.dose(load_g=20_000, reps=10, work_ms=50_000)
    late, usual, early = (speed_pct(known(build, bias=bias), heavy) for bias in (2.0, 0.0, -2.0))
    assert late > usual > early
    assert late <= SPEED_MOST_PCT


def test_range_and_tempo_hold_in_every_phase(build: Any) -> None:
    far = stop_rule(known(build, envelope=build.envelope(phase="restore")), build.dose(load_g=2_000))
    near = stop_rule(known(build), build.dose(**HEAVY))
    assert far.min_range_pct == near.min_range_pct == 85
    assert (far.max_tempo_pct, near.max_tempo_pct) == (50, 40)
