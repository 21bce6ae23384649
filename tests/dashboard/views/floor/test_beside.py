from collections.abc import Callable

from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest

from dashboard.api.orders import Proposals, list_proposals
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.views.floor.beside import proposal_lines

OpenPage = Callable[..., AppTest]
Texts = Callable[[AppTest], str]


def test_what_waits_is_said_with_dose_and_reason(client: Client, show: Formatter, fake_api: FakeApi) -> None:
    fake_api.advises = True
    found = list_proposals(client)
    assert isinstance(found, Proposals)
    assert proposal_lines(found.items[0], show) == [
        "**Tang Yuk Lan** · Trunk rotation 8 · Trunk rotation, right · set 2",
        "**20.5 kg** · \N{MINUS SIGN}20 to 25° · 12 reps",
        "Two good sets\\: a little more weight.",
    ]


def test_a_setting_is_confirmed_beside_its_reason(
    open_page: OpenPage, texts: Texts, fake_api: FakeApi
) -> None:
    fake_api.advises = True
    app = open_page("floor", role="clinician")
    assert "Waits for your word" in texts(app)
    confirm = next(button for button in app.button if str(button.key).startswith("confirm-"))
    confirm.click().run()
    assert fake_api.orders[-1][1].endswith("/confirm")
    assert "Waits for your word" not in texts(app)


def test_who_only_looks_is_not_told_of_proposals(
    open_page: OpenPage, texts: Texts, fake_api: FakeApi
) -> None:
    fake_api.advises = True
    assert "Waits for your word" not in texts(open_page("floor"))
    assert not [path for path in fake_api.asked if "proposals" in path]
