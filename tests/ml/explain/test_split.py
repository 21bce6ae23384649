"""The change of load is an exact sum of facts, rules and limits, for any request and every policy."""

from dataclasses import replace
from math import exp
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.messages import Flag
from ml.adjust import adjust
from ml.belief.capacity import effort_cr10, expected_reps, fitting_load_g
from ml.belief.priors import prior
from ml.belief.state import CAPACITY, MACHINE, SLOPE, from_json, to_json
from ml.decision import Decision
from ml.effort.model import RuleEffort
from ml.explain import sentences
from ml.explain.split import PASSED, Path, fit, load_sd, log_load, path, shape_of
from ml.learning.observations import Move
from ml.policies import POLICIES
from ml.request import Answers, Request
from ml.rules.effort_target import effort_target

RULE = RuleEffort()
FLAGS: tuple[Flag, ...] = ("calibrating", "no_increase", "returning", "pain_today")

answers = st.builds(
    Answers,
    pain_before=st.none() | st.integers(0, 7),
    pain_set=st.none() | st.integers(0, 7),
    rir=st.sampled_from([None, "0", "1-2", "3-5", "many"]),
    morning_nrs=st.none() | st.integers(0, 7),
    morning_asked=st.booleans(),
)
GOOD = {
    "today": Answers(pain_before=2, morning_nrs=2),
    "after": Answers(pain_set=2, rir="many"),
    "done": 16,
    "ended_by": "target",
    "policy": "steady",
}


@st.composite
def happenings(draw: Any) -> dict[str, Any]:
    """Draw anything that may happen; every second time a good set on a green day."""
    made = {
        "today": draw(answers),
        "after": draw(answers),
        "load_g": draw(st.integers(1, 400)) * 100,
        "done": draw(st.integers(0, 20)),
        "ended_by": draw(st.sampled_from(["target", "effort", "tempo", "range", "pain", "too_heavy"])),
        "policy": draw(st.sampled_from(sorted(POLICIES))),
        "days_away": draw(st.none() | st.floats(0, 90)),
        "occasion": draw(st.sampled_from(["plan", "set_end", "answer"])),
        "flags": tuple(draw(st.sets(st.sampled_from(FLAGS)))),
        "profile": draw(st.sampled_from(["rehab", "studio"])),
        "phase": draw(st.sampled_from(["restore", "build", "strengthen", "maintain"])),
        "visit": draw(st.integers(2, 24)),
        "kept_low_g": draw(st.none() | st.sampled_from([0, 3_000, 5_000, 7_500])),
        "signed_g": draw(st.sampled_from([4_000, 8_000, 40_000])),
    }
    return made | GOOD if draw(st.booleans()) else made


def asked(build: Any, what: dict[str, Any]) -> Request:
    """Make a request of what happened; the belief is a few days old.

    `kept_low_g`: the load (g) of the last visit after one with red pain.
    """
    what = dict(what)
    if (low_g := what.pop("kept_low_g")) is not None:
        red = build.summary(4, pain_set=8)
        what["past"] = (build.summary(7), red, build.summary(3, load_g=low_g))
    current = build.dose(load_g=what.pop("load_g"))
    facts = build.finished(current, what.pop("after"), done=what.pop("done"), ended_by=what.pop("ended_by"))
    signed_g = what.pop("signed_g")
    envelope = build.envelope(phase=what.pop("phase"), phase_cap_g=signed_g, max_load_g=60_000)
    before = replace(
        prior(build.person(), "lumbar_extension", "both"),
        sessions=9,
        updated_ms=build.now_ms - 14 * build.day_ms,
    )
    made: Request = build.request(
        current=current, sets=(facts,), envelope=envelope, belief=to_json(before), **what
    )
    return made if made.occasion != "plan" else replace(made, current=None, sets=(), next_set=1)


@settings(max_examples=120, deadline=None)
@given(happenings())
def test_the_parts_add_up_to_the_whole_change(build: Any, what: dict[str, Any]) -> None:
    request = asked(build, what)
    decision = adjust(request, RULE)
    before_g = request.current.load_g if request.current else request.past[-1].load_g
    if decision.rows:
        assert sum(decision.split_g.values()) == decision.rows[-1].load_g - before_g
    assert 0 not in decision.split_g.values()
    said = sentences.split(decision.split_g, "en", values=sentences.known_values(decision.why))
    assert "?" not in said
    shown = [float(term.split(" kg ")[0]) for term in said.split(", ") if " kg " in term]
    assert round(sum(shown), 2) == round(sum(decision.split_g.values()) / 1000, 2)


@settings(max_examples=40, deadline=None)
@given(happenings())
def test_what_the_facts_did_adds_up_to_the_load_believed_to_fit(build: Any, what: dict[str, Any]) -> None:
    request = asked(build, what)
    decision = adjust(request, RULE)
    start_g = decision.fitting_g - sum(decision.moved_g.values())
    assert decision.fitting_g > 0
    assert start_g > 0
    for code in (*decision.moved_g, *decision.split_g):
        assert not sentences.part(code, "zh", sentences.known_values(decision.why)).isascii(), code


@settings(max_examples=60, deadline=None)
@given(happenings())
def test_every_decision_names_what_bound_it_in_words(build: Any, what: dict[str, Any]) -> None:
    decision = adjust(asked(build, what), RULE)
    assert decision.binding is not None
    values = sentences.known_values(decision.why)
    for language in ("en", "zh"):
        said = [sentences.part(decision.binding, language, values), sentences.patient(decision, language)]
        said += [
            sentences.against(decision.counter, language),
            sentences.confidence(decision.confidence, language),
        ]
        said += [sentences.sentence(why, language) for why in decision.why]
        assert not [text for text in said if "?" in text or "{" in text or "_" in text]
    assert [why.code for why in decision.why if not sentences.is_known(why.code)] == []


def raised(build: Any, **changes: Any) -> Decision:
    """Decide after a good, complete set of a full dose: only the load is left to rise."""
    current = build.dose(start_cdeg=0, end_cdeg=6_000, reps=20, work_ms=100_000)
    standing = replace(build.request().standing, range_cdeg=(0, 6_000), peaks_cdeg=(6_000,) * 3)
    facts = (build.finished(current, changes.pop("answers", Answers(pain_set=2, rir="many"))),)
    envelope = build.envelope(phase_cap_g=40_000, max_load_g=60_000)
    return adjust(
        build.request(current=current, standing=standing, sets=facts, envelope=envelope, **changes), RULE
    )


def test_a_rise_is_split_into_every_fact_the_step_and_the_damping(build: Any) -> None:
    stored = replace(
        prior(build.person(), "lumbar_extension", "both"),
        sessions=9,
        updated_ms=build.now_ms - 24 * build.day_ms,
    )
    decision = raised(build, belief=to_json(stored))
    assert decision.raised == "load"
    told = decision.split_g
    assert {"detraining", "reported_set_1", "speed_set_1", "completed_set_1"} <= set(told)
    assert told["detraining"] < 0 < told["reported_set_1"]
    assert sum(told.values()) == decision.rows[-1].load_g - 10_000 > 0


def test_what_was_out_of_reach_is_no_part_of_the_change(build: Any) -> None:
    """A light dose has kilograms of room above it: one step a session cancels them first."""
    light = build.dose(start_cdeg=0, end_cdeg=6_000, reps=20, work_ms=100_000, load_g=2_000)
    standing = replace(build.request().standing, range_cdeg=(0, 6_000), peaks_cdeg=(6_000,) * 3)
    facts = (build.finished(light, Answers(pain_set=2, rir="many")),)
    envelope = build.envelope(phase_cap_g=40_000, max_load_g=60_000)
    decision = adjust(build.request(current=light, standing=standing, sets=facts, envelope=envelope), RULE)
    assert decision.raised == "load"
    assert decision.fitting_g > 4_000
    assert not {"known_before", "one_step"} <= set(decision.split_g)


def test_what_people_say_moves_the_split_its_way(build: Any) -> None:
    few, many = raised(build, answers=Answers(pain_set=2, rir="1-2")), raised(build)
    assert few.moved_g["reported_set_1"] < 0 < many.moved_g["reported_set_1"]
    assert few.fitting_g < many.fitting_g


def test_a_law_that_lowers_is_the_whole_split(build: Any) -> None:
    facts = (build.finished(build.dose(), Answers(pain_set=7, rir="many")),)
    decision = adjust(build.request(sets=facts), RULE)
    assert decision.split_g == {"red_pain": -10_000}
    assert decision.binding == "red_pain"


def test_the_load_that_meets_the_effort_has_that_effort(build: Any) -> None:
    request = build.request()
    belief = prior(request.person, request.kind, "both")
    dose = build.dose()
    load_kg = exp(log_load(belief.state.mean, shape_of(request, dose)))
    reps, _ = expected_reps(belief, replace(dose, load_g=round(load_kg * 1000)))
    assert effort_cr10(dose.reps, reps) == pytest.approx(effort_target(request), abs=0.02)


def test_the_load_told_is_the_one_that_the_policies_aim_at(build: Any) -> None:
    request = build.request(sets=(build.finished(build.dose(), Answers(pain_set=2, rir="1-2")),))
    decision = adjust(request, RULE)
    belief = from_json(decision.belief)
    assert belief is not None
    aimed_g = fitting_load_g(belief, decision.rows[0], effort_target(request))
    assert decision.fitting_g == pytest.approx(aimed_g, abs=10)


def test_the_spread_of_that_load_is_the_spread_of_the_belief(build: Any) -> None:
    """First order against the exact load at one sigma of each state."""
    request = build.request()
    belief, shape = prior(request.person, request.kind, "both"), shape_of(request, build.dose())
    middle = log_load(belief.state.mean, shape)
    squares = 0.0
    for index in (CAPACITY, SLOPE):
        moved = list(belief.state.mean)
        moved[index] += 0.01 * belief.sd(index)
        squares += ((log_load(tuple(moved), shape) - middle) / 0.01) ** 2
    assert load_sd(belief, shape) == pytest.approx(squares**0.5, rel=0.01)


def test_time_is_told_apart_from_the_facts_of_today(build: Any) -> None:
    stored = replace(prior(build.person(), "lumbar_extension", "both"), sessions=3, updated_ms=0)
    mean = list(stored.state.mean)
    mean[CAPACITY] += 0.02
    today = replace(
        stored, sessions=4, updated_ms=24 * build.day_ms, state=stored.state._replace(mean=tuple(mean))
    )
    mean[CAPACITY] -= 0.1
    tired = [value - 0.05 * (index == MACHINE) for index, value in enumerate(mean)]
    found = path(stored, today, (Move("speed_set_1", tuple(mean)), Move("tired_set_1", tuple(tired))), 41)
    assert {move.code for move in found.moves} == {*PASSED, "speed_set_1", "tired_set_1"}
    fitting = fit(build.request(), build.dose(), found)
    assert fitting.moved_g["detraining"] < 0 < fitting.moved_g["growth"]
    assert fitting.moved_g["speed_set_1"] < fitting.moved_g["tired_set_1"] < 0
    assert fitting.today_percent == pytest.approx(100 * (exp(-0.1) - 1), abs=0.1)


def test_within_a_session_only_the_facts_count(build: Any) -> None:
    stored = replace(prior(build.person(), "lumbar_extension", "both"), sessions=4)
    assert path(stored, stored, (), 41) == Path(start=stored.state.mean, moves=())
    assert path(None, stored, (), 41) == Path(start=stored.state.mean, moves=())
    assert from_json(to_json(stored)) is not None


def test_the_way_from_the_warm_up_is_named(build: Any) -> None:
    warm = build.dose(mode="warm_up", load_g=5_000, reps=5)
    facts = (build.finished(warm, Answers(pain_set=2)),)
    decision = adjust(build.request(current=warm, sets=facts, session_number=1, visit=1), RULE)
    assert "ramp" in decision.split_g
    assert sum(decision.split_g.values()) == decision.rows[-1].load_g - 5_000
    assert [why.code for why in decision.why] == ["climb", "cap_first_session"]
    assert sentences.patient(decision, "en").startswith("Step by step: the weight goes from 5 kg to ")


SHAPES = ((3_500, 6), (4_500, 16))  # end (cdeg) and reps in force: less than a lowered dose, or as usual


@settings(max_examples=300, deadline=None)
@given(happenings(), st.none() | st.integers(1, 400), st.booleans(), st.sampled_from(SHAPES))
def test_a_load_that_changes_is_never_called_unchanged(
    build: Any, what: dict[str, Any], planned: int | None, is_first: bool, shape: tuple[int, int]
) -> None:
    request = asked(build, what)
    if is_first and request.current is not None:  # before the first set the plan's row is in force
        standing = replace(request.standing, peaks_cdeg=(), range_cdeg=None, accepted_g=None)
        row = replace(request.current, load_g=(planned or 0) * 100, end_cdeg=shape[0], reps=shape[1])
        current = None if planned is None else row
        request = replace(request, sets=(), next_set=1, current=current, standing=standing)
    before = request.past[-1] if request.current is None else request.current
    decision = adjust(request, RULE)
    mode = "train" if request.current is None else request.current.mode
    if decision.rows and decision.rows[-1].mode != mode:
        return  # a warm-up instead of a set of work is no fall
    after_g = decision.rows[-1].load_g if decision.rows else 0
    codes = [why.code for why in decision.why]
    if after_g < before.load_g:
        risen = ("cap_", "plan_", "climb", "raise_load")
        assert not [code for code in codes if code.startswith(("hold_", *risen))], codes
        assert codes[0].startswith(("lower_", "limit_", "no_safe_dose", "staff_light")), codes
        if codes[0].startswith("limit_"):  # the page's sign stands on it
            assert decision.why[0].values == {"from_g": before.load_g, "to_g": after_g}
    if after_g > before.load_g:
        assert not [code for code in codes if code.startswith(("hold_", "stay_", "plan_last"))], codes
        assert {"raise_load", "plan_back", "climb", "staff_light"} & set(codes[:2]), codes
        row = decision.rows[-1]
        is_narrower = row.end_cdeg - row.start_cdeg < before.end_cdeg - before.start_cdeg
        if not is_narrower and row.reps >= before.reps:
            assert not [code for code in codes if code.startswith("lower_")], codes
