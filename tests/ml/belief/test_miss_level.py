"""The person's own level of misses: moved by sets whose truth is known, and by nothing else."""

from dataclasses import replace
from typing import Any

import pytest

from ml.belief.miss_level import ADAPTATION, LEVEL_BOUNDS, USUAL_LEVEL, adapted
from ml.belief.priors import prior
from ml.belief.state import from_json, share, to_json
from ml.effort.bands import LEVELS
from ml.effort.model import Reserves
from ml.learning.observations import learn
from ml.request import Answers

TOO_MUCH = Reserves(4.0, 2.0, 7.0)  # the band begins above none
HELD = Reserves(1.0, 0.0, 3.0)


def level_after(build: Any, estimate: Reserves, **changes: Any) -> float:
    said = changes.pop("rir", None)
    facts = build.finished(build.dose(), Answers(rir=said), **changes)
    belief = prior(build.person(), "lumbar_extension", "both")
    return learn(belief, facts, estimate, 2).belief.miss_level


def test_a_miss_widens_and_a_band_that_held_brings_it_back() -> None:
    missed = adapted(USUAL_LEVEL, missed=True)
    assert missed == pytest.approx(0.2 - 0.8 * ADAPTATION)
    assert adapted(missed, missed=False) == pytest.approx(missed + 0.2 * ADAPTATION)


def test_the_level_stays_where_margins_are_stored_and_no_band_is_narrower_than_usual() -> None:
    low = high = USUAL_LEVEL
    for _ in range(200):
        low, high = adapted(low, missed=True), adapted(high, missed=False)
    assert (low, high) == LEVEL_BOUNDS == (LEVELS[0], USUAL_LEVEL)


def test_whoever_is_missed_more_often_than_usual_ends_with_the_widest_bands() -> None:
    often = rarely = USUAL_LEVEL
    for number in range(1000):
        often = adapted(often, missed=number % 3 == 0)
        rarely = adapted(rarely, missed=number % 20 == 0)
    assert often < LEVEL_BOUNDS[0] + ADAPTATION
    assert rarely > USUAL_LEVEL - 2 * ADAPTATION


@pytest.mark.parametrize("known", [{"ended_by": "tempo", "done": 9}, {"rir": "0"}])
def test_only_a_set_without_reserve_tells(build: Any, known: dict[str, Any]) -> None:
    assert level_after(build, TOO_MUCH, **known) < USUAL_LEVEL
    assert level_after(build, HELD, **known) == USUAL_LEVEL


@pytest.mark.parametrize(
    "unknown", [{}, {"rir": "1-2"}, {"rir": "many"}, {"ended_by": "effort", "rir": "3-5"}]
)
def test_a_set_whose_truth_is_not_known_moves_nothing(build: Any, unknown: dict[str, Any]) -> None:
    assert level_after(build, TOO_MUCH, **unknown) == USUAL_LEVEL


def test_the_level_is_kept_with_the_belief_and_passes_on_to_other_machines(build: Any) -> None:
    own = replace(prior(build.person(), "lumbar_extension", "both"), updated_ms=1)
    moved = replace(own, miss_level=0.15, updated_ms=2)
    kept = from_json(to_json(moved))
    assert kept is not None
    assert kept.miss_level == 0.15
    assert "miss_level" not in to_json(own)
    assert share(own, moved).miss_level == 0.15
    assert share(moved, own).miss_level == 0.15
