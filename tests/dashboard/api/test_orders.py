"""What staff order is asked as the service wants it, and the fake answers as the service does."""

from typing import Any

import httpx2
import pytest
from fake_service.api import FakeApi

from dashboard.api import orders
from dashboard.api.floor import FreeMachines, list_free_machines
from dashboard.client import Client, Failure
from services.api.schemas import day
from services.api.schemas import orders as schemas

WISHES: list[tuple[str, Any, Any, Any]] = [
    ("/machines/hip-5/hold", {"action": "stop", "reason": "Asked to stop"}, schemas.HoldWish, schemas.Order),
    (
        "/sessions/s-4/override",
        {"side": "left", "because": "too_hard", "reason": "Too hard", "load_kg": 9.0, "reps": 8},
        schemas.OverrideWish,
        schemas.Order,
    ),
    ("/patients/p-5/presets", {"kind": "half_load", "reason": "Tired"}, day.PresetWish, day.LaidDown),
    (
        "/patients/p-5/presets",
        {"kind": "swap_station", "reason": "Full", "station": "row", "into": "leg_press"},
        day.PresetWish,
        day.LaidDown,
    ),
]


@pytest.mark.parametrize(("path", "body", "wish", "answer"), WISHES)
def test_the_fake_takes_and_gives_what_the_service_does(
    path: str, body: Any, wish: Any, answer: Any, api_url: str
) -> None:
    wish.model_validate(body)
    given = httpx2.post(f"{api_url}/v1{path}", json=body)
    assert given.status_code == 201
    answer.model_validate_json(given.content)


def test_what_waits_fits_the_schema_of_the_service(fake_api: FakeApi, api_url: str) -> None:
    fake_api.advises = True
    found = schemas.Proposals.model_validate_json(httpx2.get(f"{api_url}/v1/proposals").content)
    assert len(found.items) == 1


def test_each_question_is_answered_in_its_type(client: Client, fake_api: FakeApi) -> None:
    held = orders.hold_machine(client, "hip-5", "pause", "A word", "key-of-a-click")
    assert isinstance(held, orders.Given)
    assert (held.kind, held.delivery) == ("pause", "sent")
    found = orders.read_hold(client, "hip-5")
    assert isinstance(found, orders.AllGiven)
    assert [(one.id, one.delivery) for one in found.items] == [(held.id, "applied")]
    assert orders.release_machine(client, "hip-5") is None
    assert orders.confirm_setting(client, "waits") is None
    assert orders.give_back_session(client, "s-4", "left") is None
    assert fake_api.orders[-1] == ("POST", "/v1/sessions/s-4/give-back", {"side": "left"})
    free = list_free_machines(client)
    assert isinstance(free, FreeMachines)
    assert [one.kind for one in free.items] == ["row", "row", "leg_press"]


def test_a_click_that_is_sent_twice_carries_the_same_key(client: Client, fake_api: FakeApi) -> None:
    for _ in range(2):
        orders.lay_down_preset(client, "p-5", {"kind": "hold", "reason": "Tired"}, "key-of-a-click")
    assert {given["idempotency-key"] for given in fake_api.headers[-2:]} == {"key-of-a-click"}


def test_a_refusal_is_a_value(client: Client, fake_api: FakeApi) -> None:
    fake_api.refusal = (409, "The session is over.")
    answer = orders.override_session(client, "s-4", {"side": "left"}, "key-of-a-click")
    assert isinstance(answer, Failure)
    assert answer.detail == "The session is over."
