"""A person of 72 on a phone: her own pages in a real browser."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_judge import serious
from fake_service.api import FakeApi
from fake_service.door import FRESH_UNTIL, TOKEN

from dashboard.views.own.pages import PAGES
from services.office.instruments import forms

pytestmark = pytest.mark.browser
PHONE = (390, 844)
TARGET_PX = 44  # of what a thumb must hit (WCAG 2.5.5)
ADDRESSES = [
    "",
    *(name for name, _, _ in PAGES[1:]),
    "exercises?exercise=knee_to_chest",
    "questions?form=odi",
]
WAIT_MS = 20_000
SLOW_S = 0.3  # before each of the answers that a page asks for
Visiting = Callable[..., Any]


@pytest.fixture
def her(fake_api: FakeApi, visit: Visiting) -> Iterator[Callable[..., Any]]:
    """Let Chan Mei Ling sign in on a device."""
    fake_api.forget()
    fake_api.role = "patient"

    def open_device(scheme: str = "light", width: int = PHONE[0]) -> Any:
        viewer = visit(scheme, width, PHONE[1])
        cookie = {"name": "openspine", "value": TOKEN, "domain": "127.0.0.1", "path": "/"}
        viewer.page.context.add_cookies([cookie])
        return viewer

    yield open_device
    fake_api.forget()


def tap(page: Any, words: str, exact: bool = True) -> None:
    page.get_by_role("button", name=words, exact=exact).click()


def heading(page: Any, words: str) -> None:
    page.get_by_role("heading", name=words, level=1).wait_for(timeout=WAIT_MS)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_opens_cleanly_on_a_phone(address: str, her: Visiting, fake_api: FakeApi) -> None:
    fake_api.stepped_up_until = FRESH_UNTIL
    viewer = her("dark" if ADDRESSES.index(address) % 2 else "light")
    page = viewer.go(f"/{address}")
    page.locator(".taps[data-style=bar] button").nth(4).wait_for(timeout=WAIT_MS)
    assert page.locator("[data-testid=stException], [data-testid=stAlertContentError]").count() == 0
    assert serious(page) == []
    sizes = page.locator(".taps button, .timer button").evaluate_all("all => all.map(b => b.offsetHeight)")
    assert min(sizes) >= TARGET_PX
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert viewer.faults == []
    assert viewer.foreign == []


def told(fake_api: FakeApi) -> list[tuple[str, Any]]:
    return [(where.removeprefix("/v1/patients/p-1/"), body) for _, where, body in fake_api.orders]


def test_the_morning_is_answered_from_the_list_of_today(her: Visiting, fake_api: FakeApi) -> None:
    page = her().go("/")
    page.get_by_role("link", name="How was your back the morning after?").click()
    heading(page, "My pain")
    tap(page, "3: some pain")
    tap(page, "Send my answer", exact=False)
    page.get_by_text("your back has settled").wait_for(timeout=WAIT_MS)
    assert told(fake_api) == [("answers", {"question": "pain_next_morning", "value": 3})]


def test_the_face_that_is_tapped_last_is_the_one_that_is_sent_though_the_page_still_runs(
    her: Visiting, fake_api: FakeApi
) -> None:
    page = her().go("/mypain")
    tap(page, "3: some pain")
    page.get_by_text("You chose 3").wait_for(timeout=WAIT_MS)
    fake_api.delay_s = SLOW_S
    tap(page, "7: strong pain")  # another mind, and on before the page has come to it
    tap(page, "Send my answer", exact=False)
    page.locator(".st-key-answered").wait_for(timeout=WAIT_MS)
    assert told(fake_api) == [("answers", {"question": "pain_next_morning", "value": 7})]


def test_an_exercise_is_done_by_its_timer_and_ticked_off(her: Visiting, fake_api: FakeApi) -> None:
    page = her().go("/")
    tap(page, "Exercises")
    heading(page, "Home exercises")
    page.locator(".st-key-open-knee_to_chest").get_by_role("button").click()
    tap(page, "Start")
    tap(page, "Next step")
    page.get_by_text("Left side, 1 of 3").wait_for(timeout=WAIT_MS)
    left = page.locator(".timer .left")
    left.filter(has_text="19").wait_for(timeout=WAIT_MS)
    tap(page, "Pause")
    held = left.inner_text()
    page.wait_for_timeout(1_500)
    assert left.inner_text() == held
    tap(page, "I have done it", exact=False)
    page.get_by_text("Well done. It is ticked off.").wait_for(timeout=WAIT_MS)
    tap(page, "Exercises")
    page.get_by_text("Still to do today").wait_for(timeout=WAIT_MS)
    assert told(fake_api) == [("ticks", {"source": "home", "item": "knee_to_chest"})]


def test_the_report_is_made_after_the_pin_and_saved(her: Visiting, fake_api: FakeApi, tmp_path: Path) -> None:
    page = her().go("/")
    tap(page, "More")
    page.get_by_test_id("stMain").get_by_role("link", name="My report and my data").click()
    page.get_by_label("PIN").fill("204816")
    tap(page, "Continue")
    tap(page, "Make my report (PDF)", exact=False)
    with page.expect_download() as got:
        tap(page, "Save it", exact=False)
    got.value.save_as(tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    assert got.value.suggested_filename == "openspine-report.pdf"
    assert told(fake_api) == [("/v1/step-up", {"pin": "204816"})]


def test_another_language_is_chosen_for_good(her: Visiting, fake_api: FakeApi) -> None:
    viewer = her()
    page = viewer.go("/language")
    page.locator(".taps[data-style=list]").get_by_role("button", name="繁體中文").click()
    heading(page, "語言")
    assert told(fake_api) == [("language", {"language": "zh-HK"})]
    viewer.go("/more")
    heading(page, "更多")


def test_her_own_language_is_there_on_another_device(her: Visiting, fake_api: FakeApi) -> None:
    fake_api.language = "zh-HK"
    page = her().go("/")
    heading(page, "我的下次到訪")


def test_no_tap_is_lost_while_the_page_still_runs(her: Visiting, fake_api: FakeApi) -> None:
    page = her().go("/questions?form=odi")
    items = forms()["odi"].items
    fake_api.delay_s = SLOW_S
    answer(page, items[0], "0: no trouble")
    answer(page, items[0], "1: a little")  # another mind, before the page has come to the first
    tap(page, "Later")
    tap(page, "Go on")
    assert page.get_by_role("group", name=items[0].text_en, exact=True).count() == 0  # it is answered
    for item in items[1:]:
        answer(page, item, "I would rather not say" if item.id == "intimacy" else "1: a little")
        if item is items[2]:
            fake_api.delay_s = 0.0
    page.get_by_role("button", name="Send my answers").wait_for(timeout=WAIT_MS)
    fake_api.delay_s = SLOW_S
    tap(page, "Send my answers")
    tap(page, "Exercises")  # and on, before the page has come to the sending
    heading(page, "Home exercises")
    sent = {item.id: 1 for item in items if item.id != "intimacy"}
    assert told(fake_api) == [("questionnaires/odi", {"answers": sent})]


def answer(page: Any, item: Any, words: str) -> None:
    """Answer a question as soon as it can be seen, once."""
    answers = page.get_by_role("group", name=item.text_en, exact=True)
    answers.get_by_role("button", name=words).click(timeout=WAIT_MS)
