"""Requests whose answer hangs on the belief: people known well or hardly, near and far from the effort."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from contract.messages import History
from ml.belief.kalman import Gaussian
from ml.belief.priors import prior
from ml.belief.state import CAPACITY, PAIN, RANGE, SLOPE, to_json
from ml.effort.model import RULE_NAME
from ml.request import Answers, Request

FACTS = ("done", "ended_by", "rep_changes")


def scenes(build: Any) -> Iterator[tuple[str, Request]]:
    """Name a dozen sets of people whose range and reps are complete: only the load is left to rise."""
    many, some, few = (Answers(pain_set=2, rir=said) for said in ("many", "3-5", "1-2"))
    yield "known_well_and_too_light", after(build, 10_000, many)
    yield "known_well_and_near_the_effort", after(build, 14_500, some)
    yield "hardly_known", after(build, 10_000, many, belief=known(build, 0.3, 2), session_number=3)
    yield "rises_although_pain_three", after(build, 10_000, replace(many, pain_set=3))
    yield "rises_although_few_were_left", after(build, 10_000, few)
    long_ago = known(build, 0.08, 12, days=14.0)
    yield "fourteen_days_away", after(build, 13_000, some, belief=long_ago, days_away=14.0)
    yield "failed_before_the_end", after(build, 14_000, many, ended_by="tempo", done=9)
    yield "too_heavy", after(build, 24_000, some)
    yield "stopped_with_a_little_left", after(build, 15_000, few, ended_by="effort", done=12)
    signed = build.envelope(phase="strengthen", phase_cap_g=60_000, max_load_g=10_000)
    yield "signed_limit", after(build, 10_000, many, envelope=signed)
    lower = build.envelope(phase="strengthen", phase_cap_g=60_000, max_load_g=9_000)
    yield "signed_limit_was_lowered", after(build, 10_000, many, envelope=lower)
    studio = {"profile": "studio", "flags": ("calibrating",), "ceiling_g": 40_000}
    yield "studio_still_calibrating", after(build, 6_000, many, **studio)
    yield "linear_rule", after(build, 10_000, many, policy="linear")
    yield "reported_rule_goes_down", after(build, 10_000, few, policy="reported_rir")


def known(build: Any, spread: float, sessions: int, days: float = 4.0) -> dict[str, Any]:
    """Make a stored belief: SD of log capacity and slope, sessions behind it, days since the last."""
    belief = prior(build.person(), "lumbar_extension", "both")
    mean, covariance = list(belief.state.mean), [list(row) for row in belief.state.covariance]
    mean[CAPACITY] += 0.1
    mean[RANGE] = 4.0
    covariance[CAPACITY][CAPACITY] = covariance[SLOPE][SLOPE] = spread**2
    covariance[RANGE][RANGE] = covariance[PAIN][PAIN] = 0.04
    state = Gaussian(tuple(mean), tuple(tuple(row) for row in covariance))
    moved_ms = build.now_ms - round(days * build.day_ms)
    return to_json(replace(belief, state=state, sessions=sessions, updated_ms=moved_ms))


def after(build: Any, load_g: int, said: Answers, **changes: Any) -> Request:
    """Ask after a set of the whole range and the most reps."""
    current = build.dose(load_g=load_g, start_cdeg=0, end_cdeg=6_000, reps=15, work_ms=0)
    facts = {key: changes.pop(key) for key in FACTS if key in changes}
    history = History(day_start_g=load_g, median3_g=load_g, peak_cdeg=6_000, last_regular_g=load_g)
    standing = replace(
        build.request().standing,
        history=history,
        accepted_g=load_g,
        day_start_g=load_g,
        range_cdeg=(0, 6_000),
        peaks_cdeg=(6_000,) * 5,
    )
    days = (changes.get("days_away", 4.0) + more for more in (7.0, 3.0, 0.0))
    past = tuple(build.summary(ago, load_g=load_g, effort_cr10=6.0, end_cdeg=6_000) for ago in days)
    usual = {
        "envelope": build.envelope(phase="strengthen", phase_cap_g=60_000, max_load_g=80_000),
        "visit": 14,
        "session_number": 13,
        "belief": known(build, 0.08, 12),
        "past": past,
        "standing": standing,
        "model": RULE_NAME,
    }
    asked: Request = build.request(
        current=current, sets=(build.finished(current, said, **facts),), **{**usual, **changes}
    )
    return asked
