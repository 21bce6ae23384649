"""What is half typed does not wait for the next person."""

from collections.abc import Callable
from typing import Any

import pytest
from screen_shown import Shown
from screen_states import EMPTY, STATES

from machine_agent import inputs

pytestmark = pytest.mark.browser
NEARLY_MS, REST_MS = 14_000, 1_100  # together more than the 15 s without a key
KEYPAD = ".keypad-shown"


def at_code(open_page: Callable[..., Any]) -> Any:
    page = open_page()
    page.clock.install()
    page.click("[data-do=code]")
    return page


def test_half_a_code_is_forgotten_without_a_key(open_page: Callable[..., Any]) -> None:
    page = at_code(open_page)
    page.keyboard.type("p0")
    page.clock.run_for(NEARLY_MS)
    page.keyboard.type("2")
    page.clock.run_for(NEARLY_MS)
    assert page.inner_text(KEYPAD) == "P02"
    page.clock.run_for(REST_MS)
    page.wait_for_selector(".page.welcome")
    page.click("[data-do=code]")
    assert page.inner_text(KEYPAD) == ""


def test_who_has_typed_nothing_may_look_for_the_code(open_page: Callable[..., Any]) -> None:
    page = at_code(open_page)
    page.clock.run_for(4 * NEARLY_MS)
    assert page.locator(".page.code").is_visible()


def test_a_code_does_not_wait_for_its_pin(open_page: Callable[..., Any], shown: Shown) -> None:
    page = at_code(open_page)
    page.keyboard.type("p02")
    page.keyboard.press("Enter")
    page.wait_for_selector(".page.pin")
    page.clock.run_for(NEARLY_MS + REST_MS)
    page.wait_for_selector(".page.welcome")
    assert shown.agent.taken() == []


def test_an_old_clock_ends_no_new_entry(open_page: Callable[..., Any], shown: Shown) -> None:
    page = at_code(open_page)
    page.keyboard.type("p0")
    page.clock.run_for(NEARLY_MS)
    page.click("[data-do=back]")
    page.click("[data-do=code]")
    page.keyboard.type("p02")
    page.clock.run_for(REST_MS)
    page.keyboard.press("Enter")
    page.keyboard.type("2468")
    page.keyboard.press("Enter")
    assert shown.touches(page, 1) == [inputs.Identify(badge=None, code="P02", pin="2468")]


def test_it_is_forgotten_when_the_page_changes(open_page: Callable[..., Any], shown: Shown) -> None:
    page = at_code(open_page)
    page.keyboard.type("p02")
    shown.tell(page, STATES["confirm"])
    page.wait_for_selector("main[data-page=confirm]")
    shown.view = EMPTY
    page.wait_for_selector(".page.welcome")
    page.click("[data-do=code]")
    assert page.inner_text(KEYPAD) == ""


def test_half_a_staff_pin_is_forgotten_where_it_is_typed(open_page: Callable[..., Any], shown: Shown) -> None:
    page = open_page()
    page.clock.install()
    shown.tell(page, STATES["stopped_pain"])
    page.keyboard.type("12")
    assert page.inner_text(KEYPAD) == "●●"
    page.clock.run_for(NEARLY_MS + REST_MS)
    assert page.inner_text(KEYPAD) == ""
    assert page.locator("main[data-page=stopped]").is_visible()
