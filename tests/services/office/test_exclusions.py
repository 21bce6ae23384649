"""What entries close, until when, and what they leave alone."""

from dataclasses import dataclass
from datetime import date

import pytest

from contract.machines import catalogue as machines
from services.coaching.history import UNTIL_CLEARED
from services.office import exclusions
from services.office.conditions import EVERY_KIND, catalogue

WEEK_MS = 7 * 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    condition: str
    ends_ms: int | None = None
    cleared_ms: int | None = None


def closed(*entries: Entry) -> dict[str, int]:
    found: dict[str, int] = exclusions.flags({}, entries)["excluded"]
    return found


def test_an_operation_ends_by_itself_and_an_aneurysm_never_does() -> None:
    day = date(2026, 9, 1)
    began_ms = 1_788_220_800_000  # 2026-09-01T00:00Z
    assert exclusions.ends_ms(catalogue()["abdominal_surgery"], day) == began_ms + 12 * WEEK_MS
    assert exclusions.ends_ms(catalogue()["aneurysm"], day) is None


@pytest.mark.parametrize(
    ("ends", "until"),
    [((5, 9), 9), ((9, 5), 9), ((5, None), UNTIL_CLEARED), ((None, 5), UNTIL_CLEARED)],
)
def test_the_longer_of_two_entries_holds(ends: tuple[int | None, int | None], until: int) -> None:
    entries = [Entry(condition="birth", ends_ms=one) for one in ends]
    assert closed(*entries)["lumbar_flexion"] == until


def test_what_is_cleared_closes_nothing() -> None:
    assert closed(Entry(condition="hernia", cleared_ms=1)) == {}
    assert closed(Entry(condition="hernia"), Entry(condition="hernia", cleared_ms=1))


def test_a_guided_station_closes_with_its_condition() -> None:
    assert closed(Entry(condition="osteoporosis")) == dict.fromkeys(
        ("lumbar_flexion", "seated_rotation", "decompression"), UNTIL_CLEARED
    )


def test_a_mark_goes_when_its_entry_is_cleared_and_other_flags_stay() -> None:
    before = {"osteoporosis": True, "back_pain": True, "hypermobile": True}
    after = exclusions.flags(before, [Entry(condition="osteoporosis", cleared_ms=1)])
    assert (after["osteoporosis"], after["back_pain"], after["hypermobile"]) == (False, True, True)


def test_everything_closes_every_kind_in_the_order_of_the_catalogue() -> None:
    names = exclusions.closed_kinds([Entry(condition="fracture")], 0)
    assert names == tuple(machines())
    assert exclusions.closed_kinds([Entry(condition="birth", ends_ms=5)], 5) == ()


def test_the_catalogue_names_known_kinds_and_every_symptom_of_the_machines_question() -> None:
    known = {*machines(), EVERY_KIND}
    assert all(set(one.closes) <= known for one in catalogue().values())
    assert {name for name, one in catalogue().items() if one.group == "red_flag"} == {
        "limb", "numb_weak", "bladder_saddle", "dizzy_chest", "fall_fever",
    }  # fmt: skip
    assert {name for name, one in catalogue().items() if one.emergency} == {
        "bladder_saddle", "numb_weak", "dizzy_chest",
    }  # fmt: skip
    assert all(one.closes or one.marks for one in catalogue().values())
