"""A real browser on the real dashboard over the fake service, everything on loopback."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fake_service.api import FakeApi
from fake_service.door import TOKEN
from kiosk_page import Patient
from kiosk_room import Room, open_room
from real_studio import RealStudio, opened
from screen_shown import open_page, shown
from shown_dashboard import START_S, dashboard

from openspine.broker.embedded import available_kinds
from openspine.children import free_port

__all__ = ["open_page", "shown"]  # fixtures
sync_api = pytest.importorskip("playwright.sync_api")

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
OWN = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")


@dataclass(kw_only=True)  # without slots: the browser library marks the listeners it knows
class Visit:
    """One open page with everything that it must not do."""

    page: Any
    address: str
    foreign: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def note(self, asked: Any) -> None:
        """Remember a request that leaves this computer."""
        if not asked.url.startswith(OWN):
            self.foreign.append(asked.url)

    def go(self, path: str) -> Any:
        """Open an address of the dashboard and wait for its title."""
        self.page.goto(self.address + path)
        self.page.wait_for_selector("h1", timeout=START_S * 1000)
        self.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=30_000)
        return self.page


@pytest.fixture(scope="session")
def fake_api() -> FakeApi:
    return FakeApi()


@pytest.fixture(scope="session")
def api_address(fake_api: FakeApi) -> Iterator[str]:
    with fake_api.serve(free_port()) as address:
        yield address


@pytest.fixture(scope="session")
def dashboard_address(api_address: str) -> Iterator[str]:
    """Run the dashboard as a process of its own; it ends with the tests."""
    with dashboard(api_address, api_address) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed here")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Any, dashboard_address: str) -> Iterator[Callable[..., Visit]]:
    """Open pages as viewers of their own: colour scheme, width and height are theirs."""
    contexts = []

    def open_one(scheme: str = "light", width: int = 1280, height: int = 900) -> Visit:
        context = browser.new_context(
            color_scheme=scheme,
            viewport={"width": width, "height": height},
            locale="en-GB",
            timezone_id="Europe/London",
        )
        contexts.append(context)
        page = context.new_page()
        made = Visit(page=page, address=dashboard_address)
        page.on("request", made.note)
        page.on("pageerror", lambda fault: made.faults.append(str(fault)))
        return made

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def staff(visit: Callable[..., Visit], fake_api: FakeApi) -> Iterator[Callable[..., Visit]]:
    """Visit as somebody of a role who has signed in."""

    def visit_as(role: str = "therapist", **how: Any) -> Visit:
        fake_api.role = role
        viewer = visit(**how)
        viewer.page.context.add_cookies([{"name": "openspine", "value": TOKEN, "url": viewer.address}])
        return viewer

    fake_api.forget()
    yield visit_as
    fake_api.forget()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A kiosk with all that is around it, for one journey."""
    if not available_kinds():
        pytest.skip("needs an MQTT broker")
    with open_room(tmp_path / "room") as opened:
        yield opened


@pytest.fixture
def patient(browser: Any, room: Room) -> Iterator[Callable[..., Patient]]:
    """Open the patient's screen; language, colour scheme, size and motion are the viewer's."""
    contexts = []

    def open_one(
        language: str = "en-GB", scheme: str = "light", size: tuple[int, int] = (1280, 800), motion: str = ""
    ) -> Patient:
        context = browser.new_context(
            color_scheme=scheme,
            viewport={"width": size[0], "height": size[1]},
            locale=language,
            reduced_motion=motion or "no-preference",
            timezone_id="Asia/Hong_Kong",
        )
        contexts.append(context)
        return Patient(page=context.new_page(), room=room).open()

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealStudio]:
    """Run the real service with all that belongs to it; test processes share the history, once written."""
    if not available_kinds():
        pytest.skip("needs an MQTT broker")
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    with opened(shared, tmp_path_factory.mktemp("studio")) as running:
        yield running


@pytest.fixture
def guest(browser: Any, studio: RealStudio) -> Iterator[Callable[..., Visit]]:
    """Let people sign in at the real service, each in a browser of their own; nobody asks a foreign host."""
    visits: list[Visit] = []

    def enter(who: str, path: str = "/", width: int = 1280, height: int = 1000) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="en-GB", timezone_id="Asia/Hong_Kong"
        )
        made = Visit(page=context.new_page(), address=studio.address)
        visits.append(made)
        made.page.on("request", made.note)
        made.page.on("pageerror", lambda fault: made.faults.append(str(fault)))
        studio.enter(made.page, who, path)
        return made

    yield enter
    for visit in visits:
        visit.page.context.close()
    assert [(visit.foreign, visit.faults) for visit in visits] == [([], [])] * len(visits)


@pytest.fixture
def trains(studio: RealStudio) -> Iterator[None]:
    """Let emulated people train on the true agent; they finish at the end."""
    studio.processes.start_machines()
    yield
    studio.processes.end_machines()
