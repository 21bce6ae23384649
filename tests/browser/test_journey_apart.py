"""Two browsers at the same dashboard never see each other's data: two patients, two sites."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from axe_judge import serious
from real_studio import FAR, OTHER, PHONE, SLOW_MS, RealStudio

pytestmark = [pytest.mark.browser, pytest.mark.broker]
Entering = Callable[..., Any]
ASK = """path => fetch(path, {credentials: "include"})
  .then(answer => answer.text().then(text => [answer.status, text]))"""


def shown(page: Any) -> str:
    return str(page.locator("body").inner_text())


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
    here.get_by_role("link", name="Mr Lee").first.wait_for(timeout=SLOW_MS)
    there.get_by_role("link", name="Mrs Yeung").first.wait_for(timeout=SLOW_MS)
    for path in ("/patients", "/search?q=mr", "/needs", "/alerts", "/day", "/"):
        studio.go(here, path)
        studio.go(there, path)
        assert "Mrs Yeung" not in shown(here)
        assert [name for name in ("Mr Lee", "Mrs Lam", "Mr Cheung", "Mr Ho") if name in shown(there)] == []
    for page, whose in ((here, FAR), (there, PHONE)):
        hidden = studio.patients[whose]
        assert asked(page, studio, f"/patients/{hidden}")[0] == 404
        studio.go(page, f"/patient?patient={hidden}")
        assert [name for name in ("Mr Lee", "Mrs Yeung") if name in shown(page)] == []
        assert serious(page) == []
