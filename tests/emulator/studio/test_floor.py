from dataclasses import replace

from emulator.people.condition import Session
from emulator.people.members import Member
from emulator.studio.floor import Floor

KINDS = ("trunk_rotation", "lumbar_extension")
DONE = Session(kind="trunk_rotation", rir=2, load_kg=10, beyond_share=0, pain_nrs=2)


def test_nobody_is_sent_to_two_machines(two_members: tuple[Member, ...]) -> None:
    floor = Floor(two_members, KINDS)
    first, second = floor.take("trunk_rotation"), floor.take("lumbar_extension")
    assert first is not None
    assert second is not None
    assert first.badge != second.badge
    assert floor.take("trunk_rotation") is None


def test_everybody_gets_round_the_own_stations_once_a_day(two_members: tuple[Member, ...]) -> None:
    floor = Floor([replace(one, stations=("trunk_rotation",)) for one in two_members], KINDS)
    for day in (1, 2):
        turns = []
        for _ in two_members:
            assert not floor.is_day_over
            member = floor.take("trunk_rotation")
            assert member is not None
            assert not floor.is_day_over, "somebody is still at a machine"
            floor.give_back(member, None)
            turns.append(member.badge)
        assert sorted(turns) == ["badge-0", "badge-1"]
        assert floor.is_day_over
        assert floor.take("trunk_rotation") is None
        floor.next_day()
        assert {one.condition.day for one in floor.members} == {float(day)}


def test_a_station_without_a_machine_keeps_no_day_open(two_members: tuple[Member, ...]) -> None:
    assert Floor([replace(one, stations=("row",)) for one in two_members], KINDS).is_day_over


def test_a_session_changes_the_body(two_members: tuple[Member, ...]) -> None:
    floor = Floor(two_members, KINDS)
    member = floor.take("trunk_rotation")
    assert member is not None
    floor.give_back(member, DONE)
    after = next(one for one in floor.members if one.badge == member.badge)
    assert after.condition.trained["trunk_rotation"].sessions == 1


def test_nobody_goes_where_they_do_not_train_or_after_closing(two_members: tuple[Member, ...]) -> None:
    floor = Floor([replace(one, stations=("row",)) for one in two_members], KINDS)
    assert floor.take("leg_press") is None
    floor.is_open = False
    assert floor.take("row") is None
