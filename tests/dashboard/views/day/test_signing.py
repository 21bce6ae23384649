"""What is signed in the evening: what was seen and ticked, whatever happens between two runs of the page."""

from collections.abc import Callable

import pytest
from fake_service import day as fake_day
from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest

OpenPage = Callable[..., AppTest]
Texts = Callable[[AppTest], str]
Open = Callable[[], AppTest]
PROVEN = "2099-01-01T00:00:00Z"
changes = fake_day.changes


@pytest.fixture
def evening(open_page: OpenPage, fake_api: FakeApi) -> Open:
    fake_api.stepped_up_until = PROVEN
    return lambda: open_page("day", role="clinician", part="signature", day="2026-11-21")


def signed(fake_api: FakeApi) -> list[str]:
    decisions: list[str] = fake_api.orders[-1][2]["decisions"]
    return decisions


def test_a_tick_and_a_turn_of_the_page_at_once_leave_it_ticked_and_named(
    evening: Open, fake_api: FakeApi, texts: Texts
) -> None:
    fake_api.rows_of_page = 3
    app = evening()
    app.checkbox(key="sign-d-2").check()
    app.button(key="changes-later").click().run()
    assert app.button(key="sign-ticked").label == "Sign the 1 ticked"
    assert "Also ticked, on other pages" in texts(app)
    assert "**Chan Mei Ling** · 14:20 · Trunk rotation" in texts(app)
    app.button(key="sign-untick").click().run()
    assert app.button(key="sign-ticked").disabled
    assert "Also ticked" not in texts(app)


def test_what_is_unticked_right_before_the_page_is_turned_is_not_signed(
    evening: Open, fake_api: FakeApi
) -> None:
    fake_api.rows_of_page = 3
    app = evening()
    app.checkbox(key="sign-d-2").check().run()
    app.checkbox(key="sign-d-1").check().run()
    app.checkbox(key="sign-d-2").uncheck()
    app.button(key="changes-later").click().run()
    app.button(key="sign-ticked").click().run()
    assert signed(fake_api) == ["d-1"]


def test_a_tick_and_the_signature_at_once_sign_what_is_ticked_now(evening: Open, fake_api: FakeApi) -> None:
    app = evening()
    app.checkbox(key="sign-d-2").check().run()
    app.checkbox(key="sign-d-1").check()
    app.button(key="sign-ticked").click().run()
    assert signed(fake_api) == ["d-1", "d-2"]


def test_what_has_come_since_the_page_was_drawn_stays_open_and_is_said(
    evening: Open, fake_api: FakeApi, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(fake_day, "changes", lambda fake: changes(fake)[:3])
        app = evening()
        assert app.button(key="sign-all").label == "Sign all 3"
    app.button(key="sign-all").click().run()
    assert signed(fake_api) == ["d-1", "d-2", "d-3"]
    assert "More has come since you signed all: 1." in texts(app)
    assert app.button(key="sign-all").label == "Sign all 1"
    assert "More has come" not in texts(app.run())


def test_a_tick_of_what_has_left_the_list_is_dropped_and_said(
    evening: Open, fake_api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = evening()
    app.checkbox(key="sign-d-2").check().run()
    monkeypatch.setattr(fake_day, "changes", lambda fake: [changes(fake)[0], *changes(fake)[2:]])
    app.checkbox(key="sign-d-1").check().run()
    assert "Not ticked any more" in str(app.warning[0].value)
    assert "Trunk rotation" in str(app.warning[0].value)
    app.button(key="sign-ticked").click().run()
    assert signed(fake_api) == ["d-1"]
    assert not app.warning


def test_ticks_of_other_pages_are_dropped_where_the_service_refuses_them(
    evening: Open, fake_api: FakeApi
) -> None:
    fake_api.rows_of_page = 3
    app = evening()
    app.checkbox(key="sign-d-2").check().run()
    app.button(key="changes-later").click().run()
    app.checkbox(key="sign-d-4").check().run()
    fake_api.refusal = (422, "Only what the list of this day shows.")
    app.button(key="sign-ticked").click().run()
    assert "Only what the list of this day shows." in str(app.error[0].value)
    assert "Trunk rotation" in str(app.warning[0].value)
    fake_api.refusal = None
    app.button(key="sign-ticked").click().run()
    assert signed(fake_api) == ["d-4"]
