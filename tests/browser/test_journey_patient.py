"""A patient's own phone over the real service: what comes next, balance, progress, why, what one tells."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pdf_text
import pytest
from axe_judge import serious
from real_studio import OTHER, PHONE, SLOW_MS, RealStudio, stands
from sqlalchemy import select

from openspine.demo.studio import DEMO_PIN
from services.store import tables

pytestmark = [pytest.mark.browser, pytest.mark.broker]
Entering = Callable[..., Any]
WIDTH = 390
SETTLED_MS = 1_000  # colours change slowly
KNOWN = ("kg", "LanguageEnglish", "Mrs", "Lam")  # also in a Chinese page: the choice, and a name
WORDS = """() => {
  const shown = document.querySelector("[data-testid=stMain]").cloneNode(true);
  shown.querySelectorAll("[translate=no], style, script").forEach((each) => each.remove());
  return shown.textContent;
}"""
NOT_FOR_PATIENTS = re.compile(r"TUT|velocity|LSI|\bkg\b.*\+|80 %|\bNm\b")


def heading(page: Any, words: str) -> None:
    page.get_by_role("heading", name=words, level=1).wait_for(timeout=SLOW_MS)
    stands(page)


def is_fit(page: Any) -> None:
    """Judge a page on a phone, without its toasts: as wide as the phone, for everybody, in words."""
    page.get_by_test_id("stToast").first.wait_for(state="detached", timeout=SLOW_MS)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert serious(page) == []
    assert NOT_FOR_PATIENTS.findall(page.get_by_test_id("stMain").inner_text()) == []


def tap(page: Any, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def more(page: Any, words: str) -> None:
    """Open a page that has no place in the bar."""
    tap(page, "More")
    heading(page, "More")
    page.get_by_test_id("stMain").get_by_role("link", name=words).click()
    heading(page, words)


def own_report(page: Any, proving: str, making: str, saving: str) -> bytes:
    """Prove who one is, have the own report made, and save it: one page."""
    page.get_by_label("PIN").fill(DEMO_PIN)
    tap(page, proving)
    page.get_by_role("button", name=making).click(timeout=SLOW_MS)
    with page.expect_download(timeout=SLOW_MS) as got:
        page.get_by_role("button", name=saving).click(timeout=SLOW_MS)
    report = Path(got.value.path()).read_bytes()
    assert report.startswith(b"%PDF")
    assert pdf_text.pages(report) == 1
    return report


def saves_a_report_that_says_what_the_page_says(page: Any) -> None:
    more(page, "My report and my data")
    report = own_report(page, "Continue", "Make my report (PDF)", "Save it")
    kept = re.search(r"([\d,]+) of ([\d,]+) of those planned", pdf_text.text(report))
    tap(page, "Progress")
    heading(page, "My progress")
    assert kept is not None
    page.get_by_text(re.compile(f"{kept[1]} visits done")).wait_for(timeout=SLOW_MS)


def test_a_patient_looks_and_tells_on_a_phone(studio: RealStudio, guest: Entering) -> None:
    page = guest(PHONE, width=WIDTH, height=844).page
    heading(page, "My next visit")
    is_fit(page)
    more(page, "My balance")
    page.get_by_text("Left and right are alike").first.wait_for(timeout=SLOW_MS)
    is_fit(page)
    tap(page, "Progress")
    heading(page, "My progress")
    page.get_by_text(re.compile("visits done")).wait_for(timeout=SLOW_MS)
    is_fit(page)
    more(page, "Why it changed")
    page.get_by_text("Lumbar extension").first.wait_for(timeout=SLOW_MS)
    is_fit(page)

    tap(page, "Exercises")
    heading(page, "Home exercises")
    page.locator(".st-key-open-knee_to_chest").get_by_role("button").click()
    page.get_by_role("button", name="I have done it").click(timeout=SLOW_MS)
    page.get_by_text("Well done. It is ticked off.").wait_for(timeout=SLOW_MS)
    tap(page, "My pain")
    heading(page, "My pain")
    is_fit(page)
    tap(page, "3: some pain")
    page.get_by_role("button", name="Send my answer").click(timeout=SLOW_MS)
    page.get_by_text("Thank you. Your answer is sent.").wait_for(timeout=SLOW_MS)

    saves_a_report_that_says_what_the_page_says(page)
    said, ticked = tables.said.c, tables.tick.c
    told = studio.rows(select(said.question, said.value).where(said.patient_id == studio.patients[PHONE]))
    assert [tuple(row) for row in told] == [("pain_next_morning", 3)]
    done = studio.rows(select(ticked.item).where(ticked.patient_id == studio.patients[PHONE]))
    assert [row.item for row in done] == ["knee_to_chest"]


def test_another_language_is_the_own_one_at_the_next_sign_in_and_can_be_taken_back(guest: Entering) -> None:
    page = guest(OTHER, "/language", width=WIDTH, height=844).page
    choice = page.locator(".taps[data-style=list]").first
    choice.get_by_role("button", name="繁體中文").click()
    heading(page, "語言")
    page = guest(OTHER, "/changes", width=WIDTH, height=844).page
    heading(page, "為甚麼有改變")
    words = re.findall("[A-Za-z]+", page.evaluate(WORDS))
    assert [word for word in words if word not in KNOWN] == []
    assert serious(page) == []
    page.goto(page.url.partition("/changes")[0] + "/myreport")
    assert "我的腰背訓練" in pdf_text.text(own_report(page, "繼續", "製作我的報告", "儲存"))
    page.goto(page.url.partition("/myreport")[0] + "/language")
    heading(page, "語言")
    page.locator(".taps[data-style=list]").first.get_by_role("button", name="English").click()
    heading(page, "Language")


def test_staff_switch_the_language_in_place_and_back(studio: RealStudio, guest: Entering) -> None:
    page = guest("may", f"/patient?patient={studio.patients[PHONE]}&tab=adjustments").page
    page.get_by_text(re.compile("Decided by")).first.wait_for(timeout=SLOW_MS)
    page.get_by_text("繁體中文").click()
    page.get_by_role("tab", name="調整", selected=True).wait_for(timeout=SLOW_MS)
    page.wait_for_url(re.compile("language=zh-HK"))
    stands(page)
    assert page.get_by_text(re.compile("Decided by")).count() == 0
    page.mouse.move(0, 0)  # what is pointed at has another colour
    page.wait_for_timeout(SETTLED_MS)
    assert serious(page) == []
    page.get_by_text("English", exact=True).click()
    page.get_by_role("tab", name="Adjustments", selected=True).wait_for(timeout=SLOW_MS)
    page.get_by_text(re.compile("Decided by")).first.wait_for(timeout=SLOW_MS)
