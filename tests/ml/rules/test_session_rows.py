"""How a session is laid out, and which row the next set starts from."""

from dataclasses import replace
from typing import Any

import pytest

from ml.belief.priors import first_load_g, first_visit_most_g, prior
from ml.evidence import Evidence, gather
from ml.request import Answers, Course
from ml.rules.doses import work_dose
from ml.rules.session_rows import base_dose, has_room_for_extra_set, plan_rows


def plan(build: Any, **changes: Any) -> Evidence:
    standing = replace(build.request().standing, peaks_cdeg=(), range_cdeg=None, accepted_g=None)
    plain = {"occasion": "plan", "current": None, "sets": (), "next_set": 1, "standing": standing}
    asked = build.request(**{**plain, **changes})
    return gather(asked, prior(asked.person, asked.kind, asked.side))


FIRST = {"past": (), "session_number": 1, "visit": 1, "days_away": None}


def test_the_first_session_has_a_ramp_and_one_set_below_a_third_of_the_quantile(build: Any) -> None:
    evidence = plan(build, **FIRST)
    rows = plan_rows(evidence, work_dose(evidence))
    assert [row.mode for row in rows] == ["warm_up", "train"]
    assert [row.set for row in rows] == [1, 2]
    assert rows[1].reps == 10
    assert rows[1].tempo_ms == (3_000, 0, 4_000)
    assert rows[0].load_g <= rows[1].load_g / 2
    person = evidence.request.person
    assert rows[1].load_g <= first_load_g(person, evidence.kind) <= first_visit_most_g(person, evidence.kind)


def test_the_studio_profile_warms_up_at_60_and_80_percent_while_calibrating(build: Any) -> None:
    evidence = plan(build, profile="studio", flags=("calibrating",), **FIRST)
    rows = plan_rows(evidence, work_dose(evidence))
    assert [row.mode for row in rows] == ["warm_up", "warm_up", "train", "train"]
    shares = [row.load_g / rows[-1].load_g for row in rows[:2]]
    assert shares == pytest.approx([0.6, 0.8], abs=0.01)  # rounded down on the machine's grid
    calm = plan(build, profile="studio")
    assert [row.mode for row in plan_rows(calm, work_dose(calm))] == ["train", "train"]


@pytest.mark.parametrize(
    ("changes", "sets"),
    [
        ({}, 2),
        ({"visit": 3, "phase": "restore"}, 1),
        ({"visit": 9, "phase": "restore"}, 2),
        ({"kind": "trunk_rotation", "side": "left"}, 1),
        ({"kind": "trunk_rotation", "side": "left", "phase": "strengthen"}, 2),
    ],
)
def test_sets_by_phase_and_station(build: Any, changes: dict[str, Any], sets: int) -> None:
    phase = changes.pop("phase", "build")
    evidence = plan(build, envelope=build.envelope(phase=phase), **changes)
    assert len(plan_rows(evidence, work_dose(evidence))) == sets


def test_the_weak_side_gets_one_set_more_unless_it_is_sore(build: Any) -> None:
    weak = {"person": build.person(weak_side="left"), "kind": "trunk_rotation", "side": "left"}
    assert len(plan_rows(plan(build, **weak), work_dose(plan(build, **weak)))) == 2
    sore = plan(build, past=(build.summary(4, pain_set=7),), **weak)
    assert len(plan_rows(sore, work_dose(sore))) == 1


@pytest.mark.parametrize(("stations", "sets"), [(1, 2), (3, 2), (6, 1)])
def test_stations_share_the_forty_minutes_of_a_visit(build: Any, stations: int, sets: int) -> None:
    slow = plan(build, envelope=build.envelope(phase="strengthen"), stations=stations, kind="trunk_rotation",
                side="left")  # fmt: skip
    assert len(plan_rows(slow, work_dose(slow))) == sets


@pytest.mark.parametrize(("stations", "has_room"), [(1, True), (6, False)])
def test_a_set_more_for_the_weak_side_needs_its_time(build: Any, stations: int, has_room: bool) -> None:
    weak = {"person": build.person(weak_side="left"), "kind": "trunk_rotation", "side": "left"}
    evidence = plan(build, envelope=build.envelope(phase="strengthen"), stations=stations, **weak)
    assert has_room_for_extra_set(evidence) is has_room


@pytest.mark.parametrize(
    ("changes", "modes"),
    [
        ({"visit": 3, "tests": ("strength",)}, ["isometric", "warm_up", "warm_up", "train"]),
        (
            {"visit": 4, "tests": ("strength",), "course": Course(tested_ms=(1,))},
            ["isometric"] * 3 + ["train"],
        ),
        ({"visit": 3, "tests": ("strength",), "kind": "trunk_rotation", "side": "left"},
         ["isometric", "warm_up", "train"]),
    ],
)  # fmt: skip
def test_a_ramp_always_leads_to_a_set_of_work(build: Any, changes: dict[str, Any], modes: list[str]) -> None:
    evidence = plan(build, profile="studio", flags=("calibrating",), session_number=3, **changes)
    assert [row.mode for row in plan_rows(evidence, work_dose(evidence))] == modes


def test_after_a_warm_up_comes_the_next_row_of_the_plan(build: Any) -> None:
    warm = build.dose(mode="warm_up", load_g=3_800, reps=5, work_ms=0)
    asked = build.request(
        **FIRST, current=warm, sets=(build.finished(warm, Answers(pain_set=2)),), next_set=2
    )
    found = base_dose(gather(asked, prior(asked.person, asked.kind, asked.side)))
    assert found.mode == "train"
    assert found.load_g == 7_700
    assert found.set == 2


@pytest.mark.parametrize(("next_set", "mode"), [(2, "warm_up"), (3, "train"), (4, "train"), (5, "train")])
@pytest.mark.parametrize("applied_g", [0, 5_000, 90_000])
def test_after_a_warm_up_the_row_to_fill_keeps_its_mode_whatever_was_applied(
    build: Any, next_set: int, mode: str, applied_g: int
) -> None:
    warm = build.dose(mode="warm_up", load_g=applied_g, reps=5, work_ms=0)
    asked = build.request(
        profile="studio",
        flags=("calibrating",),
        **FIRST,
        current=warm,
        sets=(build.finished(warm, Answers(pain_set=2)),),
        next_set=next_set,
    )
    found = base_dose(gather(asked, prior(asked.person, asked.kind, asked.side)))
    assert (found.mode, found.set) == (mode, next_set)
