"""What staff work off, in a real browser: an alert until it is resolved, the evening's signature, search."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_judge import serious
from fake_service.api import FakeApi
from fake_service.door import TOKEN

pytestmark = pytest.mark.browser

PAGES = ("needs", "alerts", "day", "day?part=signature", "search?q=chan")
VIEWS = [("light", 1280), ("dark", 390)]
WAIT_MS = 20_000
Visiting = Callable[..., Any]


@pytest.fixture
def visit_as(visit: Visiting, fake_api: FakeApi) -> Iterator[Visiting]:
    """Visit as somebody of a role who has signed in."""

    def enter(role: str, *how: Any) -> Any:
        fake_api.role = role
        viewer = visit(*how)
        viewer.page.context.add_cookies([{"name": "openspine", "value": TOKEN, "url": viewer.address}])
        return viewer

    yield enter
    fake_api.forget()


@pytest.mark.parametrize(("scheme", "width"), VIEWS)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_cleanly(path: str, scheme: str, width: int, visit_as: Visiting) -> None:
    viewer = visit_as("clinician", scheme, width)
    page = viewer.go(f"/{path}")
    assert page.locator("[data-testid=stException]").count() == 0
    assert (viewer.faults, viewer.foreign) == ([], [])
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert serious(page) == []


def test_an_alert_goes_from_unseen_to_resolved(visit_as: Visiting, fake_api: FakeApi) -> None:
    page = visit_as("therapist").go("/patients")
    page.get_by_role("link", name="3 red not seen").click()
    page.get_by_role("heading", name="Alerts").wait_for(timeout=WAIT_MS)
    page.wait_for_url("**/alerts?*severity=red*")
    page.get_by_role("button", name="Acknowledge").first.click()
    page.get_by_text("Acknowledged: Chan Mei Ling").wait_for(timeout=WAIT_MS)
    page.get_by_role("link", name="1 red not seen").wait_for(timeout=WAIT_MS)
    page.get_by_test_id("stButtonGroup").get_by_text("To do", exact=True).click()
    page.get_by_text("Acknowledged by Dr Wong Ka Yan").wait_for(timeout=WAIT_MS)
    page.get_by_role("button", name="Resolve or hand on").nth(1).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Called", exact=True).click()
    dialog.get_by_role("button", name="Resolve", exact=True).click()
    page.get_by_text("Resolved: ").wait_for(timeout=WAIT_MS)
    assert [where for _, where, _ in fake_api.orders][:2] == [
        "/v1/alerts/al-0/acknowledge",
        "/v1/alerts/al-1/acknowledge",
    ]
    assert fake_api.orders[-1][2] == {"why": "called"}
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Taken back.").wait_for(timeout=WAIT_MS)
    assert fake_api.orders[-1][1].endswith("/undo")


def test_a_clinician_proves_who_it_is_and_signs_the_day(visit_as: Visiting, fake_api: FakeApi) -> None:
    page = visit_as("clinician").go("/day?part=signature&day=2026-11-21")
    page.get_by_label("Passphrase").fill("correct horse battery staple")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Sign all 4").wait_for(timeout=WAIT_MS)
    page.locator("label", has_text="Staff chose the dose").click()
    page.get_by_role("button", name="Sign the 1 ticked").click()
    page.get_by_text("To be signed: 3").wait_for(timeout=WAIT_MS)
    page.get_by_role("button", name="Sign all 3").click()
    page.get_by_text("Everything of this day is signed.").wait_for(timeout=WAIT_MS)
    signed = [body["decisions"] for _, where, body in fake_api.orders if where == "/v1/countersign"]
    assert signed[0] == ["d-4"]
    assert sorted(signed[1]) == ["d-1", "d-2", "d-3"]


def test_the_search_box_works_with_the_keyboard_alone(visit_as: Visiting) -> None:
    page = visit_as("therapist").go("/patients")
    page.get_by_label("Search", exact=True).first.focus()
    page.keyboard.type("Lee Kwok")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=Lee+Kwok", timeout=WAIT_MS)
    hit = page.get_by_role("link", name="Lee Kwok Wai · P-0002")
    hit.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Lee Kwok Wai").wait_for(timeout=WAIT_MS)


def test_stations_are_swapped_and_saved(visit_as: Visiting, fake_api: FakeApi) -> None:
    page = visit_as("therapist").go("/day?day=2099-11-21")
    page.get_by_role("button", name="Stations").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_test_id("stButtonGroup").get_by_text("Trunk rotation").click()
    dialog.get_by_role("button", name="Put earlier").click()
    dialog.locator("li", has_text="Trunk rotation").nth(0).wait_for(timeout=WAIT_MS)
    page.wait_for_function("document.querySelectorAll('[role=dialog] li')[1].innerText.includes('Trunk')")
    assert serious(page) == []
    dialog.get_by_role("button", name="Save the stations").click()
    page.get_by_text("The stations are laid out.").wait_for(timeout=WAIT_MS)
    assert [one["station"] for one in fake_api.orders[-1][2]["stations"]][:2] == ["walk", "trunk_rotation"]
