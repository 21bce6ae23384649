"""What speaks against a decision is named, and confidence follows the belief and the sessions behind it."""

from dataclasses import replace
from typing import Any

import pytest

from ml.adjust import adjust
from ml.belief.kalman import Gaussian
from ml.belief.priors import prior
from ml.belief.state import CAPACITY, SIZE, SLOPE
from ml.decision import Decision
from ml.effort.model import Reserves, RuleEffort
from ml.evidence import Evidence, gather
from ml.explain.counter import FAIR_SD, SURE_SD, confidence, counter
from ml.request import Answers, Raised
from ml.rules.effort_target import effort_target

RULE = RuleEffort()


def codes(decision: Decision) -> list[str]:
    return [why.code for why in decision.counter]


def evidence(build: Any, estimate: Reserves | None = None, **changes: Any) -> Evidence:
    request = build.request(**changes)
    return gather(request, prior(request.person, request.kind, "both"), estimate)


def test_a_rise_although_pain_was_three_says_so(build: Any) -> None:
    facts = (build.finished(build.dose(), Answers(pain_set=3, rir="many")),)
    decision = adjust(build.request(sets=facts), RULE)
    assert decision.raised is not None
    assert [(why.code, why.values) for why in decision.counter] == [("although_pain", {"nrs": 3})]


def test_a_rise_although_few_were_left_says_so(build: Any) -> None:
    facts = (build.finished(build.dose(), Answers(pain_set=2, rir="1-2")),)
    found = counter(evidence(build, Reserves(1.6, 0.5, 3.0), sets=facts), "load", 0.0, ())
    told = {why.code: why.values for why in found}
    assert told["although_reported"] == {"left": "1-2"}
    assert told["although_speed"] == {"left": 2}


def test_a_hold_although_the_speed_says_five_left_says_so(build: Any) -> None:
    said = Answers(pain_set=2, rir="many")
    found = counter(
        evidence(build, Reserves(5.2, 3.0, 8.0), sets=(build.finished(build.dose(), said),)), None, 0.0, ()
    )
    assert ("although_speed", {"left": 5}) in [(why.code, why.values) for why in found]
    assert ("although_reported", {"left": "many"}) in [(why.code, why.values) for why in found]


def test_what_speaks_for_the_decision_is_not_against_it(build: Any) -> None:
    calm = (build.finished(build.dose(), Answers(pain_set=1, rir="many")),)
    assert codes(adjust(build.request(sets=calm), RULE)) == []
    failed = (build.finished(build.dose(), Answers(pain_set=2, rir="0")),)
    lowered = adjust(build.request(sets=failed), RULE)
    assert lowered.raised is None
    assert "although_reported" not in codes(lowered)


@pytest.mark.parametrize(
    ("changes", "answers", "expected"),
    [
        (
            {"today": Answers(pain_before=0, morning_nrs=3, morning_asked=True)},
            {"pain_set": 0},
            "although_morning",
        ),
        (
            {"today": Answers(pain_before=0, morning_nrs=2, morning_asked=True)},
            {"pain_set": 2},
            "although_pain_rose",
        ),
    ],
)
def test_pain_that_a_rise_went_over(build: Any, changes: Any, answers: Any, expected: str) -> None:
    facts = (build.finished(build.dose(), Answers(**answers, rir="many")),)
    found = counter(evidence(build, sets=facts, **changes), "range", 0.0, ())
    assert expected in [why.code for why in found]


def test_a_short_range_a_fallen_belief_and_what_was_set_aside_speak_against_a_rise(build: Any) -> None:
    facts = (build.finished(build.dose(), Answers(pain_set=2), rep_changes={"end_deg": 42.0}),)
    found = counter(evidence(build, sets=facts), "load", -4.4, ("speed_set_1",))
    values = {why.code: why.values for why in found}
    assert values["although_range"] == {"percent": 91}
    assert values["although_believed_less"] == {"percent": 4}
    assert values["although_set_aside"] == {"observation": "speed_set_1"}
    assert "although_believed_less" not in [why.code for why in counter(evidence(build), "load", -0.9, ())]
    assert [why.code for why in counter(evidence(build, sets=()), None, 6.0, ())] == [
        "although_believed_more"
    ]


def test_at_most_four_are_named(build: Any) -> None:
    facts = (build.finished(build.dose(), Answers(pain_set=5, rir="0"), rep_changes={"end_deg": 42.0}),)
    assert len(counter(evidence(build, sets=facts), "load", -9.0, ("a", "b"))) == 4


@pytest.mark.parametrize(
    ("sd", "sessions", "level"),
    [
        (0.9 * SURE_SD, 6, "high"),
        (0.9 * SURE_SD, 5, "medium"),
        (1.1 * SURE_SD, 12, "medium"),
        (0.9 * FAIR_SD, 2, "low"),
        (1.1 * FAIR_SD, 24, "low"),
    ],
)
def test_confidence_takes_both_a_narrow_belief_and_sessions(
    build: Any, sd: float, sessions: int, level: str
) -> None:
    found = evidence(build)
    covariance = [[0.0] * SIZE for _ in range(SIZE)]
    covariance[CAPACITY][CAPACITY], covariance[SLOPE][SLOPE] = sd**2, 1e-9
    state = Gaussian(found.belief.state.mean, tuple(tuple(row) for row in covariance))
    known = confidence(
        replace(found, belief=replace(found.belief, state=state, sessions=sessions)), build.dose()
    )
    assert (known.level, known.sessions) == (level, sessions)
    assert known.sd_percent == pytest.approx(100 * sd, abs=0.1)


def test_a_prior_is_little_confidence(build: Any) -> None:
    decision = adjust(build.request(past=(), sets=(), session_number=1, visit=1, belief=None), RULE)
    assert decision.confidence.level == "low"
    assert decision.confidence.sd_percent > 30


@pytest.mark.parametrize(
    ("above", "raised", "is_told"),
    [(0.6, "load", True), (0.4, "load", False), (-1.1, None, True), (-0.9, None, False), (0.6, None, False)],
)
def test_an_effort_off_its_target_speaks_the_other_way(
    build: Any, above: float, raised: Raised | None, is_told: bool
) -> None:
    found = evidence(build, sets=())
    off = replace(found, effort=effort_target(found.request) + above)
    assert ("although_effort" in [why.code for why in counter(off, raised, 0.0, ())]) is is_told
