"""Every state of a machine on its screen: each fits both sizes in both languages and shows its own page."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from screen_shown import SIZES, Shown
from screen_states import STATES

pytestmark = pytest.mark.browser
JUDGE = (Path(__file__).parent / "judge.js").read_text(encoding="utf-8")
JUDGEMENTS = ("outside", "cut", "overlaps", "scrolled")
TOUCH_PX = 64
BODY_PX = 24  # places of the body (WCAG 2.5.8); what was chosen is said in words before it counts
PAGES = {
    "boot": "starting", "welcome": "welcome", "locked": "welcome", "plan": "plan", "offline_pin": "offline",
    "guided_only": "guided", "confirm": "confirm", "nothing": "confirm", "weigh_in": "weigh",
    "weighing": "weighing", "staff_opens": "opening",
    "start": "ready", "kept": "ready", "rest_over": "ready", "leaving": "ready",
    "loading": "live", "set": "live",
    "set_offline": "live", "set_timed": "live", "mobility": "live", "isometric": "live", "rest": "rest",
    "paused": "paused", "stopped_pain": "stopped", "stopped_unwell": "stopped", "emergency": "stopped",
    "stopped_again": "stopped", "fault_again": "fault", "fault": "fault", "estop": "fault",
    "goodbye": "goodbye", "goodbye_guided": "goodbye",
}  # fmt: skip
SMALL_TARGETS = """(least) => [...document.querySelectorAll(least.which)]
    .filter((one) => one.checkVisibility())
    .map((one) => [one.textContent, one.getBoundingClientRect()])
    .filter(([, box]) => box.width < least.px - 0.5 || box.height < least.px - 0.5)
    .map(([text, box]) => `${text} ${Math.round(box.width)} x ${Math.round(box.height)}`)"""


def page_of(name: str) -> str:
    return PAGES.get(name, "question")


@pytest.mark.parametrize("size", SIZES, ids=["large", "small"])
@pytest.mark.parametrize("language", ["en", "zh-HK"])
def test_every_state_fits(
    open_page: Callable[..., Any], shown: Shown, language: str, size: tuple[int, int]
) -> None:
    page = open_page(language, size)
    wrong: list[str] = []
    for name, view in STATES.items():
        shown.tell(page, view, language)
        if page.locator("main").get_attribute("data-page") == "set_up":
            wrong += judged(page, f"{name} set_up", language)
            page.click("[data-do=belt]")
        page.wait_for_selector(f"main[data-page={page_of(name)}]")
        for option in page.locator("main .option").all()[:1]:
            option.click()
        wrong += judged(page, name, language)
    assert wrong == []


@pytest.mark.parametrize(
    ("language", "name", "what"),
    [("en", "Lower trunk rotation, lying", "without a machine"), ("zh-HK", "仰臥下軀幹轉動", "不用機器")],
)
def test_a_station_without_a_machine_is_named_as_the_next(
    open_page: Callable[..., Any], shown: Shown, language: str, name: str, what: str
) -> None:
    page = open_page(language)
    shown.tell(page, STATES["goodbye_guided"], language)
    page.wait_for_selector("main[data-page=goodbye]")
    assert page.inner_text(".station-name") == name
    assert what in page.inner_text(".station")


def judged(page: Any, name: str, language: str) -> list[str]:
    found = [f"{what}: {one}" for what in JUDGEMENTS for one in page.evaluate(JUDGE, what)]
    small = page.evaluate(SMALL_TARGETS, {"which": "button", "px": TOUCH_PX})
    small += page.evaluate(SMALL_TARGETS, {"which": ".region", "px": BODY_PX})
    found += [f"small: {one}" for one in small]
    if language != "en":
        found += [f"English: {one}" for one in page.evaluate(JUDGE, "latin")]
    return [f"{name}: {one}" for one in found]
