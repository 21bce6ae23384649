"""The floor in a real browser: it moves from one stream, staff act in two clicks, what is old is grey."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from threading import Event
from typing import Any

import pytest
from axe_judge import serious
from fake_service.api import FakeApi, problem
from fake_service.door import TOKEN
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
FOCUSED = """label =>
  document.activeElement.shadowRoot?.activeElement?.getAttribute("aria-label") === label"""
INK = """canvas => canvas.toDataURL()"""


@pytest.fixture
def staff(visit: Visiting, fake_api: FakeApi) -> Iterator[Visiting]:
    """Visit as somebody of a role who has signed in."""

    def visit_as(role: str = "therapist", **how: Any) -> Any:
        fake_api.role = role
        viewer = visit(**how)
        viewer.page.context.add_cookies([{"name": "openspine", "value": TOKEN, "url": viewer.address}])
        return viewer

    fake_api.forget()
    yield visit_as
    fake_api.forget()


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
