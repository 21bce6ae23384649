from collections.abc import Callable
from dataclasses import replace
from typing import Any

from contract.machines import catalogue
from emulator.machines.driver import EmulatedDriver
from emulator.people.members import Member
from emulator.studio.floor import Floor
from emulator.studio.stand import Stand
from emulator.studio.trial import Trial
from machine_agent.inputs import Identify

KIND = catalogue()["trunk_rotation"]


def _stand(members: tuple[Member, ...]) -> Stand:
    return Stand("rotation-1", EmulatedDriver(KIND, 1), Floor(members, [KIND.name]), 1)


def test_the_next_person_comes_to_an_idle_machine(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    stand, trial = _stand(two_members), Trial(KIND, small_service())
    for body_ms in (0, 5_000):
        stand.on_view(trial.view, replace(trial.now, body_ms=body_ms))
    touch = stand.inputs.get_nowait()
    assert isinstance(touch, Identify)
    assert touch.badge in {one.badge for one in two_members}
    assert stand.driver.is_occupied


def test_a_person_who_was_signed_out_goes_and_the_machine_rests(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    stand, trial = _stand(two_members), Trial(KIND, small_service())
    for body_ms in (0, 5_000):
        stand.on_view(trial.view, replace(trial.now, body_ms=body_ms))
    signed_out = replace(trial.view, awaits="identify")
    stand.on_view(signed_out, replace(trial.now, body_ms=6_000))
    assert stand.operator.turn is None
    assert not stand.driver.is_occupied
    stand.on_view(signed_out, replace(trial.now, body_ms=10_000))
    assert stand.operator.turn is None
    stand.on_view(signed_out, replace(trial.now, body_ms=40_000))
    assert stand.operator.turn is not None


def test_it_is_quiet_when_the_sign_out_is_on_disk_and_committed(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    floor = Floor(two_members, [KIND.name])
    stand = Stand("rotation-1", EmulatedDriver(KIND, 1), floor, 1)
    trial = Trial(KIND, small_service(load_g=2_000))
    trial.operator.begin(two_members[0], trial.now)
    while trial.view.session is None:
        trial.step()
        trial.look()
    floor.is_open = False
    stand.on_view(trial.view, trial.now)
    assert not stand.quiet.is_set()
    trial.operator.leave()
    while trial.view.awaits != "identify":
        trial.step()
        trial.look()
    stand.on_view(trial.view, trial.now)
    assert not stand.quiet.is_set(), "the sign-out was not seen on disk yet"
    for row in trial.rows:
        stand.on_record(row, trial.now)
    stand.on_view(replace(trial.view, rows_waiting=1), trial.now)
    assert not stand.quiet.is_set()
    stand.on_view(trial.view, trial.now)
    assert stand.quiet.is_set()
