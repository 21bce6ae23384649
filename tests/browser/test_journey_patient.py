"""A patient's own phone over the real service: what comes next, balance, progress, why, what one tells."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_judge import serious
from real_studio import PHONE, SLOW_MS, RealStudio, stands
from sqlalchemy import select

from services.store import tables

pytestmark = [pytest.mark.browser, pytest.mark.broker]
Entering = Callable[..., Any]
WIDTH = 390
NOT_FOR_PATIENTS = re.compile(r"TUT|velocity|LSI|\bkg\b.*\+|80 %|\bNm\b")


def heading(page: Any, words: str) -> None:
    page.get_by_role("heading", name=words, level=1).wait_for(timeout=SLOW_MS)
    stands(page)


def is_fit(page: Any) -> None:
    """Judge a page on a phone: as wide as the phone, for everybody, in words."""
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

    said, ticked = tables.said.c, tables.tick.c
    told = studio.rows(select(said.question, said.value).where(said.patient_id == studio.patients[PHONE]))
    assert [tuple(row) for row in told] == [("pain_next_morning", 3)]
    done = studio.rows(select(ticked.item).where(ticked.patient_id == studio.patients[PHONE]))
    assert [row.item for row in done] == ["knee_to_chest"]
