"""Mad numbers are not used: the rule, the prior and the table stand in, nothing rises, and staff are told."""

import json
from collections.abc import Sequence
from dataclasses import replace
from math import inf, nan
from typing import Any

import pytest

from ml import runner, sound
from ml.adjust import adjust, adjust_many
from ml.decision import Decision
from ml.effort.features import SetFeatures
from ml.effort.model import Reserves, RuleEffort
from ml.evidence import Evidence
from ml.policies.steady import steady
from ml.policies.wish import Wish

MAD: dict[str, Any] = {
    "not a number": Reserves(nan, nan, nan),
    "low is none": Reserves(2.0, nan, 4.0),
    "without end": Reserves(inf, 0.0, inf),
    "negative": Reserves(-3.0, -5.0, -1.0),
    "inverted": Reserves(3.0, 5.0, 1.0),
    "huge": Reserves(1e300, 1e299, 1e301),
    "words": ("many", "few", "most", False),
    "short": (1.0, 2.0),
    "nothing": None,
}


class Mad:
    """An effort model that says the same thing of every set."""

    name = "effort-mad"

    def __init__(self, said: Any, times: int = 1) -> None:
        self._said, self._times = said, times

    def estimate(self, rows: Sequence[SetFeatures]) -> list[Reserves]:
        return [self._said] * len(rows) * self._times


class Failing:
    """An effort model that cannot even be asked."""

    name = "effort-failing"

    def estimate(self, rows: Sequence[SetFeatures]) -> list[Reserves]:
        raise ZeroDivisionError(rows)


def _is_told(decision: Decision, cause: str) -> bool:
    return cause in decision.set_aside and sound.ALERT in decision.alerts and decision.raised is None


@pytest.mark.parametrize("name", MAD)
def test_the_rule_reads_what_a_mad_model_says(build: Any, name: str) -> None:
    decision = adjust(build.request(), Mad(MAD[name]))
    assert _is_told(decision, sound.MODEL)
    held = adjust(build.request(abstain=sound.MODEL), RuleEffort())
    assert (decision.rows, decision.belief) == (held.rows, held.belief)
    json.loads(runner.write(decision))


@pytest.mark.parametrize("model", [Failing(), Mad(Reserves(2.0, 1.0, 3.0), times=2)])
def test_a_model_that_fails_or_answers_something_else(build: Any, model: Any) -> None:
    assert _is_told(adjust(build.request(), model), sound.MODEL)


def test_one_mad_answer_spoils_no_other_decision_of_the_batch(build: Any) -> None:
    class Half:
        name = "rule-1"

        def estimate(self, rows: Sequence[SetFeatures]) -> list[Reserves]:
            return [Reserves(nan, 0.0, 1.0), *RuleEffort().estimate(rows)[1:]]

    first, second = adjust_many((build.request(), build.request()), Half())
    assert _is_told(first, sound.MODEL)
    assert second == adjust(build.request(), RuleEffort())


def _stored(build: Any) -> dict[str, Any]:
    stored: dict[str, Any] = adjust(build.request(), RuleEffort()).belief
    return stored


def _changed(stored: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    return json.loads(json.dumps(stored)) | {key: value}  # type: ignore[no-any-return]


def _mad_beliefs(stored: dict[str, Any]) -> dict[str, dict[str, Any]]:
    lower, mean = stored["covariance"], stored["mean"]
    return {
        "no mean": _changed(stored, "mean", []),
        "nan": _changed(stored, "mean", [None, *mean[1:]]),
        "words": _changed(stored, "mean", ["x", *mean[1:]]),
        "huge": _changed(stored, "mean", [700.0, *mean[1:]]),
        "negative variance": _changed(stored, "covariance", [[-1.0], *lower[1:]]),
        "impossible correlation": _changed(stored, "covariance", [lower[0], [5.0, lower[1][1]], *lower[2:]]),
        "huge variance": _changed(stored, "covariance", [[1e9], *lower[1:]]),
        "another machine": _changed(stored, "kind", "leg_press"),
        "no machine": _changed(stored, "kind", "sofa"),
        "sessions": _changed(stored, "sessions", -4),
        "time": _changed(stored, "updated_ms", "yesterday"),
        "tired without end": _changed(stored, "tired_log", 1e308),
        "far too tired": _changed(stored, "tired_log", 40.0),
        "tired by no set": _changed(stored, "tired_set", "first"),
        "cut off": {"schema": stored["schema"]},
    }


MAD_BELIEFS = (
    "no mean", "nan", "words", "huge", "negative variance", "impossible correlation", "huge variance",
    "another machine", "no machine", "sessions", "time", "cut off",
    "tired without end", "far too tired", "tired by no set",
)  # fmt: skip


@pytest.mark.parametrize("name", MAD_BELIEFS)
def test_the_prior_stands_for_a_mad_belief(build: Any, name: str) -> None:
    mad = _mad_beliefs(_stored(build))[name]
    decision = adjust(build.request(belief=mad), RuleEffort())
    assert _is_told(decision, sound.BELIEF)
    fresh = adjust(build.request(belief=None, abstain=sound.BELIEF), RuleEffort())
    assert (decision.rows, decision.belief) == (fresh.rows, fresh.belief)


def test_a_belief_of_a_newer_schema_is_told_as_that(build: Any) -> None:
    newer = _stored(build) | {"schema": 99}
    decision = adjust(build.request(belief=newer), RuleEffort())
    assert _is_told(decision, sound.BELIEF_SCHEMA)
    assert sound.BELIEF not in decision.set_aside
    fresh = adjust(build.request(belief=None, abstain=sound.BELIEF_SCHEMA), RuleEffort())
    assert (decision.rows, decision.belief) == (fresh.rows, fresh.belief)


def test_a_mad_belief_of_another_machine_is_not_shared(build: Any) -> None:
    usual = build.request(belief=None)
    mad = _mad_beliefs(_stored(build))["huge"]
    assert adjust(replace(usual, elsewhere=(mad,)), RuleEffort()) == adjust(usual, RuleEffort())


def test_what_is_sound_stays_as_it_is(build: Any) -> None:
    stored = _stored(build)
    belief, is_sound = sound.read_belief(stored, ("lumbar_extension", "both"))
    assert is_sound
    assert belief is not None
    assert sound.read_belief(None) == (None, True)
    decision = adjust(build.request(belief=stored), RuleEffort())
    assert sound.ALERT not in decision.alerts


@pytest.mark.parametrize(
    "change",
    [
        {"load_g": nan},
        {"load_g": inf},
        {"load_g": 20_000.5},
        {"load_g": True},
        {"load_g": -100},
        {"load_g": 10**12},
        {"end_cdeg": nan},
        {"start_cdeg": -(10**9)},
        {"reps": 0},
        {"reps": 10**6},
        {"tempo_ms": (2_000, 0)},
        {"tempo_ms": (nan, 0, 3_000)},
        {"rest_ms": -1},
        {"work_ms": 2**53},
        {"side": "left"},
        {"set": 9},
        {"mode": "isometric"},
    ],
)
def test_the_table_stands_for_a_mad_wish(build: Any, change: dict[str, Any]) -> None:
    def mad(evidence: Evidence) -> Wish:
        wish = steady(evidence)
        return replace(wish, dose=replace(wish.dose, **change), raised="load")

    decision = adjust_many((build.request(policy="mad"),), RuleEffort(), {"mad": mad, "steady": steady})[0]
    assert sound.POLICY in decision.set_aside
    assert sound.ALERT in decision.alerts
    assert decision.raised is None
    assert decision.rows[0].load_g <= 10_000
