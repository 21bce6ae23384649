from typing import get_args

import pytest
from fake_service.floor import frame

from contract.messages.vocabulary import RepPhase
from dashboard.components.live import live_data
from dashboard.format import Formatter
from services.api.schemas import LiveFrame


def test_the_browser_is_told_where_to_listen_and_what_to_say(show_lb: Formatter) -> None:
    data = live_data("http://127.0.0.1:8000/v1/live/leg-6", "Leg press 6", show_lb)
    assert data["url"] == "http://127.0.0.1:8000/v1/live/leg-6"
    assert data["words"]["title"] == "Leg press 6 的角度"


@pytest.mark.parametrize("place", [0, 77, 4_000])
def test_the_made_up_frames_fit_the_schema_of_the_service(place: int) -> None:
    made = LiveFrame.model_validate(frame("leg-6", place))
    assert made.phase in get_args(RepPhase)
