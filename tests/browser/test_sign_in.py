"""The sign-in page in a real browser: nothing foreign, no fault, nothing serious for axe, and it lets in."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest
import uvicorn
from sqlalchemy import Connection, select
from studio_rows import StudioRows

from openspine.children import free_port
from services.access.proof import new_seed
from services.app import create_app
from services.clock import now_ms
from services.coaching.enrol import pin_secret
from services.keys.demo import open_keys
from services.office.demo_staff import DEMO_PASSPHRASE, seed
from services.settings import Settings
from services.store import staff, tables
from services.store.engine import open_engine, upgrade, writing

axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright")
pytestmark = pytest.mark.browser
VIEWS = [("light", 1280), ("dark", 390)]
PIN = "204816"

START_S = 60.0  # two busy cores may be slow


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Serve a demo that asks people to sign in; returns its address and the seed of `mei`."""
    folder: Path = tmp_path_factory.mktemp("door")
    open_keys(folder / "keys")
    url = f"sqlite:///{folder / 'openspine.sqlite'}"
    upgrade(url)
    engine, second = open_engine(url), new_seed()
    rows = StudioRows(engine)
    rows.site()
    credential = {
        "kind": "pin",
        "lookup": "P01",
        "patient_id": rows.patient("P01", code="P01"),
        "subject": "0" * 32,
        "secret": pin_secret(PIN, "P01"),
        "failures": 0,
        "locked_until_ms": 0,
    }
    rows.put(tables.credential, credential)
    with writing(engine) as connection:
        seed(connection, "studio", now_ms())
        staff.take_up(connection, _kept(connection, "id"), hashed=_kept(connection, "hash"), seed=second)
    port = free_port()
    here = f"http://127.0.0.1:{port}"
    settings = Settings(
        database_url=url,
        keys=folder / "keys",
        demo=True,
        sign_in=True,
        mqtt="none",
        http_port=port,
        dashboard_url=here,
    )
    server = uvicorn.Server(uvicorn.Config(create_app(settings), port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + START_S
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    yield here, second
    server.should_exit = True
    thread.join()
    engine.dispose()


def _kept(connection: Connection, name: str) -> str:
    member = tables.staff_member.c
    return str(connection.scalar(select(member[name]).where(member.login == "admin")))


@pytest.fixture
def page(service: tuple[str, str], visit: Callable[..., Any], request: pytest.FixtureRequest) -> Any:
    scheme, width = getattr(request, "param", VIEWS[0])
    viewer = visit(scheme, width)
    viewer.page.goto(f"{service[0]}/sign-in?next={service[0]}/v1/me")
    viewer.page.wait_for_selector("#patient:not([hidden])")
    yield viewer
    assert viewer.foreign == []


@pytest.mark.parametrize("page", VIEWS, indirect=True)
@pytest.mark.parametrize("language", ["en", "zh-HK"])
def test_it_stands_and_is_for_everybody(page: Any, language: str) -> None:
    shown = page.page
    if language == "zh-HK":
        shown.click("#language")
    for tab in ("#tab-patient", "#tab-staff"):
        shown.click(tab)
        for more in ("#invited", "#screen"):
            shown.evaluate(f"document.querySelector('{more}').open = true")
        found = axe_playwright.Axe().run(shown).response["violations"]
        assert [(rule["id"], node["html"][:80]) for rule in found for node in rule["nodes"]] == []
    assert shown.evaluate("document.documentElement.lang") == language
    assert shown.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert page.faults == []


def test_a_patient_gets_in_with_the_keyboard_alone(page: Any, service: tuple[str, str]) -> None:
    shown = page.page
    shown.focus("#patient-code")
    shown.keyboard.type("P01")
    shown.keyboard.press("Tab")
    shown.keyboard.type("000000")
    shown.keyboard.press("Enter")
    shown.wait_for_selector("#said.wrong:not(:empty)")
    shown.fill("#patient-code", "P01")
    shown.fill("#patient-pin", PIN)
    shown.keyboard.press("Enter")
    shown.wait_for_url(f"{service[0]}/v1/me")
    assert '"role":"patient"' in shown.content()
    assert shown.evaluate("document.cookie") == ""


def test_staff_get_in_with_the_second_factor(page: Any, service: tuple[str, str]) -> None:
    shown = page.page
    shown.focus("#tab-patient")
    shown.keyboard.press("ArrowRight")
    shown.fill("#staff-login", "admin")
    shown.fill("#staff-passphrase", DEMO_PASSPHRASE)
    shown.fill("#staff-code", pyotp.TOTP(service[1]).now())
    shown.press("#staff-code", "Enter")
    shown.wait_for_url(f"{service[0]}/v1/me")
    assert '"role":"admin"' in shown.content()
