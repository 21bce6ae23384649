import pytest

from emulator.day.staff import LOOKS, NOTICE_S, REACTIONS, SPACING_M, WALK_M_S, Call, Staff

MACHINES = tuple(f"m-{number}" for number in range(8))
S = 1_000


def call(machine: str = "m-0", code: str = "pain", severity: str = "red", at_ms: int = 0) -> Call:
    return Call(raised_ms=at_ms, severity=severity, code=code, machine=machine, badge=f"at-{machine}")


def staff(count: int = 2) -> Staff:
    return Staff(count, MACHINES, 1)


def test_somebody_walks_to_the_machine_and_takes_the_time_of_the_reaction() -> None:
    team = staff()
    team.hear([call("m-5", at_ms=1_000)])
    [errand] = team.go(1_000)
    walk_s = 5 * SPACING_M / WALK_M_S
    assert NOTICE_S[0] + walk_s <= errand.reaction_ms / S <= NOTICE_S[1] + walk_s
    least, most = REACTIONS["pain"].takes_s
    assert least <= (errand.done_ms - errand.arrives_ms) / S <= most
    assert team.done(errand.done_ms - 1) == []
    assert team.done(errand.done_ms) == [errand]
    assert team.done(errand.done_ms) == []


def test_the_same_alert_gets_the_same_errand_whatever_else_goes_on() -> None:
    alone, busy = staff(), staff()
    alone.hear([call("m-0")])
    busy.hear([call("m-7"), call("m-0")])
    one = alone.go(0)[0]
    other = next(errand for errand in busy.go(0) if errand.call.machine == "m-0")
    assert one.done_ms - one.arrives_ms == other.done_ms - other.arrives_ms


def test_the_nearest_free_therapist_goes_and_the_third_call_waits() -> None:
    team = staff()
    team.hear([call("m-7")])
    [far] = team.go(0)
    team.done(far.done_ms)
    team.hear([call("m-6", "sensor", at_ms=far.done_ms)])
    [near] = team.go(far.done_ms)
    assert near.therapist == far.therapist
    team.hear([call("m-1"), call("m-2")])
    [second] = team.go(far.done_ms)
    assert second.therapist != near.therapist
    assert team.go(far.done_ms) == []
    assert team.is_called("m-2")
    team.done(max(near.done_ms, second.done_ms))
    assert [one.call.machine for one in team.go(second.done_ms)] == ["m-2"]


def test_red_comes_before_amber_and_older_before_newer() -> None:
    team = staff(1)
    team.hear([call("m-1", "stop", "amber", 1), call("m-3", at_ms=9), call("m-2", at_ms=5)])
    order, now_ms = [], 10
    while errands := team.go(now_ms):
        order += [one.call.machine for one in errands]
        now_ms = errands[0].done_ms
        team.done(now_ms)
    assert order == ["m-2", "m-3", "m-1"]


def test_nobody_walks_for_the_list_of_the_evening_or_without_a_machine() -> None:
    team = staff()
    listed = [call(code="countersign", severity="info"), call(machine="")]
    team.hear(listed)
    assert team.go(0) == []
    assert team.noted == listed
    assert team.next_ms() is None


@pytest.mark.parametrize(
    ("code", "severity", "goes"),
    [("unwell", "red", True), ("red_pain", "red", True), ("stop", "amber", False)],
)
def test_who_goes_home_is_in_the_table(code: str, severity: str, goes: bool) -> None:
    team = staff()
    team.hear([call(code=code, severity=severity)])
    [errand] = team.go(0)
    assert errand.goes_home is goes
    assert REACTIONS.get(code, LOOKS).goes_home is goes


def test_the_second_pain_of_a_person_ends_the_visit() -> None:
    team = staff()
    team.hear([call("m-0"), call("m-1")])
    assert [one.goes_home for one in team.go(0)] == [False, False]  # two people
    again = Call(raised_ms=9, severity="red", code="pain", machine="m-4", badge="at-m-0")
    team.done(10**9)
    team.hear([again])
    [errand] = team.go(10**9)
    assert errand.goes_home
