from datetime import date

import pytest

from contract.machines import catalogue
from dashboard.api.health import Condition, Conditions, list_conditions
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.views.health.closing import GROUPS, closed_by, closes_words, machine_lines, still_closes
from services.office import conditions as served
from services.office.exclusions import Entry, closes_now

TODAY = date(2026, 11, 21)


@pytest.fixture
def known(client: Client) -> dict[str, Condition]:
    found = list_conditions(client)
    assert isinstance(found, Conditions)
    return {one.name: one for one in found.items}


def test_every_condition_of_the_service_is_asked_for(known: dict[str, Condition]) -> None:
    assert set(known) == set(served.catalogue())
    assert {one.group for one in known.values()} == set(GROUPS)


def test_what_a_condition_closes_is_said_by_machine(known: dict[str, Condition], show: Formatter) -> None:
    assert closes_words(known["pregnancy"].closes, show) == "closes every machine"
    assert closes_words(known["hypermobile"].closes, show).startswith("closes no machine")
    assert closes_words(known["osteoporosis"].closes, show) == "closes Lumbar flexion"
    said = closes_words(known["neck_instability"].closes, show)
    assert said == "closes Neck extension, Neck lateral, Row"


def test_each_machine_names_what_closes_it(known: dict[str, Condition], show: Formatter) -> None:
    closed = closed_by([known["glaucoma"], known["hernia"]])
    assert len(closed["lumbar_flexion"]) == 2
    assert closed["row"] == []
    lines = dict(zip(catalogue(), machine_lines(closed, show), strict=True))
    assert lines["row"].endswith("**Row** · open")
    assert lines["leg_press"].endswith("closed: Glaucoma; A hernia of the belly or the groin")
    assert all(closed_by([known["fracture"]]).values())


@pytest.mark.parametrize(("since", "closes"), [(date(2026, 11, 1), True), (date(2026, 8, 1), False)])
def test_some_end_weeks_after_their_date_as_the_service_has_it(
    since: date, closes: bool, known: dict[str, Condition]
) -> None:
    now_ms = 1_795_219_200_000  # 2026-11-21T00:00:00Z
    assert still_closes(known["birth"], since, TODAY) is closes
    assert bool(closes_now(Entry(condition="birth", since_day=since), now_ms)) is closes
    assert still_closes(known["glaucoma"], None, TODAY)
