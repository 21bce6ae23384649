from collections.abc import Callable

from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest

OpenPage = Callable[..., AppTest]
Texts = Callable[[AppTest], str]


def test_the_head_says_who_it_is(open_page: OpenPage, texts: Texts) -> None:
    app = open_page("patient", patient="p-1")
    assert app.title[0].value == "Chan Mei Ling"
    assert "P-0001 · 72 years, female · 23 visits, last on 20 Nov 2026 · usual pain 3" in texts(app)


def test_only_the_open_tab_asks_the_service(open_page: OpenPage, fake_api: FakeApi) -> None:
    open_page("patient", patient="p-1", tab="progress")
    parts = {
        path.split("?")[0].rsplit("/", 1)[1]
        for path in fake_api.asked
        if path.startswith("/v1/patients/p-1/")
    }
    assert parts == {"progress", "phase", "tests", "standing", "file"}


def test_without_a_person_the_page_leads_to_the_list(open_page: OpenPage, texts: Texts) -> None:
    app = open_page("patient")
    assert "No person is chosen." in texts(app)
    assert "Patients" in [link.label for link in app.page_link]


def test_an_unknown_person_is_said_so(open_page: OpenPage, texts: Texts) -> None:
    assert "There is nothing under this address." in texts(open_page("patient", patient="nobody"))
