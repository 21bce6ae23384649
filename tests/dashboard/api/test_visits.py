"""Bookings: a second click is the same order though the first has changed the version."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from fake_service.api import FakeApi

from dashboard.api.visits import Visit, Visits, cancel_visit, lay_out_visit, list_visits
from dashboard.client import Client, Failure


def lay_out(client: Client, visit: Visit) -> Failure | None:
    return lay_out_visit(client, visit, ())


@pytest.mark.parametrize("act", [cancel_visit, lay_out])
def test_a_second_click_on_a_booking_is_the_same_order(
    act: Callable[[Client, Visit], Failure | None], client: Client, fake_api: FakeApi
) -> None:
    found = list_visits(client, "2026-11-21")
    assert isinstance(found, Visits)
    visit = next(one for one in found.items if one.version is not None)
    newer = replace(visit, version=(visit.version or 0) + 1)
    assert [act(client, visit), act(client, newer)] == [None, None]
    assert [body["version"] for _, _, body in fake_api.orders] == [visit.version]
