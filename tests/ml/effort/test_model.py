"""Reps in reserve: the rule's published losses, and the trained model's order and bounds."""

from dataclasses import replace
from math import nan

import numpy as np
import pytest

from ml import artifact
from ml.effort.bands import RIR_KNOWN
from ml.effort.features import SetFeatures
from ml.effort.model import FAR_HIGH, QuantileEffort, RuleEffort, is_bounded, label_of, reps_of

FRESH = SetFeatures(
    speed_ratio=0.9,
    concentric_ratio=1.0,
    eccentric_ratio=1.0,
    tempo_trend=1.0,
    eccentric_trend=1.0,
    smoothness_trend=0.0,
    range_loss=0.0,
    torque_trend=1.0,
    ripple_trend=1.0,
    reps=10.0,
    partial_reps=0.0,
    tempo_breaks=0.0,
    relative_load=0.6,
    set=1.0,
    rest_s=600.0,
    age_years=41.0,
    rep_s=5.0,
)


def test_the_rule_knows_only_a_bound_while_the_pace_is_held() -> None:
    [found] = RuleEffort().estimate([FRESH])
    assert found.at_least
    assert found.low == 3


@pytest.mark.parametrize(("loss", "share"), [(0.25, 0.58), (0.40, 0.79), (0.50, 0.90), (0.70, 0.90)])
def test_the_rule_follows_the_published_losses(loss: float, share: float) -> None:
    [found] = RuleEffort().estimate([replace(FRESH, speed_ratio=1 - loss)])
    assert not found.at_least
    assert found.rir == pytest.approx(10 / share - 10)
    assert found.low <= found.rir <= found.high


def test_the_rule_takes_partial_reps_and_broken_tempo_for_nearly_nothing_left() -> None:
    for tired in (replace(FRESH, partial_reps=2.0), replace(FRESH, concentric_ratio=1.5)):
        assert RuleEffort().estimate([tired])[0].rir == 1.0


TIRED = replace(
    FRESH,
    speed_ratio=0.62,
    concentric_ratio=1.6,
    eccentric_ratio=0.8,
    tempo_trend=1.6,
    eccentric_trend=0.8,
    smoothness_trend=-0.4,
    range_loss=0.08,
    tempo_breaks=2.0,
)


def test_without_speed_the_rule_still_answers() -> None:
    assert RuleEffort().estimate([replace(FRESH, speed_ratio=nan)])[0].at_least


def test_the_shipped_model_is_ordered_and_bounded() -> None:
    model = artifact.default()
    assert isinstance(model, QuantileEffort)
    rows = [replace(made, relative_load=load, level=level) for made in (FRESH, TIRED)
            for load in (0.3, 0.8) for level in (0.05, 0.2, 0.4)]  # fmt: skip
    for found in model.estimate(rows):
        assert 0 <= found.low <= found.rir <= found.high <= RIR_KNOWN
    assert model.estimate([FRESH])[0].at_least
    assert not model.estimate([TIRED])[0].at_least
    assert model.estimate([TIRED])[0].rir < 2


def test_without_speed_the_shipped_model_still_sees_a_tired_set() -> None:
    [mute] = artifact.default().estimate([replace(TIRED, speed_ratio=nan)])
    assert not mute.at_least
    assert mute.rir < 3


def test_a_person_who_was_missed_gets_wider_bands() -> None:
    usual, careful = artifact.default().estimate([replace(TIRED, level=level) for level in (0.2, 0.05)])
    assert careful.low <= usual.low
    assert careful.high > usual.high
    usual, careful = artifact.default().estimate([replace(FRESH, level=level) for level in (0.2, 0.05)])
    assert careful.low < usual.low


def test_only_a_bound_is_claimed_far_from_failure_or_without_an_upper_end() -> None:
    predicted = np.array([[0.5, 6.0, 2.0], [1.0, 7.0, 4.0], [3.0, 8.0, FAR_HIGH]])
    assert is_bounded(predicted, 7.0).tolist() == [False, True, True]


def test_labels_are_turned_back() -> None:
    assert reps_of(label_of(np.array([0.0, 3.5, 12.0, 40.0]))) == pytest.approx([0.0, 3.5, 12.0, 12.0])


@pytest.mark.parametrize(
    ("name", "values", "direction"),
    [
        ("speed_ratio", (0.5, 0.6, 0.7, 0.8, 0.9), 1),
        ("concentric_ratio", (0.9, 1.1, 1.3, 1.6), -1),
        ("relative_load", (0.2, 0.4, 0.6, 0.8), -1),
        ("partial_reps", (0.0, 1.0, 2.0), -1),
        ("set", (1.0, 2.0, 3.0), -1),
    ],
)
def test_the_shipped_model_keeps_its_monotonic_promises(
    name: str, values: tuple[float, ...], direction: int
) -> None:
    found = artifact.default().estimate([replace(FRESH, **{name: value}) for value in values])
    order = [one.rir * direction for one in found]
    assert order == sorted(order)


def test_an_empty_batch() -> None:
    assert artifact.default().estimate([]) == []
