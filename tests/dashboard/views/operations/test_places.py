"""Sites, patients' screens, and messages that were put aside."""

from collections.abc import Callable

from fake_service.api import FakeApi
from fake_service.door import FRESH_UNTIL
from fake_service.operations import CHAN, INVITATION
from streamlit.testing.v1 import AppTest

from dashboard.api.letters import DeadLetterPage, list_dead_letters
from dashboard.api.sites import SitePage, list_sites
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.views.operations.letters import STATES, counts
from dashboard.views.operations.sites import site_line
from services.api.schemas.operations import DeadLetter

OpenPage = Callable[..., AppTest]
Texts = Callable[[AppTest], str]


def test_a_site_says_where_it_is_and_which_time_it_keeps(client: Client, show: Formatter) -> None:
    answer = list_sites(client)
    assert isinstance(answer, SitePage)
    assert site_line(answer.items[0], show) == "no address · Asia/Hong\\_Kong"
    assert site_line(answer.items[1], show).startswith("12 Queen's Road, Central · ")


def test_advice_is_turned_on_and_off_by_site(open_page: OpenPage, fake_api: FakeApi, texts: Texts) -> None:
    app = open_page("sites", role="admin")
    assert "Every setting waits for staff here." in texts(app)
    app.button(key="advice-kowloon").click().run()
    app.button(key="advice-central").click().run()
    assert [(path, body) for _, path, body in fake_api.orders] == [
        ("/v1/sites/kowloon/advice", {"advice": True}),
        ("/v1/sites/central/advice", {"advice": False}),
    ]


def test_a_screen_gets_a_code_and_can_be_shut(open_page: OpenPage, fake_api: FakeApi) -> None:
    app = open_page("screens", role="admin")
    assert not [one for one in app.text_input if one.key == "screen-name"]  # before one has proven who one is
    fake_api.stepped_up_until = FRESH_UNTIL
    app.run()
    app.text_input(key="screen-name").input("Hall *2*")
    next(one for one in app.button if one.label == "Add").click().run()
    assert fake_api.orders == [("POST", "/v1/screens", {"site": "kowloon", "name": "Hall *2*"})]
    assert app.code[0].value == INVITATION
    assert any("One-time code for Hall \\*2\\*" in str(one.value) for one in app.markdown)
    app.button(key=f"revoke-{CHAN}").click().run()
    assert fake_api.orders[-1][1] == f"/v1/screens/{CHAN}/revoke"


def test_every_state_of_a_message_has_words() -> None:
    assert set(STATES) == set(DeadLetter.model_json_schema()["properties"]["state"]["enum"])


def test_messages_that_wait_are_counted_and_tried_once_more(
    client: Client, show: Formatter, open_page: OpenPage, fake_api: FakeApi
) -> None:
    answer = list_dead_letters(client, 50)
    assert isinstance(answer, DeadLetterPage)
    assert counts(answer.items, show) == "**2** of the newest 3 wait for somebody."
    app = open_page("letters", role="admin")
    assert {one.key for one in app.button} >= {"requeue-41", "requeue-39"}
    assert "requeue-40" not in {one.key for one in app.button}  # taken already
    app.button(key="requeue-41").click().run()
    assert fake_api.orders == [("POST", "/v1/dead-letters/41/requeue", None)]
