from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

from contract import codec, topics
from contract.messages import Answer, Event, Gravity, Message, Receipt, Rep, SetEnd, SignIn, SignOut
from emulator.people.members import Member
from emulator.rep_level.history import Course, visit_days, write_history

COURSE = Course(
    machines={"extension-1": "lumbar_extension", "rotation-1": "trunk_rotation"},
    weeks=2,
    visits_per_week=2,
    first_day_ms=1_780_000_000_000,
    seed=1,
)


def _by_machine(rows: list[Message]) -> dict[str, list[Message]]:
    found: dict[str, list[Message]] = defaultdict(list)
    for row in rows:
        found[row.head.machine].append(row)
    return found


def test_rows_are_what_the_codec_reads(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    service = small_service()
    write_history(two_members, COURSE, service)
    for row in service.rows:
        topic = topics.name_for_kind("sim", row.head.machine, row.head.kind)
        assert codec.decode_up(topic, codec.encode(row)) == row


def test_every_stream_is_numbered_without_gaps_and_its_clocks_rise(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    service = small_service()
    done = write_history(two_members, COURSE, service)
    for machine, rows in _by_machine(service.rows).items():
        assert [row.head.seq for row in rows] == list(range(1, len(rows) + 1))
        assert len({row.head.stream for row in rows}) == 1
        times = [row.head.wall_ms for row in rows]
        assert times == sorted(times)
        assert done.numbers[machine] == len(rows)


def test_nobody_is_at_two_machines_at_once(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    service = small_service()
    write_history(two_members, COURSE, service)
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    badges = {row.head.session: row.body.badge for row in service.rows if isinstance(row.body, SignIn)}
    for session, badge in badges.items():
        times = [row.head.wall_ms for row in service.rows if row.head.session == session]
        spans[badge or ""].append((min(times), max(times)))
    for visits in spans.values():
        ordered = sorted(visits)
        assert all(before[1] < later[0] for before, later in pairwise(ordered))


def test_a_session_runs_as_the_protocol_says(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    service = small_service()
    write_history(two_members[:1], replace(COURSE, weeks=1, visits_per_week=1), service)
    rows = _by_machine(service.rows)["extension-1"]
    order = [type(row.body) for row in rows if not isinstance(row.body, Rep | Receipt)]
    one_set = [SetEnd, Answer, Answer]
    assert order == [SignIn, Gravity, Answer, Answer, *one_set, *one_set, SignOut]
    ends = [row.body for row in rows if isinstance(row.body, SetEnd)]
    reps = [row.body for row in rows if isinstance(row.body, Rep)]
    assert [end.reps for end in ends] == [sum(rep.set == end.set for rep in reps) for end in ends]


def test_the_loop_is_closed_the_second_set_gets_what_the_service_answered(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    service = small_service(load_g=8_000, step_g=500)
    write_history(two_members[:1], replace(COURSE, weeks=1, visits_per_week=1), service)
    applied = [
        row.body.applied.load_g
        for row in _by_machine(service.rows)["extension-1"]
        if isinstance(row.body, Receipt) and row.body.result == "applied"
    ]
    assert applied == [8_000, 8_500]


def test_the_agent_s_own_guard_refuses_a_step_that_is_too_large(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    service = small_service(load_g=8_000, step_g=9_000)
    write_history(two_members[:1], replace(COURSE, weeks=1, visits_per_week=1), service)
    receipts = [row.body for row in service.rows if isinstance(row.body, Receipt)]
    assert [one.reason for one in receipts if one.result == "refused"][:3] == ["STEP"] * 3
    assert [row.body.what for row in service.rows if isinstance(row.body, Event)] == ["assist_locked"] * 2
    assert {one.applied.load_g for one in receipts if one.result == "applied"} == {8_000}


def test_people_gain_strength_and_keep_the_day_of_the_end(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    done = write_history(two_members, COURSE, small_service())
    assert {one.condition.day for one in done.members} == {14}
    for one in done.members:
        assert one.condition.trained["lumbar_extension"].sessions >= 2
        assert one.condition.trained["lumbar_extension"].gain_log > 0


def test_the_same_course_gives_the_same_rows(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    first, second = small_service(), small_service()
    write_history(two_members, COURSE, first)
    write_history(two_members, COURSE, second)
    assert first.rows == second.rows


def test_only_the_last_days_carry_curves(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    service = small_service()
    write_history(two_members, replace(COURSE, days_with_curves=7), service)
    day_ms = 86_400_000
    for row in service.rows:
        if isinstance(row.body, Rep):
            is_recent = row.head.wall_ms >= COURSE.first_day_ms + 7 * day_ms
            assert (row.body.curve is not None) == is_recent


def test_visits_are_spread_over_the_week() -> None:
    assert list(visit_days(COURSE)) == [0, 3, 7, 10]


def test_without_a_plan_the_person_leaves(two_members: tuple[Member, ...]) -> None:
    rows: list[Message] = []

    def silent(batch: Any) -> list[Any]:
        rows.extend(batch)
        return []

    done = write_history(two_members, replace(COURSE, weeks=1, visits_per_week=1), silent)
    assert {type(row.body) for row in rows} == {SignIn, SignOut}
    assert done.sessions == 0
