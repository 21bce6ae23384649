import re
from typing import get_args

import pytest
from fake_service.floor import frame

from contract.messages.vocabulary import RepPhase
from dashboard.components.live import script
from services.api.schemas import LiveFrame, LiveFrames


@pytest.mark.parametrize("place", [0, 77, 4_000])
def test_the_made_up_frames_fit_the_schema_of_the_service(place: int) -> None:
    made = LiveFrame.model_validate(frame("leg-6", place))
    assert made.phase in get_args(RepPhase)
    assert LiveFrames.model_validate({"items": [frame("leg-6", place)]}).items == [made]


def test_the_parts_make_one_module_with_one_way_in() -> None:
    assert script().count("export default") == 1
    assert not re.search(r"^import ", script(), re.MULTILINE)
    names = re.findall(r"^(?:function|const) ([\w]+)", script(), re.MULTILINE)
    assert len(names) > 30
    assert len(names) == len(set(names))  # two of a name would be no module at all


def test_one_stream_and_one_question_a_viewer_and_nothing_else_asks() -> None:
    assert script().count("new EventSource") == 1
    assert script().count("fetch(") == 1
    assert [word for word in ("XMLHttpRequest", "WebSocket", "http://", "https://") if word in script()] == [
        "http://"
    ]  # the name space of a drawing
