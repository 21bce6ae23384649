from typing import Any

import pytest

from dashboard.api.floor import Floor
from dashboard.views.floor.pressed import pressed

SEEN = {"machine": "lumbar-1", "name": "Lumbar extension 1", "session": "s-0", "patient": "p-1"}


def test_a_button_means_the_person_who_was_seen(floor: Floor) -> None:
    found = pressed(floor, SEEN)
    assert found.is_same
    assert found.tile == next(each for each in floor.items if each.machine == "lumbar-1")


@pytest.mark.parametrize(
    "other",
    [{"session": "s-99"}, {"patient": "p-2"}, {"session": None, "patient": None}, {"machine": "new-1"}],
)
def test_where_another_is_by_now_the_machine_alone_is_meant(floor: Floor, other: dict[str, Any]) -> None:
    told = SEEN | other
    found = pressed(floor, told)
    assert not found.is_same
    assert (found.tile.machine, found.tile.name) == (told["machine"], SEEN["name"])
    assert (found.tile.patient, found.tile.session, found.tile.load_kg) == (None, None, None)


def test_a_page_without_a_floor_still_knows_the_machine() -> None:
    found = pressed(None, SEEN)
    assert (found.tile.machine, found.is_same) == ("lumbar-1", False)


def test_an_empty_machine_is_the_same_while_it_is_empty(floor: Floor) -> None:
    told = {"machine": "row-13", "name": "Row 13", "session": None, "patient": None}
    assert pressed(floor, told).is_same
