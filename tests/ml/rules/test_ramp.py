"""The ramp is that of the work it leads to, and before the first set never heavier than it was planned."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.envelope import Standing
from contract.messages import History
from ml.adjust import adjust
from ml.belief.priors import prior
from ml.belief.state import CAPACITY, to_json
from ml.clinical.table import NO_CLIMB
from ml.effort.model import RuleEffort
from ml.request import Answers, Request

RULE = RuleEffort()
RISES = {"climb", "plan_back", "raise_load"}


@st.composite
def beginnings(draw: Any) -> dict[str, Any]:
    return {
        "profile": draw(st.sampled_from(["rehab", "studio"])),
        "visits": draw(st.integers(0, 2)),
        "flags": draw(st.sampled_from([("calibrating",), ("calibrating", "pain_today")])),
        "weaker": draw(st.none() | st.sampled_from([0.0, 0.7, 1.5])),
    }


def planned(build: Any, what: dict[str, Any]) -> Request:
    """Ask for a plan that is signed before anybody was asked.

    `weaker`: by how much (log) the belief of other machines is below the prior; None: there is none.
    """
    visits, weaker = what["visits"], what["weaker"]
    known = prior(build.person(), "lumbar_extension", "both")
    mean = [value - (weaker or 0.0) * (index == CAPACITY) for index, value in enumerate(known.state.mean)]
    stored = replace(known, sessions=3, state=known.state._replace(mean=tuple(mean)))
    usual_g, peak_cdeg = (10_000, 4_500) if visits else (0, 0)
    usual = History(day_start_g=0, median3_g=usual_g, peak_cdeg=peak_cdeg, last_regular_g=usual_g)
    asked: Request = build.request(
        occasion="plan",
        current=None,
        sets=(),
        next_set=1,
        past=tuple(build.summary(4.0 * back) for back in range(visits, 0, -1)),
        session_number=visits + 1,
        visit=visits + 1,
        profile=what["profile"],
        flags=what["flags"],
        belief=None if weaker is None else to_json(stored),
        today=Answers(morning_asked=visits > 0),
        standing=Standing(history=usual),
        ceiling_g=30_000,
    )
    return asked


@settings(max_examples=200, deadline=None)
@given(beginnings(), st.integers(0, 6), st.none() | st.integers(0, 5))
def test_a_first_ramp_is_never_heavier_than_it_was_planned(
    build: Any, what: dict[str, Any], pain: int, morning: int | None
) -> None:
    request = planned(build, what)
    plan = adjust(request, RULE)
    row = plan.rows[0]
    if row.mode != "warm_up":
        return
    today = replace(request.today, pain_before=pain, morning_nrs=morning)
    told = adjust(replace(request, occasion="answer", current=row, today=today), RULE)
    first = told.rows[0]
    assert first.mode == "warm_up"
    assert first.load_g <= row.load_g
    assert RISES.isdisjoint(why.code for why in told.why)
    if NO_CLIMB.isdisjoint(plan.situations):
        assert first.end_cdeg - first.start_cdeg <= row.end_cdeg - row.start_cdeg
        assert first.reps <= row.reps


def test_a_ramp_is_the_one_of_the_lowered_work(build: Any) -> None:
    """What takes of the last visit's load shows in a ramp too, though that lies far below it."""
    what = {"profile": "studio", "visits": 2, "flags": ("calibrating",), "weaker": None}
    warm, today = build.dose(mode="warm_up", load_g=6_000), Answers(pain_before=2)
    request = replace(planned(build, what), occasion="answer", current=warm, today=today, days_away=20.0)
    decision = adjust(request, RULE)
    assert decision.rows[0].load_g == 5_100  # 60 % of 85 %
    assert decision.why[0].code == "lower_away_15"
    assert decision.split_g == {"away_15": -900}


def test_a_ramp_that_the_chance_took_back_stays_so(build: Any) -> None:
    request = planned(build, {"profile": "rehab", "visits": 0, "flags": ("calibrating",), "weaker": 1.5})
    plan = adjust(request, RULE)
    assert plan.why[1].code == "lower_chance_too_hard"
    row, today = plan.rows[0], Answers(pain_before=2)
    told = adjust(replace(request, occasion="answer", current=row, today=today), RULE)
    assert told.rows[0].load_g == row.load_g
    assert told.why[0].code.startswith("hold_")


@pytest.mark.parametrize("last_g", [9_500, 9_900])
def test_after_a_hard_ramp_the_next_is_less_also_where_the_table_took_a_little(
    build: Any, last_g: int
) -> None:
    start = planned(build, {"profile": "studio", "visits": 2, "flags": ("calibrating",), "weaker": 0.7})
    past = (build.summary(30.0), build.summary(4.0, load_g=last_g))
    today = Answers(pain_before=5, morning_nrs=2, morning_asked=True)
    start = replace(start, past=past, today=today)
    ramp = adjust(start, RULE).rows[0]
    history = start.standing.history
    done = Standing(
        history=history,
        peaks_cdeg=(4_500,) * 5,
        range_cdeg=(1_000, 4_500),
        accepted_g=ramp.load_g,
        day_start_g=ramp.load_g,
    )
    hard = build.finished(ramp, Answers(rir="0"), done=6, ended_by="effort")
    behind = replace(start, occasion="set_end", current=ramp, sets=(hard,), next_set=2, standing=done)
    decision = adjust(behind, RULE)
    assert decision.rows[0].mode == "warm_up"
    assert decision.rows[0].load_g == 6_800  # 85 % of 80 % of the 10 kg before; the table alone: 7.6 and 7.9


def test_a_first_ramp_that_stays_as_planned_is_not_called_less(build: Any) -> None:
    what = {"profile": "studio", "visits": 2, "flags": ("calibrating",), "weaker": None}
    request = replace(planned(build, what), envelope=build.envelope(max_load_g=5_000))
    row = adjust(request, RULE).rows[0]
    today = Answers(pain_before=2, morning_nrs=2)
    told = adjust(replace(request, occasion="answer", current=row, today=today), RULE)
    assert told.rows[0].load_g == row.load_g == 5_000
    assert told.split_g == {}
    assert not any(why.code.startswith("lower_") for why in told.why)
    assert told.binding != "to_effort"
