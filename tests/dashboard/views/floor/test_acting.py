"""From the button of a tile to what reaches the service, and back."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest
from tapped import tell

from dashboard.api.floor import Tile
from dashboard.components.heard import HEARD
from dashboard.components.live import KEY
from dashboard.views.floor.acting import ASKED, Asking
from dashboard.views.floor.pressed import pressed

OpenPage = Callable[..., AppTest]
TileOf = Callable[[str], Tile]
Press = Callable[..., AppTest]
NAMES = {"lumbar-1": "Lumbar extension 1", "row-9": "Row 9"}


@pytest.fixture
def press(open_page: OpenPage, tile: TileOf) -> Press:
    """Press a button of a tile: a test has no browser, so what the button leaves behind is laid down."""

    def press_one(act: str, machine: str = "lumbar-1", role: str = "therapist", **query: str) -> AppTest:
        app = open_page("floor", role=role, **query)
        pressed = Asking(tile=tile(machine), act=act, names=NAMES, key="key-of-a-click")
        app.session_state[ASKED] = pressed
        return app.run()

    return press_one


def said(app: AppTest) -> str:
    kinds = (app.markdown, app.success, app.warning, app.error, app.caption)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def last(fake: FakeApi) -> tuple[str, Any]:
    _, path, body = fake.orders[-1]
    return path, body


def test_one_click_on_a_reason_stops_the_machine_and_says_what_came_of_it(
    press: Press, fake_api: FakeApi
) -> None:
    app = press("stop")
    assert "load goes to nothing" in said(app)
    assert fake_api.orders == []
    app.button(key="do-stop-0").click().run()
    assert last(fake_api) == ("/v1/machines/lumbar-1/hold", {"action": "stop", "reason": "Asked to stop"})
    assert "The machine has obeyed." in said(app)
    app.button(key="floor-undo").click().run()
    assert last(fake_api) == ("/v1/machines/lumbar-1/release", None)
    assert ASKED not in app.session_state


def test_a_reason_of_ones_own_becomes_a_button(press: Press, fake_api: FakeApi) -> None:
    app = press("hold")
    app.text_input(key="floor-reason").set_value(" The strap is loose ").run()
    app.button(key="do-freeze-typed").click().run()
    assert last(fake_api)[1] == {"action": "freeze", "reason": "The strap is loose"}


def test_a_refusal_is_said_in_place_and_one_can_try_again(press: Press, fake_api: FakeApi) -> None:
    app = press("stop")
    fake_api.refusal = (409, "Nobody trains on this machine.")
    app.button(key="do-stop-1").click().run()
    assert "Nobody trains on this machine." in said(app)
    fake_api.refusal = None
    app.button(key="floor-back").click().run()
    assert app.button(key="do-stop-1").label == "Looks unsafe"


def test_half_load_tells_each_machine_and_is_taken_back(press: Press, fake_api: FakeApi) -> None:
    app = press("more")
    app.button(key="do-half_load-0").click().run()
    assert last(fake_api) == ("/v1/patients/p-1/presets", {"kind": "half_load", "reason": "Looks tired"})
    assert "Lumbar extension 1: 6.2 kg" in said(app)
    assert "Row 9: not done. No set of training is left" in said(app)
    assert "Not done everywhere" in said(app)
    app.button(key="floor-undo").click().run()
    assert last(fake_api)[0].endswith("/end")


def test_a_swap_names_both_stations(press: Press, fake_api: FakeApi) -> None:
    app = press("more")
    assert "Row · free now" in str(app.selectbox(key="floor-into").options)
    app.selectbox(key="floor-into").select("row").run()
    app.button(key="do-swap_station-2").click().run()
    wish = {"kind": "swap_station", "reason": "Asked for another one", "station": "lumbar_extension"}
    assert last(fake_api)[1] == wish | {"into": "row"}


def test_a_swap_goes_to_the_station_that_is_chosen_right_before_the_reason(
    press: Press, fake_api: FakeApi
) -> None:
    app = press("more")
    usual = app.selectbox(key="floor-into").value
    app.selectbox(key="floor-into").select("neck_extension")
    app.button(key="do-swap_station-2").click().run()  # drawn before
    assert last(fake_api)[1]["into"] == "neck_extension" != usual


def test_a_swap_where_nothing_was_chosen_goes_where_the_page_says(press: Press, fake_api: FakeApi) -> None:
    app = press("more")
    usual = app.selectbox(key="floor-into").value
    app.button(key="do-swap_station-2").click().run()
    assert last(fake_api)[1]["into"] == usual


def test_ten_per_cent_lighter_is_an_order_of_staff(press: Press, fake_api: FakeApi) -> None:
    app = press("more", machine="hip-5")
    app.button(key="do-lighter-0").click().run()
    wish = {"side": "left", "because": "too_hard", "reason": "Too hard", "load_kg": 14.8}
    assert last(fake_api) == ("/v1/sessions/s-4/override", wish)
    app.button(key="floor-undo").click().run()
    assert last(fake_api) == ("/v1/sessions/s-4/give-back", {"side": "left"})


def test_a_dose_of_ones_own_is_entered_in_the_viewers_unit(press: Press, fake_api: FakeApi) -> None:
    app = press("more", unit="lb")
    app.number_input(key="dose-load").set_value(20.0)
    app.number_input(key="dose-reps").set_value(8)
    app.text_input(key="dose-reason").set_value("As agreed")
    app.button(key="dose-send").click().run()
    wish = {"side": "both", "because": "too_hard", "reason": "As agreed", "load_kg": 9.0, "reps": 8}
    assert last(fake_api) == ("/v1/sessions/s-0/override", wish)
    assert "From set 2 on: 19.8 lb · 8 reps." in said(app)


def test_the_other_side_gets_every_figure_that_the_form_shows(press: Press, fake_api: FakeApi) -> None:
    app = press("more", machine="hip-5")  # its left side trains now: 16.5 kg, 6 to 30 deg
    app.segmented_control(key="dose-side").set_value("right")
    app.number_input(key="dose-reps").set_value(8)
    app.number_input(key="dose-to").set_value(28.5)
    app.button(key="dose-send").click().run()
    path, wish = last(fake_api)
    assert path == "/v1/sessions/s-4/override"
    figures = {"load_kg": 16.5, "reps": 8, "start_deg": 6.0, "end_deg": 29.0}
    assert wish == {"side": "right", "because": "too_hard", "reason": "Too hard"} | figures


def test_what_holds_is_listed_and_taken_back(press: Press, fake_api: FakeApi) -> None:
    app = press("more")
    assert "Half load" in said(app)
    first = next(button for button in app.button if str(button.key).startswith("take-back-"))
    first.click().run()
    assert last(fake_api)[0].endswith("/end")
    assert ASKED not in app.session_state


def test_who_holds_a_machine_is_told_before_it_is_released(press: Press, fake_api: FakeApi) -> None:
    press("stop").button(key="do-stop-0").click().run()
    app = press("release")
    assert "**Stop** · 14:30 · Ho Wing Yan  \nAsked to stop" in said(app)
    app.button(key="floor-release").click().run()
    assert last(fake_api)[0] == "/v1/machines/lumbar-1/release"


def test_who_only_looks_gets_no_dialog(open_page: OpenPage, tile: TileOf) -> None:
    app = open_page("floor")
    one = replace(tile("lumbar-1"), hold=None)
    app.session_state[ASKED] = Asking(tile=one, act="stop", names=NAMES, key="key-of-a-click")
    app.run()
    assert not [button for button in app.button if str(button.key).startswith("do-")]


def changed(open_page: OpenPage, act: str) -> AppTest:
    """Press a button on a machine where the page has read another person since."""
    app = open_page("floor", role="therapist")
    told = {"machine": "lumbar-1", "name": "Lumbar extension 1", "session": "s-gone", "patient": "p-99"}
    found = pressed(None, told)
    app.session_state[ASKED] = Asking(tile=found.tile, act=act, names=NAMES, key="k", is_same=found.is_same)
    return app.run()


def test_on_a_machine_that_has_changed_a_stop_still_stops(open_page: OpenPage, fake_api: FakeApi) -> None:
    app = changed(open_page, "stop")
    assert "it holds for the machine" in said(app)
    app.button(key="do-stop-0").click().run()
    assert last(fake_api)[0] == "/v1/machines/lumbar-1/hold"


@pytest.mark.parametrize("act", ["more", "release"])
def test_on_a_machine_that_has_changed_nothing_else_is_done_and_it_says_so(
    act: str, open_page: OpenPage, fake_api: FakeApi
) -> None:
    app = changed(open_page, act)
    assert "has changed since you looked" in said(app)
    assert not [button.key for button in app.button if str(button.key).startswith(("do-", "floor-"))]
    assert fake_api.orders == []


def test_a_stop_of_now_opens_its_dialog_and_one_of_hours_ago_does_not_though_the_browser_tells_it_again(
    open_page: OpenPage,
) -> None:
    app = open_page("floor", role="therapist")
    stop = {"act": "stop", "machine": "lumbar-1", "name": "Lumbar extension 1"}
    tell(app, KEY, {"act": {**stop, "mark": "of-an-earlier-session 1 0.5"}})
    assert ASKED not in app.session_state
    tell(app, KEY, {"act": {**stop, "mark": f"{app.session_state[HEARD].session} 2 0.5"}})
    assert app.session_state[ASKED].act == "stop"
