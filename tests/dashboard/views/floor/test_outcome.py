from collections.abc import Callable

import pytest
from fake_service.api import FakeApi

from dashboard.api import orders
from dashboard.api.orders import Given
from dashboard.client import Client
from dashboard.views.floor.outcome import LOOKS, wait_for_machine

Sending = Callable[[], Given]


@pytest.fixture
def send(client: Client) -> Sending:
    """Stop a machine."""

    def send_one() -> Given:
        answer = orders.hold_machine(client, "lumbar-1", "stop", "Asked to stop", "key-of-a-click")
        assert isinstance(answer, Given)
        return answer

    return send_one


def looks(fake: FakeApi) -> int:
    return sum(path.endswith("/hold") for path in fake.asked)


def test_a_machine_that_obeys_is_seen_at_the_first_look(
    send: Sending, client: Client, fake_api: FakeApi
) -> None:
    assert wait_for_machine(client, send(), wait_s=0) == "applied"
    assert looks(fake_api) == 1


def test_a_machine_that_says_nothing_is_waited_for_and_not_for_ever(
    send: Sending, client: Client, fake_api: FakeApi
) -> None:
    sent = send()
    fake_api.orders.clear()  # the service has never heard of it
    assert wait_for_machine(client, sent, wait_s=0) == "sent"
    assert looks(fake_api) == LOOKS


def test_a_service_that_does_not_answer_is_not_asked_again(
    send: Sending, client: Client, fake_api: FakeApi
) -> None:
    sent = send()
    fake_api.mood = "broken"
    assert wait_for_machine(client, sent, wait_s=0) == "sent"
    assert looks(fake_api) == 1
