"""Tests of strength and mobility end to end: true agent, emulated drive and person, no network."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from contract.machines import CDEG, MachineKind, catalogue
from contract.messages import Answer, Event, Message, Plan, SetEnd, Setting, SignIn, TestResult
from emulator.people.bodies import Seated
from emulator.people.lifter import Lifter
from emulator.people.members import Member
from emulator.physiology import torque_curve
from emulator.studio.trial import Trial

ANGLES = (1_000, 2_500, 4_000)


@pytest.fixture
def run_rows(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> Callable[..., tuple[Trial, Member]]:
    """One turn with these rows instead of work sets."""

    def run(kind_name: str, rows: Sequence[dict[str, Any]], max_torque_nm: int = 600) -> tuple[Trial, Member]:
        service = small_service(sets=1)
        plan = service.plan

        def planned(row: Message, body: SignIn) -> Plan:
            made: Plan = plan(row, body)
            first: Setting = made.settings[0]
            settings = tuple(
                replace(
                    first, id=first.id[:-2] + f"{number:02d}", seq=number, set=number, load_g=0, **changes
                )
                for number, changes in enumerate(rows, start=1)
            )
            envelope = replace(made.envelope, max_torque_nm=max_torque_nm)
            return replace(made, settings=settings, envelope=envelope)

        service.plan = planned
        service._next = lambda *_: []  # the plan is the whole session
        member = replace(
            two_members[0],
            stations=(kind_name,),
            person=replace(two_members[0].person, severity="none", range_share=1.0, pain_nrs=0.0),
            condition=replace(two_members[0].condition, pain_nrs=0.0),
        )
        trial = Trial(catalogue()[kind_name], service)
        trial.run_turn(member)
        return trial, member

    return run


def _bodies(trial: Trial, kind: type) -> list[Any]:
    return [row.body for row in trial.rows if isinstance(row.body, kind)]


def _tries(angles: Sequence[int], side: str = "both") -> list[dict[str, Any]]:
    return [
        {"mode": "isometric", "side": side, "start_cdeg": one, "end_cdeg": one, "reps": 3} for one in angles
    ]


def _strongest_nm(member: Member, kind: MachineKind, cdeg: int) -> float:
    """What this body can do at an angle, fresh."""
    seated = Seated(person=member.person, condition=member.condition, kind=kind, side="both")
    body = Lifter(seated, 1)._body
    curve = torque_curve.points(kind, back_pain=False)
    low, high = torque_curve.bounds_deg(kind)
    return float(body.torque_nm[0]) * torque_curve.relative_at(curve, low, high, cdeg / CDEG)


def test_three_angles_are_tested_and_what_is_found_is_the_strength_of_the_person(
    run_rows: Callable[..., tuple[Trial, Member]],
) -> None:
    """Within 10 %: it tires from try to try. The weight of the trunk, taken out, would be 25 % at 10 deg."""
    kind = catalogue()["lumbar_extension"]
    trial, member = run_rows(kind.name, _tries(ANGLES))
    results = _bodies(trial, TestResult)
    assert [(one.angle_cdeg, one.attempt) for one in results] == [
        (angle, attempt) for angle in ANGLES for attempt in (1, 2, 3)
    ]
    for one in results:
        able_nm = _strongest_nm(member, kind, one.angle_cdeg)
        assert one.mean_3s_nm == pytest.approx(able_nm, rel=0.1)
        assert one.mean_3s_nm <= one.peak_torque_nm <= able_nm * 1.03
    assert [(end.ended_by, end.reps) for end in _bodies(trial, SetEnd)] == [("target", 3)] * 3
    assert [one.question for one in _bodies(trial, Answer)][2:] == ["pain_set"] * 3
    assert not _bodies(trial, Event)
    assert trial.view.awaits == "identify"


def test_each_side_is_tested_by_its_own_muscles(run_rows: Callable[..., tuple[Trial, Member]]) -> None:
    trial, _ = run_rows("trunk_rotation", [*_tries([500], "left"), *_tries([500], "right")])
    results = _bodies(trial, TestResult)
    assert [one.side for one in results] == ["left"] * 3 + ["right"] * 3
    left, right = (max(one.mean_3s_nm for one in results if one.side == side) for side in ("left", "right"))
    assert left != pytest.approx(right, rel=0.005)


def test_who_is_stronger_than_what_is_signed_is_let_go(
    run_rows: Callable[..., tuple[Trial, Member]],
) -> None:
    trial, _ = run_rows("lumbar_extension", _tries(ANGLES[:1]), max_torque_nm=60)
    results = _bodies(trial, TestResult)
    assert len(results) == 1
    assert 60 < results[0].peak_torque_nm < 75  # one telegram beyond
    assert results[0].mean_3s_nm == 0
    assert _bodies(trial, SetEnd)[0].ended_by == "effort"


@pytest.mark.parametrize("kind_name", ["lumbar_extension", "trunk_rotation", "hip_extension"])
def test_a_mobility_set_finds_how_far_the_person_gets(
    kind_name: str, run_rows: Callable[..., tuple[Trial, Member]]
) -> None:
    kind = catalogue()[kind_name]
    side = kind.sides[0]
    start, end = kind.default_cdeg[0], kind.limit_cdeg[1]
    row = {"mode": "mobility", "side": side, "start_cdeg": start, "end_cdeg": end, "reps": 3}
    trial, member = run_rows(kind_name, [row])
    (result,) = _bodies(trial, TestResult)
    seated = Seated(person=member.person, condition=member.condition, kind=kind, side=side)
    tolerated_deg = float(Lifter(seated, 1)._body.tolerated_deg[0])
    assert (result.mode, result.side, result.attempt) == ("mobility", side, 1)
    assert result.angle_cdeg / CDEG == pytest.approx(tolerated_deg, abs=6)
    assert result.range_deg == pytest.approx(result.angle_cdeg / CDEG - start / CDEG, abs=2)
    kinds = [type(one.body) for one in trial.rows]
    assert kinds.index(SetEnd) == kinds.index(TestResult) + 1
    assert _bodies(trial, SetEnd)[0].ended_by == "target"
