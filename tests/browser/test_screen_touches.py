"""What is done at the page reaches the agent, once and only when it is meant; what is old is greyed."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from screen_shown import Shown
from screen_states import ROW, STATES, WORKING

from machine_agent import inputs

pytestmark = pytest.mark.browser


def test_what_is_done_at_the_page_reaches_the_agent(open_page: Callable[..., Any], shown: Shown) -> None:
    page = open_page()
    for name, done, wanted in (
        ("confirm", "confirm", inputs.Confirm()),
        ("confirm", "not-me", inputs.SignOff()),
        ("weigh_in", "belt", inputs.Confirm()),
        ("set", "pause", inputs.Press(button="stop")),
        ("set", "pain", inputs.Press(button="pain")),
        ("set", "unwell", inputs.Press(button="unwell")),
        ("set", "too_heavy", inputs.Press(button="too_heavy")),
        ("paused", "resume", inputs.Resume()),
        ("goodbye", "finish", inputs.SignOff()),
        ("staff_opens", "finish", inputs.SignOff()),
        ("leaving", "here", inputs.Resume()),
    ):
        shown.tell(page, STATES[name])
        page.click(f"[data-do={done}]")
        assert shown.touches(page, 1) == [wanted], name


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Moving without load did not hurt."), ("zh-HK", "無負荷活動時沒有痛。")]
)
def test_staff_open_a_light_set_with_their_pin(
    open_page: Callable[..., Any], shown: Shown, language: str, said: str
) -> None:
    page = open_page(language)
    shown.tell(page, STATES["staff_opens"], language)
    text = page.inner_text("main")
    assert said in text
    assert "2.5" in text  # kg: staff see what they would open
    page.keyboard.type("2468")
    page.keyboard.press("Enter")
    assert shown.touches(page, 1) == [inputs.StaffPin(pin="2468")]


def test_start_counts_down_and_then_starts(open_page: Callable[..., Any], shown: Shown) -> None:
    page = open_page()
    shown.tell(page, STATES["rest_over"])
    page.click("[data-do=start]")
    page.wait_for_selector("[data-left='1']")
    assert shown.agent.taken() == []
    assert shown.touches(page, 1) == [inputs.Start()]


def test_a_stop_in_the_countdown_starts_nothing(open_page: Callable[..., Any], shown: Shown) -> None:
    page = open_page()
    shown.tell(page, STATES["rest_over"])
    page.click("[data-do=start]")
    page.wait_for_selector("[data-left='3']")
    page.keyboard.press("d")
    assert shown.touches(page, 1) == [inputs.Press(button="unwell")]
    shown.tell(page, STATES["stopped_unwell"])
    page.wait_for_timeout(4_000)
    assert shown.agent.taken() == []


def test_a_countdown_goes_on_to_less_and_never_to_more(open_page: Callable[..., Any], shown: Shown) -> None:
    page = open_page()
    shown.tell(page, STATES["rest_over"])
    page.click("[data-do=start]")
    page.wait_for_selector("[data-left='3']")
    shown.change(row=replace(ROW, load_g=ROW.load_g - 1_000))
    page.wait_for_selector("[data-left='2']")
    shown.change(row=replace(ROW, load_g=ROW.load_g + 100))
    page.wait_for_selector("[data-do=start]")
    assert "12.6 kg" in page.inner_text("main")
    page.wait_for_timeout(3_000)
    assert shown.agent.taken() == []


def test_the_arm_moves_while_the_button_is_held(open_page: Callable[..., Any], shown: Shown) -> None:
    page = open_page()
    shown.tell(page, STATES["stopped_pain"])
    box = page.locator(".hold.arm").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    assert set(shown.touches(page, 5)) == {inputs.MoveArm()}
    page.mouse.up()
    page.wait_for_timeout(300)
    shown.agent.taken()
    page.wait_for_timeout(500)
    assert shown.agent.taken() == []


def test_a_fault_is_reset_by_a_long_press_only(open_page: Callable[..., Any], shown: Shown) -> None:
    page = open_page()
    shown.tell(page, STATES["fault"])
    page.click(".hold.reset")
    page.wait_for_timeout(3_500)
    assert shown.agent.taken() == []
    page.locator(".hold.reset").focus()
    page.keyboard.down("Space")
    assert shown.touches(page, 1) == [inputs.Reset()]
    page.keyboard.up("Space")


def test_a_silent_agent_greys_the_page_and_says_since_when(
    open_page: Callable[..., Any], shown: Shown
) -> None:
    page = open_page()
    shown.tell(page, STATES["set"])
    shown.is_silent = True
    page.wait_for_selector("body.stale")
    assert re.search(r"As of \d\d:\d\d:\d\d", page.inner_text("#notices"))
    assert page.evaluate("document.querySelector('main').inert")
    page.click("[data-do=pain]")
    assert shown.touches(page, 1) == [inputs.Press(button="pain")]
    shown.is_silent = False
    page.wait_for_selector("body:not(.stale)")


def test_old_samples_grey_the_page_during_a_set_only(open_page: Callable[..., Any], shown: Shown) -> None:
    page = open_page()
    shown.tell(page, replace(STATES["start"], sample_age_ms=60_000))
    assert not page.evaluate("document.body.classList.contains('stale')")
    shown.tell(page, replace(WORKING, sample_age_ms=3_500))
    page.wait_for_selector("body.stale")
