"""A small day at rep level: the same seed is the same day, another is not, and nothing is lost."""

from dataclasses import replace
from itertools import pairwise

import pytest

from emulator.day.record import digest_of_floor
from openspine.day.dry import run_dry
from openspine.day.run import Day, Progress
from openspine.day.studio import Asked

SMALL = Asked(patients=3, machines=2, weeks=0, hours=1.2, is_dry=True)


def digests(day: Day) -> tuple[str, str, str]:
    floor = digest_of_floor(day.opened.booked, day.stays, day.errands)
    return floor, day.diary.digest_of_rows(), day.diary.digest_of_decisions()


def silent(_: Progress) -> None:
    return None


@pytest.fixture(scope="module")
def day() -> Day:
    return run_dry(SMALL, silent)


def test_everybody_is_served_and_every_rep_is_stored(day: Day) -> None:
    assert day.is_over
    assert day.balance["reps_counted"] == day.balance["reps_stored"] == day.diary.reps > 50
    assert (day.balance["lost"], day.balance["doubled"]) == (0, 0)
    assert sum(one.reps for one in day.stays) == day.diary.reps
    assert sum(one.sets for one in day.stays) == day.diary.sets
    assert day.diary.receipts["applied"] == day.settings["sent applied"] + day.settings.get("plan applied", 0)


def test_nobody_is_at_two_machines_and_no_machine_has_two_people(day: Day) -> None:
    spans: dict[str, list[tuple[int, int]]] = {}
    for stay in day.stays:
        for one in (stay.seat.badge, stay.seat.machine):
            spans.setdefault(one, []).append((stay.seat.taken_ms, stay.ends_ms))
    for one, taken in spans.items():
        assert all(first[1] <= second[0] for first, second in pairwise(sorted(taken))), one


def test_a_seed_is_a_day(day: Day) -> None:
    assert digests(run_dry(SMALL, silent)) == digests(day)
    other = digests(run_dry(replace(SMALL, seed=2), silent))
    assert not set(other) & set(digests(day))


def test_progress_goes_up_to_the_end() -> None:
    seen: list[Progress] = []
    day = run_dry(replace(SMALL, patients=1), seen.append)
    assert [one.now_ms for one in seen] == sorted(one.now_ms for one in seen)
    assert [one.reps for one in seen] == sorted(one.reps for one in seen)
    assert seen[-1].reps == day.diary.reps
    assert (seen[-1].inside, seen[-1].gone) == (0, 1)
