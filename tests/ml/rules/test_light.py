"""A light set on a spasm day: when there is one, how little it is, and that nothing is learned from it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.envelope import Standing, violations
from contract.machines import catalogue
from contract.messages import History
from ml.adjust import adjust
from ml.belief.state import to_json
from ml.effort.model import RuleEffort
from ml.learning.opening import open_belief
from ml.limiter import bounds
from ml.request import Answers, Course, Request
from ml.rules import light
from ml.rules.assessments import due

RULE = RuleEffort()
ILL = Answers(pain_before=2, spasm=True, morning_nrs=2, morning_asked=True)
USUAL = History(median3_g=10_000, peak_cdeg=4_500, last_regular_g=10_000, peak_regular_cdeg=4_500)
DAY: dict[str, Any] = {
    "occasion": "plan", "today": ILL, "flags": ("no_increase", "spasm"), "standing": Standing(history=USUAL),
    "current": None, "next_set": 1,
}  # fmt: skip


@pytest.fixture
def asked(build: Any) -> Request:
    made: Request = build.request(**DAY)
    return made


def test_a_spasm_day_plans_a_light_set_and_no_other_test(asked: Request) -> None:
    assert due(asked) == ("light",)
    assert due(asked, ("strength", "mobility")) == ("light",)
    assert due(replace(asked, today=Answers(), flags=())) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"past": ()},
        {"kind": "hip_extension"},
        {"flags": ("no_increase", "spasm", "pain_today")},
        {"today": replace(ILL, new_symptoms="limb")},
        {"course": Course(symptoms="limb")},
        {"standing": Standing(history=History())},
        {"standing": Standing(history=replace(USUAL, peak_regular_cdeg=1_600))},
    ],
    ids=["first", "hip", "pain", "symptoms", "symptoms_before", "nothing_usual", "hardly_any_way"],
)
def test_where_anything_else_forbids_a_load_there_is_none(changes: dict[str, Any], asked: Request) -> None:
    assert light.is_due(replace(asked, **changes)) is False


@pytest.mark.parametrize("who", [{"not_cleared": True}, {"systolic_mmhg": 190, "diastolic_mmhg": 100}])
def test_nor_for_whom_a_clinician_has_to_look_first(who: dict[str, Any], asked: Request) -> None:
    assert light.is_due(replace(asked, person=replace(asked.person, **who))) is False


def test_the_trial_has_no_load_and_goes_the_way_of_the_light_set(asked: Request) -> None:
    trial, opened = adjust(replace(asked, tests=("light",)), RULE).rows
    assert (trial.mode, trial.load_g, trial.is_for_staff, trial.reps) == ("mobility", 0, False, 3)
    assert (opened.mode, opened.load_g, opened.end_cdeg) == ("train", 2_500, 2_700)
    assert (opened.is_for_staff, opened.set, trial.set) == (True, 2, 1)
    assert (trial.start_cdeg, trial.end_cdeg) == (opened.start_cdeg, opened.end_cdeg)


def test_the_load_is_never_above_the_calm_one(asked: Request) -> None:
    strong = replace(asked, envelope=replace(asked.envelope, phase="strengthen", phase_cap_g=12_000))
    opened = adjust(replace(strong, tests=("light",)), RULE).rows[-1]
    assert opened.load_g == 2_200  # 0.15 of the signed capacity, where 0.80 of it are 12 kg


@given(
    load_g=st.integers(0, 600).map(lambda steps: steps * 100),
    peak=st.integers(0, 7_200),
    cap_g=st.integers(0, 60_000),
    kind=st.sampled_from(sorted(catalogue())),
    before=st.one_of(st.none(), st.integers(0, 10)),
)
@settings(max_examples=150, deadline=None)
def test_whatever_is_planned_is_inside_the_limits_of_both_ends(
    build: Any, load_g: int, peak: int, cap_g: int, kind: str, before: int | None
) -> None:
    machine = catalogue()[kind]
    side = machine.sides[0]
    past = replace(USUAL, last_regular_g=load_g, peak_regular_cdeg=peak, peak_cdeg=peak)
    envelope = build.envelope(machine_kind=kind, phase_cap_g=cap_g)
    signed = {side: replace(envelope.sides["both"], lowest_cdeg=machine.limit_cdeg[0])}
    made = {**DAY, "standing": Standing(history=past), "today": replace(ILL, pain_before=before)}
    asked = build.request(**made, kind=kind, side=side, envelope=replace(envelope, sides=signed))
    decision = adjust(replace(asked, tests=due(asked)), RULE)
    for dose in decision.rows:
        assert violations(dose, bounds(asked, machine, for_staff=dose.is_for_staff)) == ()
        if not dose.is_for_staff:
            assert dose.load_g == 0
        else:
            assert dose.load_g * 4 <= min(load_g, cap_g)


def done(build: Any, asked: Request, **answers: Any) -> Request:
    """Ask after the trial and the light set, which was far too easy."""
    trial, opened = adjust(replace(asked, tests=("light",)), RULE).rows
    said = Answers(**{"pain_set": 0, "rir": "many", **answers})
    sets = (build.finished(trial, Answers(pain_set=0)), build.finished(opened, said))
    standing = Standing(history=USUAL, accepted_g=2_500, day_start_g=2_500, peaks_cdeg=(2_700,) * 5)
    changes: dict[str, Any] = {"occasion": "answer", "current": opened, "sets": sets, "next_set": 3}
    return replace(asked, tests=("light",), standing=standing, **changes)


def test_the_belief_learns_nothing_from_a_light_set_and_nothing_rises(build: Any, asked: Request) -> None:
    later = done(build, asked)
    decision = adjust(later, RULE)
    assert decision.belief == to_json(open_belief(later).learned.belief)
    assert (decision.held, decision.raised) == (True, None)
    assert decision.rows[-1].load_g <= 2_500
    assert decision.why[0].code == "staff_light"


def test_control_the_same_sets_of_an_ordinary_day_are_learned_from(build: Any, asked: Request) -> None:
    ordinary = replace(done(build, asked), tests=(), today=Answers(pain_before=2), flags=())
    assert adjust(ordinary, RULE).belief != to_json(open_belief(ordinary).learned.belief)


@pytest.mark.parametrize("policy", ["steady", "linear", "apre", "reported_rir"])
def test_no_policy_raises_a_light_set(policy: str, build: Any, asked: Request) -> None:
    decision = adjust(replace(done(build, asked), policy=policy), RULE)
    assert decision.raised is None
    assert decision.rows[-1].load_g <= 2_500


@pytest.mark.parametrize("answers", [{"pain_set": 9}])
def test_red_pain_takes_the_load_away(answers: dict[str, Any], build: Any, asked: Request) -> None:
    decision = adjust(done(build, asked, **answers), RULE)
    assert decision.rows[-1].load_g == 0
    assert decision.why[0].code != "staff_light"


def test_without_a_light_set_in_the_plan_nothing_is_lifted(asked: Request) -> None:
    assert {row.load_g for row in adjust(asked, RULE).rows} == {0}
