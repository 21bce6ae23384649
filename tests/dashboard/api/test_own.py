"""What a person sends is what the service takes: addresses and bodies against the service's own."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_service.api import FakeApi
from fake_service.own import outlook

from dashboard.api.own import Outlook, answer_morning, read_outlook, set_language, tick_off
from dashboard.client import Client, Failure
from services.api.schemas import Shape
from services.api.schemas.day import TickWish
from services.api.schemas.enrolment import ChosenLanguage
from services.api.schemas.papers import AnswerWish

OPERATIONS = json.loads((Path(__file__).parents[3] / "docs" / "openapi.json").read_text())["paths"]
Sent = Callable[[Client], Failure | None]


@pytest.mark.parametrize(
    ("send", "method", "ending", "shape"),
    [
        (lambda client: answer_morning(client, "p-1", 3), "post", "answers", AnswerWish),
        (lambda client: tick_off(client, "p-1", "pelvic_tilt"), "post", "ticks", TickWish),
        (lambda client: set_language(client, "p-1", "zh-HK"), "put", "language", ChosenLanguage),
    ],
)
def test_what_is_sent_fits_the_service(
    send: Sent, method: str, ending: str, shape: type[Shape], client: Client, fake_api: FakeApi
) -> None:
    assert send(client) is None
    ((how, where, body),) = fake_api.orders
    assert (how.lower(), where) == (method, f"/v1/patients/p-1/{ending}")
    assert method in OPERATIONS[f"/v1/patients/{{patient_id}}/{ending}"]
    shape.model_validate(body)


def test_the_outlook_is_read_with_its_times(client: Client) -> None:
    found = read_outlook(client, "p-1")
    assert isinstance(found, Outlook)
    assert found.visit is not None
    assert found.visit.starts_at.isoformat() == outlook(None)["visit"]["starts_at"].replace("Z", "+00:00")
    assert found.morning is not None
    assert found.morning.open
