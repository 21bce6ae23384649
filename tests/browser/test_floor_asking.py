"""Whose floor it is and how old: what the browser asks for by itself, beside the page that hears presses."""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event
from typing import Any

import pytest
from fake_service.api import FakeApi, problem
from fake_service.floor import floor as made_up
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

pytestmark = pytest.mark.browser
Visiting = Callable[..., Any]
SLOW_MS = 20_000
LONGER_THAN_A_REFRESH_MS = 4_500
COUNT_TURNS = """floor => {
  window.turns = 0;
  let was = floor.classList.contains("old");
  new MutationObserver(() => {
    if (was !== floor.classList.contains("old")) window.turns += 1;
    was = floor.classList.contains("old");
  }).observe(floor, { attributeFilter: ["class"] });
}"""
NOTE_A_LEAK = """floor => new MutationObserver(() => {
  if (floor.textContent.includes("Ms Elsewhere")) sessionStorage.leaked = "yes";
}).observe(floor, { childList: true, subtree: true, characterData: true })"""


def is_live(page: Any) -> None:
    page.locator(".floor[data-state=live]").wait_for(timeout=SLOW_MS)


def test_a_floor_whose_sign_in_has_ended_becomes_the_door_by_itself(
    staff: Visiting, fake_api: FakeApi
) -> None:
    page = staff().go("/")
    is_live(page)
    fake_api.tokens.clear()
    page.locator(".tile").first.wait_for(state="detached", timeout=SLOW_MS)
    page.wait_for_url(re.compile("/sign-in"), timeout=SLOW_MS)


def hers(fake: FakeApi) -> Response:
    """Answer as to somebody else, who sees other people."""
    floor = made_up()
    for tile in floor["items"]:
        tile["patient"] = {"id": "p-77", "name": "Ms Elsewhere"}
    return JSONResponse(floor, headers={"X-Viewer": fake.mark})


def test_who_signs_in_in_another_tab_never_has_her_people_under_the_buttons_of_the_first(
    staff: Visiting, fake_api: FakeApi
) -> None:
    page = staff().go("/?light=red")
    is_live(page)
    page.locator(".floor").evaluate(NOTE_A_LEAK)
    loads: list[str] = []
    page.on("load", lambda _: loads.append(page.url))
    fake_api.mark, fake_api.on_floor = "another-mark", lambda _: hers(fake_api)
    page.get_by_role("link", name="Ms Elsewhere").first.wait_for(timeout=SLOW_MS)
    is_live(page)
    page.wait_for_timeout(LONGER_THAN_A_REFRESH_MS)
    assert len(loads) == 1  # the page is hers now, whole, and stays
    assert page.evaluate("() => [sessionStorage.leaked, sessionStorage['openspine-reloaded']]") == [
        None,
        None,
    ]
    assert "light=red" in page.url
    not_hers = Response(status_code=304, headers={"X-Viewer": "no-mark-of-hers"})
    fake_api.on_floor = lambda request: not_hers if asks_itself(request) else None
    page.wait_for_event("load", timeout=SLOW_MS)
    page.get_by_text("Somebody else has signed in here.").wait_for(timeout=SLOW_MS)
    page.wait_for_timeout(LONGER_THAN_A_REFRESH_MS)
    assert page.locator(".tile").count() == 0
    assert len(loads) == 2  # should coming anew not mend it, it comes no more, and nobody is shown


def asks_itself(request: Request) -> bool:
    """Tell the browser's own question from that of the page."""
    return "authorization" not in request.headers


def test_a_stop_is_heard_though_the_floor_is_lost_before_the_page_can_answer(
    staff: Visiting, fake_api: FakeApi
) -> None:
    page = staff().go("/")
    is_live(page)
    asked = Event()

    def slow_and_lost(request: Request) -> Response | None:
        if asks_itself(request):
            return problem(503, "The database does not answer.")
        asked.set()
        time.sleep(4)  # longer than until the browser asks: its "look" and the act wait together
        return None

    fake_api.on_floor = slow_and_lost
    page.get_by_role("button", name="Stop: Lateral flexion 4").evaluate("one => one.click()")
    assert asked.wait(5)
    page.get_by_text("lb", exact=True).click()  # ends the run that was to hear it
    page.locator(".floor.old").wait_for(timeout=SLOW_MS)
    page.get_by_role("dialog").get_by_text("Staff clear it at the machine").wait_for(timeout=SLOW_MS)
    assert "unit=lb" in page.url


def test_a_floor_that_the_browser_alone_cannot_read_stays_grey_and_says_so(
    staff: Visiting, fake_api: FakeApi
) -> None:
    page = staff().go("/")
    is_live(page)

    def lost(request: Request) -> Response | None:
        if asks_itself(request):
            return problem(503, "The database does not answer.")
        return JSONResponse(made_up() | {"as_of": datetime.now(UTC).isoformat()})

    fake_api.on_floor = lost
    page.locator(".floor.old[data-state=lost]").wait_for(timeout=SLOW_MS)
    assert re.search(r"last picture · as of \d\d:\d\d", page.locator(".floor .status").inner_text())
    page.locator(".floor").evaluate(COUNT_TURNS)
    runs = fake_api.asked.count("/v1/proposals")
    page.wait_for_timeout(2 * LONGER_THAN_A_REFRESH_MS)
    assert page.evaluate("() => window.turns") == 0  # the page reads it, and yet it does not blink
    assert fake_api.asked.count("/v1/proposals") - runs <= 1  # it looks every half minute
    fake_api.on_floor = lambda _: None
    is_live(page)
    assert page.locator(".floor.old").count() == 0


def test_a_page_that_has_read_earlier_never_takes_the_floor_back(staff: Visiting, fake_api: FakeApi) -> None:
    page = staff().go("/")
    is_live(page)
    read = Event()

    def older(request: Request) -> Response | None:
        if asks_itself(request):
            return Response(status_code=304, headers={"X-Viewer": fake_api.mark})
        read.set()
        counted = made_up()["summary"] | {"red": 9}
        return JSONResponse(made_up() | {"as_of": "2020-01-01T00:00:00Z", "summary": counted})

    fake_api.on_floor = older
    page.get_by_role("button", name="1 amber").click()
    assert read.wait(10)
    page.wait_for_timeout(LONGER_THAN_A_REFRESH_MS)
    assert page.locator(".strip button").all_inner_texts()[0].strip() == "3 red"
