from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest

from dashboard.api.search import Hit
from dashboard.format import Formatter
from dashboard.language import traditional_chinese
from dashboard.views.search import GROUPS, ICONS, target, words
from services.api.schemas.programmes import Found

OpenPage = Callable[..., AppTest]
Texts = Callable[[AppTest], str]
CARE = ("patient", "alerts", "machines", "floor")
HIT = Hit(what="patient", id="p-1", name="Chan", hint="P-0001", active=True, patient=None, at=None)


def test_everything_that_can_be_found_leads_somewhere() -> None:
    kinds = set(Found.model_json_schema()["properties"]["what"]["enum"])
    assert set(GROUPS) == set(ICONS) == kinds
    assert target(HIT, CARE) == ("patient", {"patient": "p-1"})
    assert target(replace(HIT, what="alert", id="a"), CARE) == ("alerts", {"alert": "a"})
    assert target(replace(HIT, what="machine", id="leg-6"), CARE) == ("machines", {"machine": "leg-6"})
    assert target(replace(HIT, what="machine", id="leg-6"), ("floor",)) == ("floor", {"machine": "leg-6"})
    session = replace(HIT, what="session", id="s", patient="p-1")
    assert target(session, CARE) == ("patient", {"patient": "p-1", "tab": "sessions", "session": "s"})
    assert target(replace(HIT, what="site"), CARE) is None
    assert target(replace(HIT, what="comet"), CARE) is None


def test_a_hit_is_said_without_codes(show: Formatter) -> None:
    assert words(HIT, show) == "**Chan** · P-0001"
    at = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)
    alert = replace(HIT, what="alert", hint="machine_offline", at=at)
    assert words(alert, show) == "**Chan** · Machine offline · 21 Nov 2026 14:30"
    assert words(replace(HIT, what="site", hint="studio", active=False), show) == "**Chan** · no longer here"


def test_the_question_is_in_the_url_and_the_answers_are_links(
    open_page: OpenPage, fake_api: FakeApi, texts: Texts
) -> None:
    app = open_page("search", role="therapist", q="Chan Mei")
    assert "/v1/search?q=Chan+Mei" in fake_api.asked
    assert [group.value for group in app.subheader] == ["People", "Alerts", "Sessions"]
    labels = [link.label for link in app.page_link]
    assert "**Chan Mei Ling** · P-0001" in labels
    assert "Nothing fits." in texts(open_page("search", role="therapist", q="zzz"))


def test_the_box_on_any_page_leads_to_the_answers(open_page: OpenPage, fake_api: FakeApi) -> None:
    app = open_page("floor")
    app.text_input(key="find").set_value("leg press").run()
    assert app.title[0].value == "Search"
    assert fake_api.asked[-1] == "/v1/search?q=leg+press"
    assert app.text_input(key="find").value == ""


def test_every_group_is_translated() -> None:
    assert set(GROUPS.values()) - traditional_chinese().keys() == set()
