from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from dashboard.api.adjustments import Adjustment, AdjustmentPage, list_adjustments
from dashboard.api.sessions import SessionDetail, read_session
from dashboard.client import Client
from dashboard.components.replay import TAIL_MS, replay_data
from dashboard.format import Formatter


@pytest.fixture
def detail(client: Client) -> SessionDetail:
    answer = read_session(client, "s-0")
    assert isinstance(answer, SessionDetail)
    return answer


@pytest.fixture
def decisions(client: Client) -> tuple[Adjustment, ...]:
    page = list_adjustments(client, "p-1", 50, session="s-0")
    assert isinstance(page, AdjustmentPage)
    return page.items


def test_reps_stand_where_they_happened(
    detail: SessionDetail, decisions: tuple[Adjustment, ...], show: Formatter
) -> None:
    made = replay_data(detail, decisions, show)
    reps = made["reps"]
    assert [(rep["set"], rep["rep"]) for rep in reps] == [
        (number, rep) for number in (1, 2) for rep in range(1, 11)
    ]
    for rep, row in zip(reps, [rep for done in detail.sets for rep in done.reps], strict=True):
        lasted_s = row.concentric_s + row.hold_s + row.eccentric_s
        assert rep["to_ms"] - rep["from_ms"] == pytest.approx(1000 * lasted_s, abs=1)
    assert reps[10]["from_ms"] - reps[9]["to_ms"] > 60_000  # the pause between the sets
    assert all(before["to_ms"] <= after["from_ms"] + 1 for before, after in pairwise(reps))
    assert made["length_ms"] == reps[-1]["to_ms"] + TAIL_MS


def test_curves_are_clinical_and_loads_are_the_viewers(detail: SessionDetail, show_lb: Formatter) -> None:
    rep = replay_data(detail, (), show_lb)["reps"][0]
    curve = detail.sets[0].reps[0].curve
    assert curve is not None
    assert rep["deg"][0] == pytest.approx(72 - curve.deg[0], abs=0.01)
    assert (rep["load"], rep["corridor"]) == ("37.5 lb", [64.0, 28.0])


def test_decisions_and_pain_stand_on_the_timeline(
    detail: SessionDetail, decisions: tuple[Adjustment, ...], show: Formatter
) -> None:
    events = replay_data(detail, decisions, show)["events"]
    assert [(event["kind"], event["words"]) for event in events] == [
        ("decision", "For set 1: 17.0 kg, 66 to 23°, 12 reps. All good: 5° more range first."),
        ("pain", "Pain before: 3"),
        ("pain", "Pain in the set: 4"),
    ]
    assert [event["at_ms"] for event in events] == sorted(event["at_ms"] for event in events)
    assert events[0]["at_ms"] == 0


@pytest.mark.parametrize(("minutes", "place"), [(-4, "begins"), (-75, "clamped"), (3000, "clamped")])
def test_what_was_decided_days_away_does_not_stretch_the_timeline(
    minutes: int, place: str, detail: SessionDetail, decisions: tuple[Adjustment, ...], show: Formatter
) -> None:
    usual = replay_data(detail, (), show)
    far = replace(decisions[0], at=detail.opened_at + timedelta(minutes=minutes))
    made = replay_data(detail, (far,), show)
    event = next(one for one in made["events"] if one["kind"] == "decision")
    if place == "begins":
        assert (event["at_ms"], event["clock"]) == (0, "14:26")
        assert made["reps"][0]["from_ms"] > usual["reps"][0]["from_ms"]
        return
    assert made["length_ms"] == usual["length_ms"]
    assert 0 <= event["at_ms"] <= made["length_ms"]
    assert event["clock"].startswith(("21 Nov 2026 ", "23 Nov 2026 "))


def test_without_curves_the_figures_are_still_replayed(detail: SessionDetail, show: Formatter) -> None:
    bare = replace(detail.sets[0].reps[0], curve=None)
    done = replace(detail.sets[0], reps=(bare,), dose=None, side="left")
    rep = replay_data(replace(detail, sets=(done,), answers=()), (), show)["reps"][0]
    assert (rep["deg"], rep["nm"], rep["corridor"], rep["side"]) == ([], [], [], "Left")


def test_another_language_is_another_player(
    detail: SessionDetail, show: Formatter, show_lb: Formatter
) -> None:
    assert replay_data(detail, (), show)["id"] != replay_data(detail, (), show_lb)["id"]
