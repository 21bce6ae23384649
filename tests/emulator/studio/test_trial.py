"""The true agent, an emulated machine and a person, without a network."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from contract.machines import catalogue
from contract.messages import Event, Gravity, Message, Receipt, Rep, SetEnd, SignOut
from emulator.faults.sensors import Fault, SensorFault
from emulator.people.members import Member
from emulator.physiology import gravity
from emulator.studio.trial import Trial


def _bodies(rows: list[Message], kind: type) -> list[Any]:
    return [row.body for row in rows if isinstance(row.body, kind)]


@pytest.mark.parametrize("kind_name", list(catalogue()))
def test_a_person_trains_on_every_kind_of_machine(
    kind_name: str, small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    kind = catalogue()[kind_name]
    service = small_service(load_g=3_000, step_g=300, sets=1)
    trial = Trial(kind, service)
    trial.run_turn(replace(two_members[0], stations=(kind_name,)))
    ends = _bodies(trial.rows, SetEnd)
    assert [end.side for end in ends] == list(kind.sides)
    assert {end.ended_by for end in ends} == {"target"}
    assert {end.reps for end in ends} == {8}
    assert len(_bodies(trial.rows, Rep)) == 8 * len(kind.sides)
    assert len(_bodies(trial.rows, SignOut)) == 1
    assert not _bodies(trial.rows, Event)


def test_the_second_set_gets_the_setting_and_the_weight_of_the_trunk_is_found(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    kind = catalogue()["lumbar_extension"]
    trial = Trial(kind, small_service(load_g=8_000, step_g=500))
    trial.run_turn(two_members[0])
    applied = [one.applied.load_g for one in _bodies(trial.rows, Receipt) if one.result == "applied"]
    assert applied == [8_000, 8_500]
    found = _bodies(trial.rows, Gravity)[0]
    truth = [-gravity.torque_nm(kind, two_members[0].person.mass_kg, deg) for deg in found.deg]
    assert found.nm == pytest.approx(truth, abs=0.3)
    for rep in _bodies(trial.rows, Rep):
        load_nm = kind.torque_nm(rep.load_g / 1_000)
        assert rep.mean_torque_nm == pytest.approx(load_nm, abs=1.5)


def test_the_same_seed_gives_the_same_rows(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    rows = []
    for _ in range(2):
        trial = Trial(catalogue()["hip_extension"], small_service(load_g=4_000, sets=1), seed=4)
        trial.run_turn(two_members[0])
        rows.append(trial.rows)
    assert rows[0] == rows[1]


def test_a_load_far_too_heavy_ends_the_set_without_reps_or_with_few(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    kind = catalogue()["lumbar_extension"]
    weak = replace(two_members[0], person=replace(two_members[0].person, strength_log=-1.4))
    trial = Trial(kind, small_service(load_g=30_000, step_g=0, sets=1))
    trial.run_turn(weak)
    end = _bodies(trial.rows, SetEnd)[0]
    assert end.reps < 8
    assert end.ended_by in ("patient", "tempo", "range")


def test_much_pain_presses_the_button_and_staff_clear_the_machine(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    sore = replace(two_members[0], condition=replace(two_members[0].condition, pain_nrs=9.5))
    stoic_no_more = replace(sore, person=replace(sore.person, reporter="always_easy"))
    trial = Trial(catalogue()["lumbar_extension"], small_service(load_g=3_000))
    trial.run_turn(stoic_no_more)
    assert [event.what for event in _bodies(trial.rows, Event)] == ["pain"]
    assert _bodies(trial.rows, SetEnd)[-1].ended_by == "pain"
    assert trial.view.awaits == "identify"


@pytest.mark.parametrize(
    ("name", "lasts_ms", "what"),
    [("nan", 60, "sensor"), ("jump", 60, "sensor"), ("stuck", 2_000, "sensor"), ("silent", 1_000, "sensor")],
)
def test_a_sensor_fault_inside_a_set_unloads_the_machine(
    name: SensorFault,
    lasts_ms: int,
    what: str,
    small_service: Callable[..., Any],
    two_members: tuple[Member, ...],
) -> None:
    fault = Fault(name=name, from_ms=40_000, until_ms=40_000 + lasts_ms)
    trial = Trial(catalogue()["lumbar_extension"], small_service(load_g=4_000), faults=(fault,))
    trial.operator.begin(two_members[0], trial.now)
    while trial.body_ms < 45_000:
        trial.step()
        if trial.body_ms % 100 == 0:
            trial.look()
    assert what in {event.what for event in _bodies(trial.rows, Event)}
    assert _bodies(trial.rows, SetEnd)[0].ended_by == "fault"
    assert trial.driver.machine.drive_load_g == 0


def test_duplicates_change_no_rep(small_service: Callable[..., Any], two_members: tuple[Member, ...]) -> None:
    clean, doubled = (
        Trial(catalogue()["row"], small_service(load_g=4_000, sets=1), faults=faults)
        for faults in ((), (Fault(name="twice", from_ms=0, until_ms=10**9),))
    )
    for trial in (clean, doubled):
        trial.run_turn(two_members[0])
    assert len(_bodies(doubled.rows, Rep)) == len(_bodies(clean.rows, Rep)) == 8
