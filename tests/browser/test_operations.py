"""Pages of who runs the place, in a real browser: a report is handed in, nothing is serious for axe."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_judge import serious
from fake_service.api import FakeApi
from fake_service.door import FRESH_UNTIL, TOKEN

pytestmark = pytest.mark.browser
Visiting = Callable[..., Any]
PAGES = {
    "retention": ("admin", "/retention"),
    "seat": ("clinician", "/patient?patient=p-1&tab=person&part=seat-and-pads"),
}
RULE = {"id": "VAL-01", "level": "full", "section": "values", "does": "d", "sees": "s", "result": "pass"}
REPORT = {
    "machine": "rotation-1", "origin": "sim", "level": "full", "kit": "0.1.0", "protocol": "1.1",
    "firmware": "1", "tested_at": "2026-11-21T06:30:00Z", "problem": None,
    "rules": [RULE | {"note": "n", "evidence": []}],
}  # fmt: skip


@pytest.fixture
def enter(visit: Visiting, fake_api: FakeApi) -> Iterator[Visiting]:
    """Visit as somebody who has proven it a moment ago."""

    def as_role(role: str, *how: Any) -> Any:
        fake_api.role, fake_api.stepped_up_until = role, FRESH_UNTIL
        viewer = visit(*how)
        viewer.page.context.add_cookies([{"name": "openspine", "value": TOKEN, "url": viewer.address}])
        return viewer

    fake_api.forget()
    yield as_role
    fake_api.forget()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_cleanly(name: str, scheme: str, width: int, enter: Visiting) -> None:
    role, where = PAGES[name]
    viewer = enter(role, scheme, width)
    page = viewer.go(where)
    page.locator("h1").first.wait_for(timeout=20_000)
    assert page.locator("[data-testid=stException], [data-testid=stAlertContentError]").count() == 0
    assert viewer.faults == []
    assert viewer.foreign == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert serious(page) == []


def test_a_report_is_handed_in_as_a_file(enter: Visiting, fake_api: FakeApi) -> None:
    viewer = enter("admin")
    page = viewer.go("/machines?machine=rotation-1")
    page.get_by_text("Hand in a report").click()
    written = {"name": "report.json", "mimeType": "application/json", "buffer": json.dumps(REPORT).encode()}
    page.locator("input[type=file]").set_input_files(written)
    page.get_by_text("report.json", exact=True).wait_for(timeout=20_000)
    page.get_by_role("button", name="Hand in", exact=True).click()
    page.get_by_text("The report is kept.").wait_for(timeout=20_000)
    orders = [one for one in fake_api.orders if one[1].endswith("/conformance")]
    assert [(method, path) for method, path, _ in orders] == [("POST", "/v1/machines/rotation-1/conformance")]
    assert orders[0][2] == REPORT | {"left_out": 0}
