"""What a finished set tells of the model, from the logged question and answer alone."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ml.adjust import adjust
from ml.effort.features import FEATURES
from ml.effort.model import RuleEffort
from ml.monitoring.set_figures import FAILED_RIR, Monitored, monitored, reading
from ml.request import Answers, Request


def seen(request: Request, **estimate: Any) -> Monitored:
    decision = adjust(request, RuleEffort())
    found = monitored(request, replace(decision, estimate=replace(decision.estimate, **estimate)))
    assert found is not None
    return found


def test_before_the_first_set_there_is_nothing_to_see(request_of: Callable[..., Request]) -> None:
    asked = request_of(occasion="plan", current=None)
    assert monitored(asked, adjust(asked, RuleEffort())) is None


def test_only_work_under_load_is_looked_at(build: Any) -> None:
    for changes in ({"mode": "warm_up"}, {"load_g": 0}):
        asked = build.request(sets=(build.finished(build.dose(**changes)),))
        assert monitored(asked, adjust(asked, RuleEffort())) is None


def test_features_come_in_the_order_of_the_card(request_of: Callable[..., Request]) -> None:
    found = seen(request_of())
    named = dict(zip(FEATURES, found.features, strict=True))
    assert named["reps"] == 16.0
    assert named["rest_s"] == 600.0
    assert named["age_years"] == 41.0
    assert found.set == 1


def test_only_the_first_set_of_a_session_is_held_against_the_belief(build: Any) -> None:
    applied = build.dose()
    said = Answers(rir="1-2")
    first, second = build.finished(applied, said), build.finished(build.dose(set=2), said)
    assert seen(build.request(sets=(first,))).innovation is not None
    later = seen(build.request(sets=(first, second)))
    assert (later.innovation, later.set) == (None, 2)
    assert dict(zip(FEATURES, later.features, strict=True))["rest_s"] == 60.0


def test_more_reps_than_believed_are_a_positive_innovation(build: Any) -> None:
    asked = build.request(belief=adjust(build.request(), RuleEffort()).belief, session_number=11)
    light = build.dose(load_g=10_000)
    few = build.finished(light, done=3, ended_by="tempo")
    many = build.finished(light, done=25, ended_by="tempo")
    low, high = (seen(replace(asked, sets=(one,))).innovation for one in (few, many))
    assert low is not None
    assert high is not None
    assert low < 0
    assert high > low


@pytest.mark.parametrize(
    ("ended_by", "said", "source"),
    [("tempo", None, "failure"), ("effort", "many", "stop"), ("target", "3-5", "reported")],
)
def test_what_a_set_shows_by_itself(build: Any, ended_by: str, said: str | None, source: str) -> None:
    found = reading(build.finished(build.dose(), Answers(rir=said), ended_by=ended_by))
    assert found is not None
    assert found[0] == source


def test_a_set_that_shows_only_a_bound_is_no_reading(build: Any) -> None:
    for said in (None, "many"):
        assert reading(build.finished(build.dose(), Answers(rir=said))) is None


def test_the_truth_of_the_band_is_known_in_failed_sets_only(build: Any) -> None:
    failed = build.request(sets=(build.finished(build.dose(), done=9, ended_by="tempo"),))
    assert seen(failed, rir_low=FAILED_RIR).band_held is True
    assert seen(failed, rir_low=FAILED_RIR + 0.1).band_held is False
    assert seen(failed, rir_low=None).band_held is None
    assert seen(build.request(), rir_low=0.0).band_held is None
