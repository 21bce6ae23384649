"""What-if: the same facts, another policy or other limits; never another belief."""

from collections.abc import Sequence
from dataclasses import replace
from math import log
from typing import Any

import pytest

from contract.envelope import Standing
from contract.messages import Envelope, History
from ml.adjust import adjust
from ml.belief.capacity import effective_kg
from ml.belief.kalman import Gaussian
from ml.belief.priors import prior
from ml.belief.state import CAPACITY, SLOPE, from_json, to_json
from ml.effort.model import RuleEffort
from ml.policies import POLICIES
from ml.request import Answers, Dose, Request
from ml.whatif import Change, DoneSet, OtherLimits, compare, simulate
from ml.whatif.change import changed, limited

NOTHING = Change()
LINEAR = Change(policy="linear")


def _done(request: Request, number: int = 2, session: str = "s1", **changes: Any) -> DoneSet:
    """Ask `steady`, and let its dose be applied as it was sent."""
    decision = adjust(request, RuleEffort())
    dose = next(row for row in decision.rows if row.set == number)
    made = DoneSet(
        session=session,
        opened_ms=request.now_ms - 600_000,
        set=number,
        decision=f"{session}-{number}",
        request=request,
        sent=dose,
        applied=dose,
        raised=decision.raised,
        why=tuple(why.code for why in decision.why),
        pain_set=1,
    )
    return replace(made, **changes)


def _believed(build: Any, dose: Dose, reps: float) -> dict[str, Any]:
    """Believe, quite surely, that so many reps of a dose are possible."""
    belief = prior(build.person(), "lumbar_extension", "both")
    mean = list(belief.state.mean)
    slope = 0.03
    mean[SLOPE] = log(slope)
    mean[CAPACITY] = log(effective_kg("lumbar_extension", dose) * (1.0 + slope * reps))
    covariance = tuple(tuple(value * 0.02 for value in row) for row in belief.state.covariance)
    state = Gaussian(tuple(mean), covariance)
    return to_json(replace(belief, state=state, sessions=10, updated_ms=build.now_ms))


def _strong(build: Any, reps: float = 13.5, **changes: Any) -> Request:
    """A healthy member in strengthen, close to the effort that the phase wants."""
    dose = build.dose(load_g=30_000, reps=10, work_ms=0)
    facts = build.finished(dose, Answers(pain_set=1, rir="3-5"))
    limits = build.envelope(phase="strengthen", phase_cap_g=55_000)
    history = History(day_start_g=0, median3_g=30_000, peak_cdeg=4_500, last_regular_g=30_000)
    wanted = {
        "standing": Standing(
            history=history,
            accepted_g=30_000,
            day_start_g=30_000,
            range_cdeg=(1_000, 4_500),
            peaks_cdeg=(4_500,) * 5,
        ),
        "envelope": limits,
        "profile": "studio",
        "current": dose,
        "sets": (facts,),
        "past": tuple(
            build.summary(days, load_g=30_000, reps=10, work_ms=0, effort_cr10=7.0) for days in (11, 7, 4)
        ),
        "today": Answers(pain_before=1, morning_nrs=1, morning_asked=True),
        "belief": _believed(build, dose, reps),
        "model": "rule-1",
    }
    made: Request = build.request(**(wanted | changes))
    return made


def _courses(build: Any) -> list[DoneSet]:
    return [
        _done(_strong(build, 12.0 + 0.25 * index), session=f"s{index}", decision=f"d{index}")
        for index in range(12)
    ]


def test_with_nothing_changed_nothing_differs(build: Any) -> None:
    found = compare(_courses(build), NOTHING, RuleEffort)
    assert (found.differing, found.drifted, found.decisions) == (0, 0, 12)
    assert found.real == found.other
    assert [one.other for one in found.steps] == [one.real for one in found.steps]


def test_linear_overshoots_where_steady_holds(build: Any) -> None:
    found = compare(_courses(build), LINEAR, RuleEffort)
    assert found.other.hard > found.real.hard
    assert found.other.mean_load_g > found.real.mean_load_g
    assert found.other.mean_p_too_hard > found.real.mean_p_too_hard
    assert found.codes["raise_load"][1] > found.codes.get("raise_load", (0, 0))[0]
    assert found.differing == sum(one.is_different for one in found.steps) > 0


def test_both_doses_are_judged_by_the_belief_of_the_same_facts(build: Any) -> None:
    done = _courses(build)[:1]
    found = compare(done, LINEAR, RuleEffort).steps[0]
    assert found.other is not None
    assert found.other.dose.load_g > found.real.dose.load_g
    assert found.other.effort > found.real.effort
    applied = replace(done[0].applied, load_g=done[0].applied.load_g - 5_000)
    lighter = compare([replace(done[0], applied=applied)], LINEAR, RuleEffort).steps[0]
    assert lighter.real.effort < found.real.effort
    assert lighter.other == found.other


@pytest.mark.parametrize("policy", POLICIES)
def test_every_policy_can_be_asked_and_stays_inside_the_limits(build: Any, policy: str) -> None:
    low = Change(policy=policy, limits=OtherLimits(max_load_g=25_000))
    for run in (compare, simulate):
        found = run(_courses(build)[:3], low, RuleEffort)
        assert all(one.other is None or one.other.dose.load_g <= 25_000 for one in found.steps)


def test_other_limits_alone_leave_the_policy(build: Any) -> None:
    found = compare(_courses(build)[:2], Change(limits=OtherLimits(max_load_g=20_000)), RuleEffort)
    assert found.differing == 2
    assert {one.other.dose.load_g for one in found.steps if one.other} == {20_000}


def test_another_phase_moves_its_cap_with_its_share(build: Any) -> None:
    signed: Envelope = build.envelope(phase="build", phase_cap_g=9_000)
    assert limited(signed, OtherLimits(phase="strengthen")).phase_cap_g == 16_000
    assert limited(signed, OtherLimits(phase="strengthen", phase_cap_g=7_000)).phase_cap_g == 7_000
    assert limited(signed, OtherLimits()) == signed
    side = limited(signed, OtherLimits(lowest_cdeg=500, highest_cdeg=4_000)).sides["both"]
    assert (side.lowest_cdeg, side.highest_cdeg) == (500, 4_000)


def test_no_safe_dose_is_a_difference_with_a_reason(build: Any) -> None:
    narrow = Change(limits=OtherLimits(lowest_cdeg=1_000, highest_cdeg=1_200))
    found = compare(_courses(build)[:1], narrow, RuleEffort)
    assert found.steps[0].other is None
    assert (found.differing, found.other.sets) == (1, 0)
    assert found.codes["no_safe_dose"] == (0, 1)


def test_what_another_model_decided_is_left_out_and_counted(build: Any) -> None:
    foreign = [replace(one, request=replace(one.request, model="effort-0")) for one in _courses(build)[:2]]
    for run in (compare, simulate):
        found = run([*foreign, *_courses(build)[2:3]], LINEAR, RuleEffort)
        assert len(found.steps) == 1
        assert list(found.left_out.values()) == [2]


def test_another_version_of_the_software_is_told_from_another_policy(build: Any) -> None:
    one = _courses(build)[0]
    drifted = replace(one, sent=replace(one.sent, load_g=one.sent.load_g + 100))
    assert compare([drifted, *_courses(build)[1:3]], LINEAR, RuleEffort).drifted == 1


def _visits(build: Any, visits: int) -> Sequence[DoneSet]:
    """Two sets a visit, four days apart, always at the same load: the plan's set, and one more."""
    found = []
    for visit in range(visits):
        usual = _strong(build, 15.0)
        shift_ms = visit * 4 * build.day_ms
        past = tuple(
            replace(
                build.summary(0, load_g=30_000, reps=10, work_ms=0, effort_cr10=6.5),
                wall_ms=usual.now_ms + earlier * 4 * build.day_ms - 600_000,
                visit=10 + earlier,
            )
            for earlier in range(-3, visit)
        )
        later = replace(usual, now_ms=usual.now_ms + shift_ms, visit=10 + visit, past=past)
        planned = replace(
            later,
            occasion="plan",
            current=None,
            next_set=1,
            sets=(),
            standing=Standing(history=usual.standing.history),
        )
        for number, asked in ((1, planned), (2, later)):
            done = _done(asked, number, session=f"v{visit}", opened_ms=later.now_ms - 600_000)
            found.append(done)
    return found


def test_simulated_the_other_side_goes_on_from_its_own_doses(build: Any) -> None:
    visits = _visits(build, 6)
    one_step, led = compare(visits, LINEAR, RuleEffort), simulate(visits, LINEAR, RuleEffort)
    assert (one_step.simulated, led.simulated) == (False, True)
    loads = [one.other.dose.load_g for one in led.steps if one.other]
    assert max(loads) > max(one.other.dose.load_g for one in one_step.steps if one.other)
    assert [one.real for one in led.steps] == [one.real for one in one_step.steps]


def test_simulated_is_the_same_every_time_and_changes_no_question(build: Any) -> None:
    visits = _visits(build, 3)
    before = [one.request for one in visits]
    assert simulate(visits, LINEAR, RuleEffort) == simulate(visits, LINEAR, RuleEffort)
    assert [one.request for one in visits] == before


def test_the_question_keeps_its_facts(build: Any) -> None:
    request = _strong(build)
    other = changed(request, Change(policy="medx", limits=OtherLimits(max_load_g=1_000)))
    assert replace(other, policy=request.policy, envelope=request.envelope) == request
    assert from_json(adjust(other, RuleEffort()).belief) == from_json(adjust(request, RuleEffort()).belief)
