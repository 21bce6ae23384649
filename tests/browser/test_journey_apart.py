"""Two browsers at the same dashboard never see each other's data: two patients, two sites."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from axe_judge import serious
from real_studio import FAR, OTHER, PHONE, SLOW_MS, SORE, RealStudio
from scripted_link import at_machine

pytestmark = [pytest.mark.browser, pytest.mark.broker]
Entering = Callable[..., Any]
ASK = """path => fetch(path, {credentials: "include"})
  .then(answer => answer.text().then(text => [answer.status, text]))"""


LONGER_THAN_A_REFRESH_MS = 4_500
OWN_NAMES = ("/patients", "/search?q=mr")  # where everybody finds somebody of their own
THEIRS = ("Mr Lee", "Mrs Lam", "Mr Cheung", "Mr Ho", "Ms Kwok")  # people of the one site
FARS = ("Mrs Yeung",)  # of the other


def shown(page: Any) -> str:
    """Read a page with what its components keep to themselves: the floor has a root of its own."""
    parts = [page.locator("body").inner_text(), *page.locator(".floor").all_text_contents()]
    return " ".join(str(part) for part in parts)


def asked(page: Any, studio: RealStudio, path: str) -> tuple[int, str]:
    """Ask the service with the cookie of whoever has signed in; returns status and text."""
    status, text = page.evaluate(ASK, f"{studio.processes.service.url}/v1{path}")
    return status, text


def test_two_patients_see_themselves_alone(studio: RealStudio, guest: Entering) -> None:
    lee, lam = guest(PHONE).page, guest(OTHER).page
    for path in ("/mine", "/mybalance", "/changes", "/mypain"):
        studio.go(lee, path)
        studio.go(lam, path)
        assert ("Mr Lee" in shown(lee), "Mrs Lam" in shown(lee)) == (True, False)
        assert ("Mr Lee" in shown(lam), "Mrs Lam" in shown(lam)) == (False, True)
    own, others = studio.patients[PHONE], studio.patients[OTHER]
    assert asked(lee, studio, f"/patients/{own}/progress")[0] == 200
    for part in ("", "/progress", "/balance", "/adjustments", "/report"):
        assert asked(lee, studio, f"/patients/{others}{part}")[0] == 404
    status, text = asked(lee, studio, "/patients")
    assert (status, [one["id"] for one in json.loads(text)["items"]]) == (200, [own])
    studio.go(lee, f"/patient?patient={others}")
    assert "Mrs Lam" not in shown(lee)
    assert serious(lee) == []


def test_therapists_of_two_sites_see_their_own_people_alone(studio: RealStudio, guest: Entering) -> None:
    here, there = guest("wing", "/patients").page, guest("kit", "/patients").page
    viewers = ((here, "Mr Lee", FARS), (there, "Mrs Yeung", THEIRS))
    for page, own, _ in viewers:
        page.get_by_role("link", name=own).first.wait_for(timeout=SLOW_MS)
    for path in ("/patients", "/search?q=mr", "/needs", "/alerts", "/day"):
        for page, own, others in viewers:
            studio.go(page, path)
            if path in OWN_NAMES:
                page.get_by_text(own).first.wait_for(timeout=SLOW_MS)
            assert [name for name in others if name in shown(page)] == [], path
            assert page.get_by_test_id("stAlertContentError").count() == 0, path  # it answered
    with at_machine("extension-9", SORE, studio.processes.broker):
        for page, _, _ in viewers:
            studio.go(page, "/")
            page.locator(".floor").wait_for(state="attached", timeout=SLOW_MS)
        here.locator(".tile").get_by_role("link", name="Mr Ho").wait_for(timeout=SLOW_MS)
        there.wait_for_timeout(LONGER_THAN_A_REFRESH_MS)
        assert [name in shown(page) for page in (here, there) for name in ("Mr Ho",)] == [True, False]
        answers = [asked(page, studio, "/floor") for page in (here, there)]
        assert [(status, "Mr Ho" in floor) for status, floor in answers] == [(200, True), (200, False)]
    for page, whose in ((here, FAR), (there, PHONE)):
        hidden = studio.patients[whose]
        assert asked(page, studio, f"/patients/{hidden}")[0] == 404
        studio.go(page, f"/patient?patient={hidden}")
        assert [name for name in ("Mr Lee", "Mrs Yeung") if name in shown(page)] == []
        assert serious(page) == []
