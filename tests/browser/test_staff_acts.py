"""Where staff act on a patient, in a real browser: nothing serious for axe; enrolling, step by step."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_judge import serious
from fake_service.api import FakeApi
from fake_service.door import FRESH_UNTIL, TOKEN

pytestmark = pytest.mark.browser
SLOW_MS = 30_000
PATIENT = "/patient?patient=p-1&tab="
PAGES = {  # where staff act, and what is opened there
    "prescribing": {
        f"{PATIENT}prescribing": "New limits",
        f"{PATIENT}prescribing&part=phase": "",
        f"{PATIENT}prescribing&part=programme": "Start a programme",
        f"{PATIENT}prescribing&part=capacity": "",
    },
    "exercises": {
        f"{PATIENT}prescribing&part=home-exercises": "",
        f"{PATIENT}prescribing&part=tests": "",
        f"{PATIENT}notes": "",
        f"{PATIENT}notes&part=questionnaires": "Fill one in with the patient",
    },
    "health": {
        f"{PATIENT}health": "Enter a condition",
        f"{PATIENT}health&part=blood-pressure": "",
        f"{PATIENT}health&part=signed-pain": "",
        f"{PATIENT}health&part=consent": "",
    },
    "person": {
        f"{PATIENT}person": "",
        f"{PATIENT}person&part=particulars": "",
        f"{PATIENT}person&part=site-and-archive": "",
        f"{PATIENT}files": "",
        "/enrol": "2 Health",
    },
}
Visiting = Callable[..., Any]


@pytest.fixture
def clinician(visit: Visiting, fake_api: FakeApi) -> Iterator[Visiting]:
    """Visit as a clinician who has proven it a moment ago."""

    def visit_as(**how: Any) -> Any:
        fake_api.role, fake_api.stepped_up_until = "clinician", FRESH_UNTIL
        viewer = visit(**how)
        viewer.page.context.add_cookies([{"name": "openspine", "value": TOKEN, "url": viewer.address}])
        return viewer

    fake_api.forget()
    yield visit_as
    fake_api.forget()


def whole(page: Any) -> None:
    page.wait_for_function(
        "document.querySelectorAll('[data-testid=stSkeleton]').length === 0", timeout=SLOW_MS
    )


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
@pytest.mark.parametrize("where", PAGES)
def test_every_place_where_staff_act_is_for_everybody(
    clinician: Visiting, where: str, scheme: str, width: int
) -> None:
    viewer = clinician(scheme=scheme, width=width)
    found = {}
    for path, opens in PAGES[where].items():
        page = viewer.go(path)
        whole(page)
        if opens:
            page.get_by_text(opens, exact=True).first.click()
            page.wait_for_timeout(500)
            whole(page)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        shown = page.locator("[data-testid=stException], [data-testid=stAlertContentError]")
        faults = [*serious(page), *shown.all_inner_texts(), *([f"{wide} px too wide"] if wide > 0 else [])]
        if faults:
            found[path] = faults
    assert found == {}
    assert (viewer.faults, viewer.foreign) == ([], [])


def test_a_person_is_enrolled_step_by_step(clinician: Visiting, fake_api: FakeApi) -> None:
    page = clinician().go("/enrol")
    whole(page)
    page.get_by_role("textbox", name="Full name").fill("Chan Tai Man")
    page.get_by_role("spinbutton", name="Year of birth").fill("1958")
    page.get_by_text("Male", exact=True).click()
    page.get_by_role("spinbutton", name="Body weight (kg)").fill("71.5")
    page.get_by_role("combobox", name="Stations").click()
    page.get_by_role("option", name="Row").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Next: 2 Health").click()
    page.get_by_text("Glaucoma", exact=True).click()
    page.get_by_text("Every red flag above was asked").click()
    page.get_by_role("button", name="Next: 3 Consent and card").click()
    page.get_by_text("Training, and keeping what is measured").click()
    page.get_by_role("textbox", name="Version of the text").fill("2026-10")
    page.get_by_role("button", name="Next: 4 Look it over").click()
    page.get_by_text("closed: Glaucoma").first.wait_for(timeout=SLOW_MS)
    page.get_by_role("button", name="Enrol", exact=True).click()
    page.get_by_text("604518").wait_for(timeout=SLOW_MS)
    body = fake_api.orders[-1][2]
    assert (body["name"], body["birth_year"], body["sex"]) == ("Chan Tai Man", 1958, "male")
    assert body["exclusions"] == [{"condition": "glaucoma", "note": ""}]
    page.get_by_role("button", name="Put it away").click()
    page.get_by_text("604518").wait_for(state="detached", timeout=SLOW_MS)
    page.get_by_role("link", name="To the person's limits").click()
    page.get_by_text("Version 2: signed by").first.wait_for(timeout=SLOW_MS)
