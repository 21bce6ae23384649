"""How `steady` chooses: half of the way, what rises first, what is tried and what is taken back."""

from dataclasses import replace
from typing import Any

import pytest
from policy_scene import evidence

from contract.envelope import Standing
from ml.belief.capacity import fitting_load_g
from ml.belief.kalman import Gaussian
from ml.belief.priors import prior
from ml.belief.state import RANGE, Belief
from ml.evidence import gather
from ml.learning.tolerance import range_logit
from ml.policies import POLICIES
from ml.request import Answers, Raised, Request
from ml.rules.effort_target import effort_target


def test_steady_goes_half_of_the_way_to_the_load_of_the_effort(build: Any) -> None:
    current = build.dose(start_cdeg=0, end_cdeg=6_000, reps=20, work_ms=100_000, load_g=7_000)
    standing = replace(build.request().standing, range_cdeg=(0, 6_000), peaks_cdeg=(6_000,) * 3)
    standing = replace(standing, accepted_g=7_000, day_start_g=7_000)
    facts = (build.finished(current, Answers(pain_set=2, rir="many")),)
    known = evidence(build, current=current, standing=standing, sets=facts)
    wish = POLICIES["steady"](known)
    assert wish.raised == "load"
    wanted_g = fitting_load_g(known.belief, wish.dose, effort_target(known.request))
    half_g = 7_000 + (wanted_g - 7_000) / 2
    assert wish.dose.load_g == min(int(half_g) // 100 * 100, 7_300)  # at most the step of 5 %


@pytest.mark.parametrize("short", [0.94, 0.96])
def test_where_the_step_leaves_room_half_of_the_way_binds(build: Any, short: float) -> None:
    shape = build.dose(start_cdeg=0, end_cdeg=6_000, reps=8, work_ms=0)
    strengthen = build.envelope(phase="strengthen", phase_cap_g=60_000)
    belief = sure(build)
    wanted_g = fitting_load_g(belief, shape, 6.5)
    current = replace(shape, load_g=int(short * wanted_g) // 100 * 100)
    asked = build.request(
        current=current, sets=(build.finished(current, Answers(pain_set=2, rir="3-5")),), envelope=strengthen,
        standing=whole(build, current.load_g), raised_today="load",
    )  # fmt: skip
    wish = POLICIES["steady"](gather(asked, belief))
    assert (wish.raised, wish.cap) == ("load", "damping")
    risen_g = wish.dose.load_g - current.load_g
    assert risen_g == pytest.approx((wanted_g - current.load_g) / 2, abs=0.01 * wanted_g)
    assert risen_g < 0.8 * (wanted_g - current.load_g)


def whole(build: Any, load_g: int) -> Standing:
    """Stand on a first set over the whole range at that load."""
    usual: Standing = build.request().standing
    past = replace(usual.history, median3_g=load_g, peak_cdeg=6_000, last_regular_g=load_g)
    return replace(usual, history=past, range_cdeg=(0, 6_000), peaks_cdeg=(6_000,) * 3, accepted_g=load_g,
                   day_start_g=load_g)  # fmt: skip


def sure(build: Any) -> Belief:
    """Believe the prior, but hardly doubt it."""
    belief = prior(build.person(), "lumbar_extension", "both")
    covariance = tuple(tuple(0.02 * value for value in row) for row in belief.state.covariance)
    return replace(belief, state=belief.state._replace(covariance=covariance))


@pytest.mark.parametrize(("profile", "raised"), [("studio", "load"), ("rehab", None)])
def test_a_member_rises_at_the_first_set_too_once_today_is_green(
    build: Any, profile: str, raised: str | None
) -> None:
    wide = {"start_cdeg": 0, "end_cdeg": 6_000, "reps": 20, "work_ms": 100_000, "load_g": 7_000}
    past = tuple(build.summary(days, effort_cr10=2.5, **wide) for days in (11, 7, 4))
    fresh = replace(whole(build, 7_000), range_cdeg=None, peaks_cdeg=(), accepted_g=None, day_start_g=0)
    asked = build.request(profile=profile, past=past, standing=fresh, current=None, sets=(), next_set=1)
    wish = POLICIES["steady"](gather(asked, sure(build)))
    assert wish.raised == raised
    assert wish.base.load_g < wish.dose.load_g <= 7_560 or raised is None  # .08 a setting (design page 5)
    sore = replace(asked, today=replace(asked.today, pain_before=5))
    careful = replace(asked, person=build.person(age_years=78))
    for quiet in (sore, careful, replace(asked, today=replace(asked.today, pain_before=None))):
        assert POLICIES["steady"](gather(quiet, sure(build))).raised is None


def test_a_member_below_the_effort_takes_what_comes_nearest(build: Any) -> None:
    light = build.dose(load_g=5_000, reps=18, work_ms=90_000)
    asked = build.request(
        current=light, sets=(build.finished(light, Answers(pain_set=2, rir="many")),),
        standing=replace(whole(build, 5_000), range_cdeg=(1_000, 4_500)), flags=("calibrating",),
        ceiling_g=20_000,
    )  # fmt: skip
    patient = POLICIES["steady"](gather(asked, sure(build)))
    assert patient.raised == "time"
    member = POLICIES["steady"](gather(replace(asked, profile="studio"), sure(build)))
    assert "effort_below" in member.situations
    assert member.raised == "load"  # two reps more are less than a quarter of the load
    scores = [one.score for one in member.candidates if one.allowed]
    best = next(one for one in member.candidates if one.score == max(scores))
    assert (member.dose.load_g, member.dose.reps) == (best.load_g, best.reps)


@pytest.mark.parametrize(("thing", "raised"), [("range", None), ("time", None), ("load", "load")])
def test_range_and_time_rise_once_a_session_load_at_every_setting(
    build: Any, thing: Raised, raised: str | None
) -> None:
    full = build.dose(start_cdeg=0, end_cdeg=6_000, reps=14, work_ms=70_000, load_g=7_000)
    asked = build.request(
        profile="studio", current=full, sets=(build.finished(full, Answers(pain_set=2, rir="many")),),
        standing=replace(whole(build, 7_000), range_cdeg=(500, 6_000)), raised_today=thing,
    )  # fmt: skip
    assert POLICIES["steady"](gather(asked, sure(build))).raised == raised


def test_no_load_rises_that_leaves_the_zone_of_the_effort_below(build: Any) -> None:
    full = build.dose(start_cdeg=0, end_cdeg=6_000, reps=20, work_ms=100_000)
    load_g = fitting_load_g(sure(build), full, 4.3) // 100 * 100
    full = replace(full, load_g=load_g)
    asked = build.request(
        current=full, sets=(build.finished(full, Answers(pain_set=2, rir="many")),),
        standing=whole(build, load_g), envelope=build.envelope(phase_cap_g=60_000),
    )  # fmt: skip
    wish = POLICIES["steady"](gather(asked, sure(build)))
    assert wish.situations == ("all_good",)
    assert wish.raised is None  # back at 14 reps the step would be an effort of about 3
    assert any(one.reps == 14 and one.allowed for one in wish.candidates)


def test_below_its_effort_a_dose_is_filled_by_half_of_the_way_then_loaded(build: Any) -> None:
    whole = {"start_cdeg": 0, "end_cdeg": 6_000}
    standing = replace(build.request().standing, range_cdeg=(0, 6_000), peaks_cdeg=(6_000,) * 3)
    standing = replace(standing, accepted_g=8_000, day_start_g=8_000)
    for reps, wished in ((16, ("time", 18, 8_000)), (20, ("load", 20, 8_400))):
        light = build.dose(load_g=8_000, reps=reps, work_ms=reps * 5_000, **whole)
        facts = (build.finished(light, Answers(pain_set=2, rir="many")),)
        wish = POLICIES["steady"](evidence(build, current=light, standing=standing, sets=facts))
        assert (wish.raised, wish.dose.reps, wish.dose.load_g) == wished


def test_where_the_limits_leave_no_step_of_load_something_else_rises(build: Any) -> None:
    capped, full = build.envelope(phase_cap_g=10_100), build.dose(reps=20, work_ms=100_000)
    facts = (build.finished(full, Answers(pain_set=2, rir="many")),)
    wish = POLICIES["steady"](evidence(build, envelope=capped, current=full, sets=facts))
    assert wish.raised == "range"


def test_steady_takes_load_back_when_the_effort_will_leave_its_zone(build: Any) -> None:
    belief = prior(build.person(), "lumbar_extension", "both")
    heavy = build.dose(load_g=fitting_load_g(belief, build.dose(), 8.0) // 100 * 100)
    facts = (build.finished(heavy, Answers(pain_set=2, rir="3-5")),)
    asked = build.request(current=heavy, sets=facts, envelope=build.envelope(phase="strengthen"), visit=12)
    sure = tuple(tuple(0.02 * value for value in row) for row in belief.state.covariance)
    known = replace(belief, state=belief.state._replace(covariance=sure))
    wish = POLICIES["steady"](gather(asked, known))
    assert (wish.binding, wish.raised) == ("effort_zone", None)
    assert wish.dose.load_g < wish.base.load_g


def test_steady_logs_every_candidate_with_its_chances(build: Any) -> None:
    wish = POLICIES["steady"](evidence(build))
    assert len(wish.candidates) >= 2
    assert all(
        0 <= candidate.p_too_hard <= 1 and 0 <= candidate.p_flare <= 1 for candidate in wish.candidates
    )


def test_steady_takes_load_back_when_failure_is_likely(build: Any) -> None:
    heavy = build.dose(load_g=19_000)
    asked = build.request(
        current=heavy,
        sets=(build.finished(heavy, Answers(pain_set=2, rir="1-2")),),
        standing=replace(build.request().standing, accepted_g=19_000, day_start_g=19_000),
    )
    wish = POLICIES["steady"](gather(asked, prior(asked.person, asked.kind, asked.side)))
    assert wish.binding == "chance_too_hard"
    assert wish.dose.load_g < wish.base.load_g
    assert wish.raised is None


def test_a_range_that_falls_a_little_short_is_asked_for_as_reached(build: Any) -> None:
    short = build.finished(build.dose(), Answers(pain_set=2, rir="many"), rep_changes={"end_deg": 41.0})
    wish = POLICIES["steady"](evidence(build, sets=(short,)))
    assert "range_short" in wish.situations
    assert (wish.dose.start_cdeg, wish.dose.end_cdeg, wish.dose.load_g) == (1_000, 4_100, 10_000)


@pytest.mark.parametrize(
    ("tolerated_cdeg", "doubt", "span"),
    [
        (5_500, 0.1, (1_000, 5_000)),  # known to be tolerated: the end
        (4_500, 0.1, (500, 4_500)),  # not known: the start
        (4_500, 0.5, (500, 4_500)),
    ],
)
def test_the_range_opens_where_it_is_tolerated(
    build: Any, tolerated_cdeg: int, doubt: float, span: tuple[int, int]
) -> None:
    asked = build.request(envelope=build.envelope(phase="restore"), current=build.dose(reps=10, work_ms=0))
    wish = POLICIES["steady"](gather(asked, reaching(asked, tolerated_cdeg, doubt)))
    assert (wish.raised, wish.dose.start_cdeg, wish.dose.end_cdeg) == ("range", *span)


@pytest.mark.parametrize(("doubt", "raised"), [(0.1, "time"), (0.5, "range")])
def test_an_end_beyond_belief_is_tried_only_in_doubt(build: Any, doubt: float, raised: str) -> None:
    current = build.dose(start_cdeg=0, reps=10, work_ms=0)
    standing = replace(build.request().standing, range_cdeg=(0, 4_500))
    restore = build.envelope(phase="restore")
    asked = build.request(envelope=restore, current=current, standing=standing)
    assert POLICIES["steady"](gather(asked, reaching(asked, 4_500, doubt))).raised == raised


def reaching(asked: Request, tolerated_cdeg: int, doubt: float) -> Belief:
    """Believe a tolerated end with so much doubt (logit)."""
    belief = prior(asked.person, asked.kind, asked.side)
    mean = list(belief.state.mean)
    mean[RANGE] = range_logit(asked.kind, tolerated_cdeg)
    rows = [list(row) for row in belief.state.covariance]
    rows[RANGE][RANGE] = doubt**2
    return replace(belief, state=Gaussian(tuple(mean), tuple(tuple(row) for row in rows)))


@pytest.mark.parametrize(("profile", "reps"), [("rehab", 18), ("studio", 20)])
def test_patients_fill_reps_by_half_members_at_once(build: Any, profile: str, reps: int) -> None:
    light = build.dose(load_g=8_000)
    facts = (build.finished(light, Answers(pain_set=2, rir="many")),)
    wish = POLICIES["steady"](evidence(build, current=light, sets=facts, profile=profile))
    assert (wish.raised, wish.dose.reps) == ("time", reps)
