"""The decision as a whole: pure, batched, exact in its split, and inside the limits for any policy."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.envelope import violations
from contract.machines import catalogue
from contract.messages import History
from ml import artifact
from ml.adjust import adjust, adjust_many
from ml.belief.state import from_json
from ml.effort.model import RuleEffort
from ml.forecast import REPS_MOST, forecast
from ml.limiter import bounds
from ml.policies import POLICIES
from ml.request import Answers, Request

RULE = RuleEffort()


def test_the_same_request_gives_the_same_decision_and_is_not_changed(build: Any) -> None:
    asked = build.request()
    before = msgspec.json.encode(asked, order="deterministic")
    first, second = adjust(asked, RULE), adjust(asked, RULE)
    assert first == second
    assert msgspec.json.encode(asked, order="deterministic") == before


def test_a_batch_decides_like_one_by_one(build: Any) -> None:
    effort = artifact.default()
    tired = build.finished(build.dose(), Answers(pain_set=3, rir="1-2"), ended_by="effort", done=11)
    asked = [build.request(), build.request(sets=()), build.request(sets=(tired,)), build.request(kind="row")]
    assert adjust_many(asked, effort) == [adjust(one, effort) for one in asked]


def test_the_belief_of_the_answer_continues_and_counts_a_session_once(build: Any) -> None:
    first = adjust(build.request(session_number=1, visit=1, past=()), RULE)
    assert first.belief["sessions"] == 1
    later = adjust(
        build.request(session_number=2, belief=first.belief, now_ms=build.now_ms + 3 * build.day_ms), RULE
    )
    assert later.belief["sessions"] == 2
    again = adjust(build.request(session_number=2, belief=later.belief), RULE)
    assert again.belief["sessions"] == 2
    assert from_json(later.belief) is not None


def test_a_stored_belief_of_another_schema_starts_from_the_prior(build: Any) -> None:
    plain = adjust(build.request(belief=None), RULE)
    assert adjust(build.request(belief={"schema": 0}), RULE).belief == plain.belief


def test_the_estimate_forecasts_the_reps_of_the_dose_that_was_decided(build: Any) -> None:
    tired = build.finished(build.dose(), Answers(pain_set=2, rir="0"), ended_by="tempo", done=9)
    found = adjust(build.request(sets=(tired,)), RULE)
    belief = from_json(found.belief)
    assert belief is not None
    ahead = forecast(belief, found.rows[-1])
    told = found.estimate
    assert (told.reps, told.reps_low, told.reps_high) == (ahead.reps, ahead.low, ahead.high)
    assert ahead.low < ahead.reps < ahead.high < REPS_MOST


def test_nothing_is_forecast_where_no_weight_moves(build: Any) -> None:
    found = adjust(build.request(today=Answers(pain_before=2, spasm=True)), RULE)
    assert [row for row in found.rows if row.load_g > 0] == []
    assert (found.estimate.reps, found.estimate.reps_low, found.estimate.reps_high) == (None, None, None)


def test_next_weight_amplitude_and_work_time_all_change(build: Any) -> None:
    raised = set()
    wide = build.dose(load_g=5_000, start_cdeg=0, end_cdeg=6_000)
    for current, phase in (
        (build.dose(load_g=10_000), "restore"),  # the range comes first
        (replace(wide, load_g=8_000, reps=10), "restore"),  # then the time
        (replace(wide, reps=20, work_ms=100_000), "build"),  # below its effort and full: the load
    ):
        standing = replace(
            build.request().standing,
            history=History(median3_g=current.load_g, peak_cdeg=6_000, last_regular_g=current.load_g),
            accepted_g=current.load_g,
            day_start_g=current.load_g,
            range_cdeg=(current.start_cdeg, current.end_cdeg),
            peaks_cdeg=(current.end_cdeg,) * 3,
        )
        facts = (build.finished(current, Answers(pain_set=2, rir="many")),)
        envelope = build.envelope(phase_cap_g=40_000, phase=phase)
        asked = build.request(current=current, standing=standing, sets=facts, envelope=envelope)
        decision = adjust(asked, RULE)
        raised.add(decision.raised)
        changed = decision.rows[0]
        assert not decision.held
        assert (changed.load_g, changed.start_cdeg, changed.end_cdeg, changed.work_ms) != (
            current.load_g,
            current.start_cdeg,
            current.end_cdeg,
            current.work_ms,
        )
    assert raised == {"range", "time", "load"}


@pytest.mark.parametrize("policy", sorted(POLICIES))
def test_only_one_thing_rises_a_session(build: Any, policy: str) -> None:
    for already in ("range", "time", "load"):
        decision = adjust(build.request(raised_today=already, policy=policy), RULE)
        assert decision.raised in (None, already)


@pytest.mark.parametrize("policy", sorted(POLICIES))
def test_a_plan_never_rises_over_the_last_dose(build: Any, policy: str) -> None:
    asked = build.request(occasion="plan", current=None, sets=(), next_set=1, policy=policy)
    last = asked.past[-1]
    decision = adjust(replace(asked, standing=replace(asked.standing, peaks_cdeg=(), range_cdeg=None)), RULE)
    assert decision.held
    for row in decision.rows:
        assert row.load_g <= last.load_g
        assert row.end_cdeg - row.start_cdeg <= last.end_cdeg - last.start_cdeg
        assert row.reps <= last.reps


def test_asking_again_with_more_answers_does_not_rise_twice(build: Any) -> None:
    facts = build.finished(build.dose(), Answers(pain_set=2, rir=None))
    first = adjust(build.request(sets=(facts,)), RULE)
    more = replace(facts, answers=replace(facts.answers, rir="many"))
    second = adjust(build.request(sets=(more,)), RULE)
    assert first.raised == second.raised == "time"
    assert first.rows[0].reps == second.rows[0].reps > facts.applied.reps


@pytest.mark.parametrize("policy", ["steady", "linear", "double_progression", "two_for_two", "medx"])
@pytest.mark.parametrize("pain_signed", [False, True])
def test_settled_pain_rises_by_2_5_percent_at_most_signed_or_not(
    build: Any, policy: str, *, pain_signed: bool
) -> None:
    past = tuple(
        build.summary(days, load_g=20_000, pain_before=4, pain_set=5, morning_nrs=4) for days in (11, 7, 4)
    )
    whole = build.dose(load_g=20_000, start_cdeg=0, end_cdeg=6_000, reps=15, work_ms=75_000)
    standing = replace(
        build.request().standing,
        history=History(median3_g=20_000, peak_cdeg=6_000, last_regular_g=20_000),
        accepted_g=20_000,
        day_start_g=20_000,
        range_cdeg=(0, 6_000),
        peaks_cdeg=(6_000,) * 3,
    )
    asked = build.request(
        person=build.person(baseline_nrs=4, pain_signed=pain_signed),
        envelope=build.envelope(phase="strengthen", phase_cap_g=40_000, pain_green_nrs=4, pain_amber_nrs=5),
        current=whole,
        sets=(build.finished(whole, Answers(pain_set=5, rir="many")),),
        standing=standing,
        past=past,
        today=Answers(pain_before=4, morning_nrs=4, morning_asked=True),
        policy=policy,
    )
    decision = adjust(asked, RULE)
    assert decision.situations == ("settled_signed" if pain_signed else "settled_pain",)
    assert decision.raised == "load"
    assert 20_000 < decision.rows[0].load_g <= 20_500
    assert sum(decision.split_g.values()) == decision.rows[0].load_g - 20_000


ANSWERS = st.builds(
    Answers,
    pain_before=st.none() | st.integers(0, 10),
    spasm=st.booleans(),
    new_symptoms=st.sampled_from(["none", "limb", "dizzy_chest"]),
    pain_set=st.none() | st.integers(0, 10),
    rir=st.sampled_from([None, "0", "1-2", "3-5", "many", "nonsense"]),
    morning_nrs=st.none() | st.integers(0, 10),
    morning_asked=st.booleans(),
)


@st.composite
def happenings(draw: Any) -> dict[str, Any]:
    return {
        "today": draw(ANSWERS),
        "after": draw(ANSWERS),
        "load_g": draw(st.integers(0, 400)) * 100,
        "done": draw(st.integers(0, 20)),
        "ended_by": draw(
            st.sampled_from(["target", "effort", "tempo", "range", "pain", "too_heavy", "fault"])
        ),
        "policy": draw(st.sampled_from(sorted(POLICIES))),
        "days_away": draw(st.none() | st.floats(0, 90)),
        "occasion": draw(st.sampled_from(["plan", "set_end", "answer"])),
    }


@settings(max_examples=300, deadline=None)
@given(happenings())
def test_any_facts_give_a_dose_inside_the_limits_and_an_exact_split(build: Any, what: dict[str, Any]) -> None:
    load_g = what.pop("load_g")
    current = build.dose(load_g=load_g)
    facts = build.finished(current, what.pop("after"), done=what.pop("done"), ended_by=what.pop("ended_by"))
    asked: Request = build.request(current=current, sets=(facts,), **what)
    decision = adjust(asked, RULE)
    inside = bounds(asked, catalogue()[asked.kind])
    for row in decision.rows:
        assert violations(row, inside) == ()
    assert decision.rows
    if asked.occasion != "plan":
        assert sum(decision.split_g.values()) == decision.rows[0].load_g - load_g
    if decision.raised is None:
        assert decision.rows[-1].load_g <= max(load_g, asked.past[-1].load_g)
    assert decision.why


def test_pain_never_raises_and_red_unloads(build: Any) -> None:
    for nrs in range(11):
        decision = adjust(
            build.request(today=Answers(pain_before=nrs, morning_nrs=2, morning_asked=True)), RULE
        )
        if nrs > 5:
            assert decision.rows[0].load_g == 0
            assert "red" in decision.alerts
        elif nrs > 3:
            assert decision.held


def test_an_empty_dose_tells_staff(build: Any) -> None:
    decision = adjust(build.request(envelope=build.envelope(sides={})), RULE)
    assert decision.rows == ()
    assert "no_safe_dose" in decision.alerts
    assert decision.held


def test_an_unknown_policy_falls_back_and_says_which_one_decided(build: Any) -> None:
    assert adjust(build.request(policy="invented"), RULE).policy == "steady"
    assert adjust(build.request(), RULE).model == "rule-1"
