from collections.abc import Callable

from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest

from dashboard.api.people import PatientPage, list_patients
from dashboard.client import Client
from dashboard.views.patients import most_urgent_first

OpenPage = Callable[..., AppTest]
Texts = Callable[[AppTest], str]


def test_who_needs_somebody_comes_first_then_by_name(client: Client) -> None:
    page = list_patients(client)
    assert isinstance(page, PatientPage)
    ordered = most_urgent_first(page.items, None)
    assert [row.light for row in ordered[:5]] == ["red", "red", "red", "amber", "fine"]
    names = [row.name for row in ordered if row.light == "fine"]
    assert names == sorted(names)
    assert {row.light for row in most_urgent_first(page.items, "amber")} == {"amber"}


def test_the_search_goes_to_the_service_and_is_in_the_url(open_page: OpenPage, fake_api: FakeApi) -> None:
    app = open_page("patients", search="ling")
    assert app.text_input(key="search").value == "ling"
    assert "/v1/patients?search=ling&limit=50" in fake_api.asked
    assert people(app) == ["**Chan Mei Ling**"]


def test_the_light_is_in_the_url(open_page: OpenPage) -> None:
    assert people(open_page("patients", light="amber")) == ["**Cheung Ka Yan**"]


def people(app: AppTest) -> list[str]:
    return [link.label for link in app.page_link if link.label.startswith("**")]


def test_a_search_without_a_match_says_how_to_go_on(open_page: OpenPage, texts: Texts) -> None:
    assert "Nobody matches." in texts(open_page("patients", search="zzz"))
