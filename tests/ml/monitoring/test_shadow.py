"""Champion and challenger on one question, and what many of them sum up to."""

from dataclasses import replace
from typing import Any

import pytest

from ml.adjust import adjust
from ml.effort.model import RuleEffort
from ml.monitoring import shadow
from ml.monitoring.shadow import Shadowed, compare, not_proven, report

HELD = Shadowed(
    champion_load_g=10_000,
    load_g=10_000,
    champion_raised=False,
    raised=False,
    agrees=True,
    violations=0,
    failed=False,
)


def test_the_same_policy_agrees_with_itself(build: Any) -> None:
    asked = build.request()
    decision = adjust(asked, RuleEffort())
    found = compare(asked, decision, decision)
    assert found.agrees
    assert found.load_g == found.champion_load_g > 0
    assert found.violations == ()
    assert found.p_too_hard == found.champion_p_too_hard
    assert 0.0 <= (found.p_too_hard or 0.0) <= 1.0


def test_a_difference_of_one_machine_step_is_none(build: Any) -> None:
    asked = build.request()
    decision = adjust(asked, RuleEffort())
    dose = decision.rows[0]
    for load_g, agrees in ((dose.load_g + 100, True), (dose.load_g + 200, False)):
        other = replace(decision, rows=(replace(dose, load_g=load_g),))
        assert compare(asked, decision, other).agrees is agrees
    assert not compare(asked, decision, replace(decision, rows=())).agrees


def test_what_breaks_the_envelope_is_named(build: Any) -> None:
    asked = build.request()
    decision = adjust(asked, RuleEffort())
    heavy = replace(decision.rows[0], load_g=190_000)
    assert "LOAD" in compare(asked, decision, replace(decision, rows=(heavy,))).violations


def test_a_heavier_dose_has_a_higher_chance_of_being_too_hard(build: Any) -> None:
    decision = adjust(build.request(), RuleEffort())
    dose = decision.rows[0]
    chances = [shadow.chance_too_hard(decision, replace(dose, load_g=g)) for g in (5_000, 20_000, 60_000)]
    known = [chance for chance in chances if chance is not None]
    assert known == sorted(known)
    assert known[0] < known[-1]
    assert shadow.chance_too_hard(decision, replace(dose, load_g=0)) is None
    assert shadow.chance_too_hard(decision, None) is None


def test_a_report_counts_what_it_says() -> None:
    rows = [
        HELD,
        replace(HELD, load_g=11_000, raised=True, agrees=False),
        replace(HELD, champion_raised=True, load_g=9_000, agrees=False, violations=2),
        replace(HELD, failed=True, load_g=0, agrees=False),
    ]
    found = report(rows)
    assert (found.decisions, found.failed, found.violations) == (4, 1, 2)
    assert found.agreement == pytest.approx(1 / 3, abs=1e-4)
    assert found.load_difference_pct == pytest.approx(0.0)
    assert (found.raised_while_held, found.held_while_raised) == (1, 1)
    assert found.champion.predicted is None


def test_an_empty_shadow_is_no_figure() -> None:
    found = report([])
    assert (found.decisions, found.agreement, found.load_difference_pct) == (0, None, None)


def test_calibration_puts_what_was_said_beside_what_was_seen() -> None:
    pairs = [(0.04, hard) for hard in [True] * 2 + [False] * 48] + [(0.4, True)] * 5 + [(0.4, False)] * 5
    found = shadow.calibration([*pairs, (None, True), (0.3, None)])
    assert found.sets == 60
    assert found.predicted == pytest.approx((50 * 0.04 + 10 * 0.4) / 60, abs=1e-4)
    assert found.observed == pytest.approx(7 / 60, abs=1e-4)
    assert [(one.sets, one.observed) for one in found.bins] == [(50, 0.04), (10, 0.5)]
    assert shadow.calibration(pairs[: shadow.LEAST_OUTCOMES - 1]).brier is None


def test_who_has_not_shadowed_long_enough_or_broke_a_limit_may_not_act() -> None:
    assert not_proven(report([HELD] * 9), 10) == "it has shadowed 9 decisions of 10"
    assert not_proven(report([HELD] * 10), 10) is None
    assert not_proven(report([*[HELD] * 9, replace(HELD, failed=True)]), 10) is not None
    assert not_proven(report([replace(HELD, violations=1)] * 99), 10) == "it broke limits 99 times in shadow"
