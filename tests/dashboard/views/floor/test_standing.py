from dataclasses import replace
from datetime import datetime

import pytest
from fake_service.api import FakeApi

from dashboard.api.standing import Standing
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.views.floor.standing import standing_line, take_back, undo_word

HALF = Standing(
    id="a-1",
    kind="half_load",
    machine=None,
    session=None,
    side=None,
    reason="Looks tired",
    by="Ho Wing Yan",
    made_at=datetime.fromisoformat("2026-11-21T06:30:00Z"),
)
DOSE = replace(HALF, kind="override", machine="hip-5", session="s-4", side="left")
STOP = replace(HALF, kind="stop", machine="hip-5")


def test_what_holds_is_said_with_place_person_and_reason(show: Formatter) -> None:
    assert standing_line(HALF, {}, show) == "Half load · :gray[14:30 · Ho Wing Yan]  \nLooks tired"
    assert standing_line(DOSE, {"hip-5": "Hip 5"}, show).startswith("Override · Hip 5, left · ")


@pytest.mark.parametrize(
    ("one", "word", "ordered"),
    [
        (HALF, "Take it back", ("POST", "/v1/presets/a-1/end", None)),
        (DOSE, "Give back to the model", ("POST", "/v1/sessions/s-4/give-back", {"side": "left"})),
        (STOP, "Take it back", ("POST", "/v1/machines/hip-5/release", None)),
    ],
)
def test_each_kind_is_taken_back_in_its_own_way(
    one: Standing, word: str, ordered: object, client: Client, fake_api: FakeApi
) -> None:
    assert undo_word(one) == word
    assert take_back(client, one) is None
    assert fake_api.orders == [ordered]
