"""Floor and patient page in a real browser: no foreign host, no fault, nothing serious for axe."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_judge import serious
from fake_service.api import FakeApi
from fake_service.door import TOKEN

pytestmark = pytest.mark.browser

PAGES = {
    "floor": "/",
    "patients": "/patients",
    "balance": "/patient?patient=p-1",
    "progress": "/patient?patient=p-1&tab=progress",
    "adjustments": "/patient?patient=p-1&tab=adjustments",
    "sessions": "/patient?patient=p-1&tab=sessions",
    "differences": "/patient?patient=p-1&figure=sides",
    "replay": "/patient?patient=p-1&tab=replay",
    "what-if": "/patient?patient=p-1&tab=what-if&compare=true",
}
CHARTS = {"balance": 2, "differences": 2, "progress": 2, "sessions": 4, "what-if": 1}
MOVING = {"replay": ".play:not(:empty)"}  # what shows that a component of ours has been drawn
VIEWS = [("light", 1280), ("dark", 390)]
Visiting = Callable[..., Any]


@pytest.mark.parametrize(("scheme", "width"), VIEWS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_cleanly(name: str, scheme: str, width: int, visit: Visiting) -> None:
    viewer = visit(scheme, width)
    page = viewer.go(PAGES[name])
    for place in range(CHARTS.get(name, 0)):
        page.locator("[data-testid=stVegaLiteChart] svg").nth(place).wait_for(timeout=20_000)
    if name in MOVING:
        page.locator(MOVING[name]).wait_for(timeout=20_000)
    assert page.locator("[data-testid=stException], [data-testid=stAlertContentError]").count() == 0
    assert viewer.faults == []
    assert viewer.foreign == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert serious(page) == []


def test_a_tile_leads_to_the_person_and_the_link_can_be_shared(visit: Visiting) -> None:
    viewer = visit()
    page = viewer.go("/")
    page.get_by_role("link", name="Chan Mei Ling").click()
    page.get_by_role("heading", name="Chan Mei Ling").wait_for(timeout=20_000)
    page.get_by_role("tab", name="Adjustments").click()
    page.wait_for_url("**tab=adjustments*")
    page.get_by_text("lb", exact=True).click()
    page.get_by_text("37.5 lb").first.wait_for(timeout=20_000)
    other = visit()
    shared = other.go(page.url.removeprefix(viewer.address))
    shared.get_by_text("37.5 lb").first.wait_for(timeout=20_000)
    assert " kg" not in shared.locator("[data-testid=stMain]").inner_text()


def test_the_language_changes_and_the_tab_stays(visit: Visiting) -> None:
    viewer = visit()
    page = viewer.go("/patient?patient=p-1&tab=progress")
    page.get_by_text("繁體中文").click()
    page.get_by_role("tab", name="進展", selected=True).wait_for(timeout=20_000)
    page.get_by_role("heading", name="過程").wait_for(timeout=20_000)


def test_choices_of_one_viewer_are_not_another_ones(visit: Visiting) -> None:
    first, second = visit(), visit()
    first.go("/?unit=lb").get_by_text("27.6 lb").first.wait_for(timeout=20_000)
    second.go("/").get_by_text("12.5 kg").first.wait_for(timeout=20_000)


def test_a_stranger_is_led_to_the_door_and_back(visit: Visiting, fake_api: FakeApi) -> None:
    fake_api.role, fake_api.tokens = "therapist", set()
    try:
        viewer = visit()
        page = viewer.page
        page.goto(f"{viewer.address}/patients?unit=lb")
        page.get_by_role("heading", name="Door").wait_for(timeout=20_000)
        page.get_by_role("link", name="Enter").click()
        page.get_by_role("heading", name="Patients").wait_for(timeout=20_000)
        assert page.url.endswith("/patients?unit=lb")
        page.goto(f"{viewer.address}/")  # the stream asks with the cookie, too
        page.locator(".floor[data-state=live]").wait_for(timeout=20_000)
        assert "openspine" not in page.evaluate("document.cookie")
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("link", name="Sign in").wait_for(timeout=20_000)
        assert page.get_by_text("Chan Mei Ling").count() == 0
        assert viewer.foreign == []
    finally:
        fake_api.role, fake_api.tokens = None, {TOKEN}
