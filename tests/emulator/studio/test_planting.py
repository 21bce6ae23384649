"""When a fault strikes: in a set, at its second or after its rep, one after the other on a machine."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from contract.machines import catalogue
from emulator.faults.wishes import Wish
from emulator.faults.witness import Witness
from emulator.people.members import Member
from emulator.studio.planting import Planter
from emulator.studio.trial import Trial

KIND = catalogue()["lumbar_extension"]
MOST_MS = 60_000


@pytest.fixture
def planted(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> Callable[[Sequence[Wish]], tuple[Planter, list[Wish], list[str]]]:
    """Let a person train beside a planter; returns it, what was begun, and what awaited when one struck."""

    def made(wishes: Sequence[Wish]) -> tuple[Planter, list[Wish], list[str]]:
        trial = Trial(KIND, small_service(load_g=6_000))
        planter = Planter(wishes, trial.driver, Witness())
        begun: list[Wish] = []
        awaited: list[str] = []
        trial.operator.begin(two_members[0], trial.now)
        while trial.body_ms < MOST_MS:
            trial.step()
            struck = [one.at_s for one in planter.planted].count(None)
            for touch in planter.look(trial.view, trial.now, begun.append):
                trial.touch(touch)
            if [one.at_s for one in planter.planted].count(None) < struck:
                awaited.append(trial.view.awaits)
            if trial.body_ms % 100 == 0:
                trial.look()
        return planter, begun, awaited

    return made


def test_a_fault_of_the_link_is_begun_in_a_set_not_before_its_second(planted: Callable[..., Any]) -> None:
    wish = Wish(name="broker_cut", machine="trial-1", at=34.0)
    planter, begun, awaited = planted([wish])
    assert (begun, awaited) == ([wish], ["set"])
    assert 34.0 <= planter.planted[0].at_s < 60.0


def test_a_clock_jumps_while_nobody_trains(planted: Callable[..., Any]) -> None:
    _, begun, awaited = planted([Wish(name="clock_skew", machine="trial-1", at=0)])
    assert [wish.name for wish in begun] == ["clock_skew"]
    assert awaited == ["identify"]


def test_the_second_waits_until_the_first_has_met_its_reaction(planted: Callable[..., Any]) -> None:
    wishes = [Wish(name=name, machine="trial-1", at=0) for name in ("dropout", "delay")]
    planter, begun, _ = planted(wishes)  # nobody witnesses anything here
    assert begun == wishes[:1]
    assert planter.planted[1].at_s is None
    assert not planter.is_over


def test_a_rep_that_is_never_reached_plants_nothing(planted: Callable[..., Any]) -> None:
    planter, _, awaited = planted([Wish(name="pain", machine="trial-1", at=99)])
    assert (planter.planted[0].at_s, awaited) == (None, [])


def test_a_sensor_is_disturbed_for_as_long_as_was_wished(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    trial = Trial(KIND, small_service(load_g=6_000))
    planter = Planter([Wish(name="twice", machine="trial-1", at=0, lasts_s=2.5)], trial.driver, Witness())
    trial.operator.begin(two_members[0], trial.now)
    while not trial.driver.faults:
        trial.step()
        planter.look(trial.view, trial.now, lambda _: None)
        if trial.body_ms % 100 == 0:
            trial.look()
        assert trial.body_ms < MOST_MS
    (fault,) = trial.driver.faults
    assert (fault.name, fault.until_ms - fault.from_ms) == ("twice", 2_500)
    assert fault.from_ms == trial.body_ms
