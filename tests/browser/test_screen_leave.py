"""The question whether to leave: it stops no stop, and ends with the person or the state it was asked in."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from screen_shown import SIZES, Shown
from screen_states import EMPTY, STATES

from machine_agent import inputs

pytestmark = pytest.mark.browser
FOCUSED = "document.activeElement.dataset.do ?? document.activeElement.tagName"
HIT = """(name) => {
  const { x, y, width, height } = document.querySelector(`[data-do=${name}]`).getBoundingClientRect();
  return document.elementFromPoint(x + width / 2, y + height / 2).closest("[data-do]")?.dataset.do;
}"""
BUTTONS = (("pain", "p"), ("unwell", "d"), ("too_heavy", "h"))


@pytest.fixture(params=SIZES, ids=["large", "small"])
def asked(request: pytest.FixtureRequest, open_page: Callable[..., Any], shown: Shown) -> Any:
    """A page that asks somebody in the rest whether to leave."""
    page = open_page(size=request.param)
    shown.tell(page, STATES["rest"])
    page.click("[data-do=leave]")
    page.wait_for_selector("dialog[open]")
    shown.agent.taken()
    return page


@pytest.mark.parametrize(("name", "key"), BUTTONS)
def test_each_of_the_three_works_by_touch_and_by_key(
    asked: Any, shown: Shown, name: inputs.Button, key: str
) -> None:
    asked.click(f"[data-do={name}]", timeout=5_000)
    assert shown.touches(asked, 1) == [inputs.Press(button=name)]
    asked.keyboard.press(key)
    assert shown.touches(asked, 1) == [inputs.Press(button=name)]
    asked.focus(f"[data-do={name}]")
    assert asked.evaluate(FOCUSED) == name
    asked.keyboard.press("Enter")
    assert shown.touches(asked, 1) == [inputs.Press(button=name)]


def test_it_ends_with_the_session(asked: Any, shown: Shown) -> None:
    shown.view = EMPTY
    asked.wait_for_selector("main[data-page=welcome]")
    assert asked.locator("dialog").count() == 0
    assert not asked.evaluate("document.querySelector('#top').inert || document.querySelector('main').inert")


def test_it_ends_with_the_state(asked: Any, shown: Shown) -> None:
    stopped = STATES["stopped_unwell"]
    shown.change(state=stopped.state, awaits=stopped.awaits, codes=stopped.codes)
    asked.wait_for_selector("main[data-page=stopped]")
    assert asked.locator("dialog").count() == 0
    assert asked.evaluate(FOCUSED) == "H1"


def test_another_person_is_not_asked(asked: Any, shown: Shown) -> None:
    shown.tell(asked, STATES["rest"])
    assert asked.locator("dialog").count() == 0
    assert shown.agent.taken() == []


@pytest.mark.parametrize("how", ["stay", "Escape"])
def test_the_focus_goes_into_it_and_back(asked: Any, shown: Shown, how: str) -> None:
    assert asked.evaluate(FOCUSED) == "stay"
    shown.change(awaits="start", rest_left_ms=0)  # the page behind it changes: it keeps the focus
    asked.wait_for_selector("main[data-page=ready]")
    assert asked.evaluate(FOCUSED) == "stay"
    if how == "stay":
        asked.click("[data-do=stay]")
    else:
        asked.keyboard.press(how)
    assert asked.locator("dialog").count() == 0
    assert asked.evaluate(FOCUSED) == "leave"
    assert shown.agent.taken() == []
    asked.click("[data-do=start]", trial=True)


def test_the_page_behind_it_is_out_of_reach(asked: Any) -> None:
    names = ("stay", "really-leave", "pain", "unwell", "too_heavy")
    assert [asked.evaluate(HIT, name) for name in names] == list(names)
    assert asked.evaluate(HIT, "language") is None
    seen = set()
    for _ in range(12):
        asked.keyboard.press("Tab")
        seen.add(asked.evaluate(FOCUSED))
    assert seen - {"BODY"} == {*names, "leave"}


def test_no_key_answers_the_page_behind_it(open_page: Callable[..., Any], shown: Shown) -> None:
    page = open_page()
    shown.tell(page, replace(STATES["ask_rir"], state=STATES["rest"].state))
    page.click(".option[data-value='0']")
    page.click("[data-do=leave]")
    page.keyboard.press("2")
    page.keyboard.press("Enter")  # the focus is on Stay
    assert page.locator("dialog").count() == 0
    assert page.get_attribute(".option[data-value='0']", "aria-pressed") == "true"
    assert shown.agent.taken() == []


def test_who_means_it_leaves(asked: Any, shown: Shown) -> None:
    asked.click("[data-do=really-leave]")
    assert shown.touches(asked, 1) == [inputs.SignOff()]
    assert asked.locator("dialog").count() == 0
