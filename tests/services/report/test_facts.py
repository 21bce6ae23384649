from dataclasses import replace

from report_rows import CHAN, LAST_MS, book, facts, prescribe
from studio_rows import NOW_MS, StudioRows, named

from services.report.facts import CHANGES_MOST, is_change


def test_only_what_the_machine_applied_and_a_patient_notices_is_a_change(course: StudioRows) -> None:
    [one, *_] = facts(course).changes
    assert is_change(one)
    assert one.before is not None
    assert not is_change(replace(one, before=None))
    assert not is_change(replace(one, state="refused"))
    assert not is_change(replace(one, mode="isometric"))
    assert not is_change(replace(one, after=one.before))
    slight = replace(one.before, load_kg=one.before.load_kg + 0.04, end_deg=one.before.end_deg + 0.2)
    assert not is_change(replace(one, after=slight))
    for other in ({"load_kg": 1.0}, {"end_deg": 20.0}, {"reps": 3}, {"work_s": 90.0}):
        assert is_change(replace(one, after=replace(one.before, **other)))


def test_changes_are_the_newest_ones(course: StudioRows) -> None:
    assert [one.id for one in facts(course).changes] == [named(f"decision-{n}") for n in (7, 6, 5, 4)]
    assert CHANGES_MOST == 4


def test_next_visit_is_the_first_that_is_planned_and_to_come(course: StudioRows) -> None:
    assert facts(course).booking is None
    book(course, id=named("late"), starts_ms=LAST_MS + 10**9)
    book(course)
    book(course, id=named("past"), starts_ms=NOW_MS)
    book(course, id=named("off"), starts_ms=LAST_MS + 10**8, state="cancelled")
    found = facts(course).booking
    assert found is not None
    assert found.starts_ms == LAST_MS + 6 * 86_400_000


def test_exercises_that_are_over_are_left_out(course: StudioRows) -> None:
    prescribe(course)
    prescribe(course, id=named("over"), ended_ms=NOW_MS)
    found = facts(course)
    assert ([row.id for row in found.home], found.person.id) == ([named("exercise")], CHAN)
