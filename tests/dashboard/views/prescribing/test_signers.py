from collections.abc import Callable

import pytest
from fake_service.api import FakeApi
from fake_service.door import FRESH_UNTIL
from streamlit.testing.v1 import AppTest

from dashboard.format import Formatter
from dashboard.views.prescribing.signers import named

WONG = "3b0f8f0e-54a3-4d0e-8c57-0f3d1f6f2b11"
LEE = "9c0f8f0e-54a3-4d0e-8c57-0f3d1f6f2b22"


def test_an_id_never_stands_on_the_screen(show: Formatter, show_lb: Formatter) -> None:
    assert named(f"{WONG} + {LEE}", {WONG: "Dr Wong"}, show) == "Dr Wong + a colleague"
    assert named("Dr Demo (DEMO)", {}, show) == "Dr Demo (DEMO)"
    assert named(LEE, {}, show_lb) == "一位同事"


def test_whoever_proposed_under_the_own_id_does_not_sign(
    open_page: Callable[..., AppTest],
    fake_api: FakeApi,
    texts: Callable[[AppTest], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("fake_service.care.PROPOSER", "u-1")
    fake_api.stepped_up_until = FRESH_UNTIL
    app = open_page("patient", role="clinician", patient="p-1", tab="prescribing")
    assert "You have proposed it" in texts(app)
