"""The language is the person's own: read from the service, kept there when it is chosen, and in the URL."""

from collections.abc import Callable

from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest

OpenPage = Callable[..., AppTest]
PUT = ("PUT", "/v1/patients/p-1/language", {"language": "zh-HK"})


def test_the_own_language_is_used_unless_the_url_names_another(
    open_page: OpenPage, fake_api: FakeApi
) -> None:
    fake_api.language = "zh-HK"
    assert open_page("more", role="patient").title[0].value == "更多"
    assert open_page("more", role="patient", language="en").title[0].value == "More"
    assert fake_api.orders == []  # a link chooses nothing for good


def test_a_choice_is_kept_as_the_own_and_only_once(open_page: OpenPage, fake_api: FakeApi) -> None:
    app = open_page("more", role="patient")
    app.segmented_control(key="language").set_value("zh-HK").run()
    assert app.title[0].value == "更多"
    assert fake_api.orders == [PUT]
    app.run()
    assert fake_api.orders == [PUT]


def test_a_choice_of_staff_is_nobodys_own(open_page: OpenPage, fake_api: FakeApi) -> None:
    app = open_page("patients", role="therapist")
    app.segmented_control(key="language").set_value("zh-HK").run()
    assert fake_api.orders == []


def test_the_unit_of_the_url_holds_without_a_switch_on_every_page(open_page: OpenPage) -> None:
    app = open_page("more", role="patient", unit="lb")
    assert app.session_state["unit"] == "lb"
    assert [str(one.key) for one in app.segmented_control] == ["language"]
