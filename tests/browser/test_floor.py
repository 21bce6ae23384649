"""The floor in a real browser: it moves from one stream, staff act in two clicks, what is old is grey."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_judge import serious
from fake_service.api import FakeApi

pytestmark = pytest.mark.browser
Visiting = Callable[..., Any]
SLOW_MS = 20_000
LONGER_THAN_A_REFRESH_MS = 4_500
FOCUSED = """label =>
  document.activeElement.shadowRoot?.activeElement?.getAttribute("aria-label") === label"""
INK = """canvas => canvas.toDataURL()"""


def is_live(page: Any) -> None:
    page.locator(".floor[data-state=live]").wait_for(timeout=SLOW_MS)


def test_every_tile_moves_from_one_stream_without_a_page_run(staff: Visiting, fake_api: FakeApi) -> None:
    viewer = staff()
    page = viewer.go("/")
    is_live(page)
    moving = page.locator(".tile .spark:visible canvas")
    assert moving.count() == 11  # of the machines that are connected
    page.wait_for_timeout(1_000)
    before, runs = [one.evaluate(INK) for one in moving.all()], fake_api.asked.count("/v1/me")
    page.wait_for_timeout(LONGER_THAN_A_REFRESH_MS)
    after = [one.evaluate(INK) for one in moving.all()]
    assert [old == new for old, new in zip(before, after, strict=True)] == [False] * 11
    assert fake_api.watched == [""]  # one stream, not opened anew by a refresh
    assert fake_api.asked.count("/v1/me") == runs  # no page run
    assert viewer.faults == []


def test_one_picture_opens_at_a_time_and_its_address_can_be_shared(
    staff: Visiting, fake_api: FakeApi
) -> None:
    page = staff().go("/")
    is_live(page)
    page.get_by_role("button", name="Movement of Leg press 6: show it large").click()
    page.wait_for_url(re.compile("machine=leg-6"))
    page.locator(".trace h2").get_by_text("Leg press 6 · Lau Chi Keung").wait_for()
    angle, seen = page.locator("[data-figure=angle]"), set()
    for _ in range(15):
        seen.add(angle.inner_text())
        page.wait_for_timeout(100)
    assert len(seen) >= 3
    with page.expect_response(re.compile("trace=hip-5")):  # the title changes before the stream is asked for
        page.get_by_role("button", name="Movement of Hip abduction 5: show it large").click()
    page.locator(".trace h2").get_by_text("Hip abduction 5").wait_for()
    assert page.locator(".trace:visible").count() == 1
    assert fake_api.watched == ["", "leg-6", "hip-5"]
    page.keyboard.press("Escape")
    page.locator(".trace").wait_for(state="hidden")
    page.wait_for_url(lambda url: "machine=" not in url)
    shared = staff().go("/?machine=leg-6")
    shared.locator(".trace h2").get_by_text("Leg press 6").wait_for(timeout=SLOW_MS)


def test_a_lost_stream_is_grey_and_says_so_until_it_is_back(staff: Visiting, fake_api: FakeApi) -> None:
    page = staff().go("/")
    is_live(page)
    fake_api.is_silent = True
    page.locator(".floor[data-state=lost]").wait_for(timeout=SLOW_MS)
    assert "last picture" in page.locator(".floor .status").inner_text()
    assert "grayscale" in page.locator(".spark:visible canvas").first.evaluate(
        "one => getComputedStyle(one).filter"
    )
    fake_api.is_silent = False
    is_live(page)


def test_a_stop_reaches_the_service_with_its_reason_in_two_clicks(staff: Visiting, fake_api: FakeApi) -> None:
    viewer = staff()
    page = viewer.go("/")
    page.get_by_role("button", name="Stop: Lateral flexion 4").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Staff clear it at the machine").wait_for(timeout=SLOW_MS)
    assert fake_api.orders == []
    dialog.get_by_role("button", name="Looks unsafe").click()
    dialog.get_by_text("The machine has obeyed.").wait_for(timeout=SLOW_MS)
    path, wish = "/v1/machines/lateral-4/hold", {"action": "stop", "reason": "Looks unsafe"}
    assert fake_api.orders == [("POST", path, wish)]
    page.wait_for_timeout(LONGER_THAN_A_REFRESH_MS)  # the tiles refresh behind it
    assert dialog.get_by_text("The machine has obeyed.").is_visible()
    dialog.get_by_role("button", name="Take it back").click()
    page.get_by_text("Taken back.").wait_for(timeout=SLOW_MS)
    assert fake_api.orders[-1] == ("POST", "/v1/machines/lateral-4/release", None)
    assert dialog.count() == 0
    assert fake_api.watched == [""]
    assert viewer.faults == []


def test_by_keyboard_alone_somebody_is_given_half_the_load(staff: Visiting, fake_api: FakeApi) -> None:
    page = staff().go("/")
    page.get_by_role("button", name="More: Hip abduction 5").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    reason = dialog.get_by_role("button", name="First visit after a break")
    reason.wait_for(timeout=SLOW_MS)
    reason.focus()
    page.keyboard.press("Enter")
    dialog.get_by_text("Hip abduction 5, left: 8.2 kg").wait_for(timeout=SLOW_MS)
    assert fake_api.orders[-1][2] == {"kind": "half_load", "reason": "First visit after a break"}
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    page.wait_for_function(FOCUSED, arg="More: Hip abduction 5", timeout=SLOW_MS)  # and one goes on there


def test_what_is_old_is_grey_and_says_since_when(staff: Visiting) -> None:
    page = staff().go("/")
    old = page.locator(".tile[data-machine=lumbar-3]")
    old.get_by_text("Not heard since 14:19").wait_for(timeout=SLOW_MS)
    assert "grayscale" in old.locator(".dose").evaluate("one => getComputedStyle(one).filter")
    young = page.locator(".tile[data-machine=lumbar-1] .dose")
    assert young.evaluate("one => getComputedStyle(one).filter") == "none"


def test_the_strip_filters_and_the_address_keeps_it(staff: Visiting) -> None:
    page = staff().go("/")
    page.get_by_role("button", name="3 red").click()
    page.wait_for_url(re.compile("light=red"))
    assert page.locator(".tile:visible").count() == 3
    page.wait_for_timeout(LONGER_THAN_A_REFRESH_MS)
    assert page.locator(".tile:visible").count() == 3
    again = staff().go("/?light=amber")
    again.locator(".tile:visible").first.wait_for(timeout=SLOW_MS)
    assert again.locator(".tile:visible .name").all_inner_texts() == ["Lateral flexion 4"]


def test_who_only_looks_has_nothing_to_press(visit: Visiting, fake_api: FakeApi) -> None:
    fake_api.forget()
    page = visit().go("/")
    page.locator(".tile").first.wait_for(timeout=SLOW_MS)
    assert page.locator(".acts button").count() == 0


@pytest.mark.parametrize("size", [(1600, 900), (1920, 1080)])
def test_a_wall_shows_every_machine_at_once_and_nobodys_health(
    staff: Visiting, size: tuple[int, int]
) -> None:
    viewer = staff(width=size[0], height=size[1])
    page = viewer.page
    page.goto(f"{viewer.address}/?wall=1&embed=true")
    page.locator(".floor.wall .tile").nth(12).wait_for(timeout=3 * SLOW_MS)  # the first page of all is slow
    is_live(page)
    page.wait_for_timeout(500)
    lowest = page.locator(".tile").evaluate_all(
        "all => Math.max(...all.map(one => one.getBoundingClientRect().bottom))"
    )
    assert lowest <= size[1]
    shown = page.locator("[data-testid=stMain]").inner_text() + page.locator(".floor").inner_text()
    assert "Chan M. L." in shown
    assert [word for word in ("Chan Mei Ling", "Pain", "Sign out", "Stop:", "kg\nlb") if word in shown] == []
    assert page.get_by_role("link", name="Patients").count() == 0


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_nothing_keeps_anybody_from_acting(
    scheme: str, width: int, staff: Visiting, fake_api: FakeApi
) -> None:
    fake_api.advises = True
    page = staff(scheme=scheme, width=width).go("/?machine=leg-6")
    is_live(page)
    page.get_by_role("button", name="Confirm").wait_for(timeout=SLOW_MS)
    assert serious(page) == []
    page.get_by_role("button", name="More: Hip abduction 5").click()
    page.get_by_role("dialog").get_by_text("Holds now, by staff").wait_for(timeout=SLOW_MS)
    assert serious(page, within="[role=dialog]") == []  # what is behind it is dimmed
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
