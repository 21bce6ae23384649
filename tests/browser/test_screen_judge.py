"""Negative controls: what the journeys judge is found when it is planted."""

from collections.abc import Callable

import pytest
from kiosk_page import Patient

pytestmark = pytest.mark.browser
Opening = Callable[..., Patient]
PLANT = """([place, tag, text]) => {
  const node = document.createElement(tag);
  node.textContent = text;
  node.id = 'planted';
  document.querySelector(place).append(node);
  node.style.position = 'fixed';
}"""
PLACE = "([name, value]) => { document.getElementById('planted').style[name] = value; }"


def plant(one: Patient, text: str, **style: str) -> None:
    """Put a paragraph into the page."""
    one.page.evaluate("document.getElementById('planted')?.remove()")
    one.page.evaluate(PLANT, ["main", "p", text])
    for name, value in style.items():
        one.page.evaluate(PLACE, [name, value])


def test_what_is_planted_is_found(patient: Opening) -> None:
    one = patient("zh-HK").at("welcome")
    assert (one.judged(), one.latin_words()) == ([], [])
    heading = one.page.locator("h1").bounding_box()
    plant(one, "歡迎", left=f"{heading['x']}px", top=f"{heading['y']}px", fontSize="40px")
    assert any(found.startswith("overlaps") for found in one.judged())
    plant(one, "歡迎", left="1270px", top="200px", whiteSpace="nowrap")
    assert any(found.startswith("outside") for found in one.judged())
    plant(one, "歡迎", left="300px", top="2px", height="4px")
    assert any(found.startswith("cut") for found in one.judged())
    plant(one, "歡迎" * 60, left="300px", top="600px", width="60px", height="30px", overflow="auto")
    assert any(found.startswith("scrolled") for found in one.judged())
    plant(one, "Welcome", left="300px", top="600px")
    assert one.latin_words() == ["Welcome"]


def test_a_request_to_another_host_is_noted(patient: Opening) -> None:
    one = patient()
    assert one.foreign == []
    one.page.goto("about:blank")
    one.page.evaluate("fetch('http://127.0.0.2:9/').catch(() => null)")
    assert one.foreign == ["http://127.0.0.2:9/"]
