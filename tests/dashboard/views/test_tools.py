from collections.abc import Callable

from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest

OpenPage = Callable[..., AppTest]


def unseen(app: AppTest) -> list[str]:
    return [link.label for link in app.page_link if "not seen" in link.label]


def test_red_ones_that_nobody_has_seen_are_counted_on_every_page(
    open_page: OpenPage, fake_api: FakeApi
) -> None:
    assert unseen(open_page("patients")) == [":red[**3 red not seen**]", ":orange[**2 amber not seen**]"]
    assert fake_api.asked.count("/v1/alerts/waiting") == 1
    for alert in ("al-0", "al-1", "al-2"):
        fake_api.orders.append(("POST", f"/v1/alerts/{alert}/acknowledge", None))
    assert unseen(open_page("patients")) == [":orange[**2 amber not seen**]"]


def test_who_may_not_see_alerts_is_not_asked_for_them(open_page: OpenPage, fake_api: FakeApi) -> None:
    admin = open_page("machines", role="admin")
    assert unseen(admin) == []
    assert "find" in {field.key for field in admin.text_input}
    assert "/v1/alerts/waiting" not in fake_api.asked
    fake_api.role = "patient"
    assert "find" not in {field.key for field in open_page("next").text_input}
