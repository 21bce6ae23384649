"""The fake service on loopback, a client of it, and a formatter."""

from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fake_service.api import FakeApi
from fake_service.door import TOKEN
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.app import lines_of
from dashboard.client import Client
from dashboard.format import Formatter
from openspine.children import free_port

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
WAIT_S = 30.0  # two busy cores may be slow


@pytest.fixture(scope="session", autouse=True)
def _installed_once() -> Iterator[None]:
    """Look through the installed packages for components once: every run of a page asks anew."""
    found = manifest_scanner.scan_component_manifests()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", lambda: found)
        yield


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[FakeApi, str]]:
    fake = FakeApi()
    with fake.serve(free_port()) as address:
        yield fake, address


@pytest.fixture
def fake_api(served: tuple[FakeApi, str]) -> Iterator[FakeApi]:
    fake, _ = served
    fake.forget()
    yield fake
    fake.forget()


@pytest.fixture
def api_url(fake_api: FakeApi, served: tuple[FakeApi, str]) -> str:
    assert fake_api.mood == "normal"
    return served[1]


@pytest.fixture
def client(api_url: str) -> Client:
    return Client(api_url)


@pytest.fixture
def show() -> Formatter:
    return Formatter(unit="kg", zone=ZoneInfo("Asia/Hong_Kong"), language="en")


@pytest.fixture
def show_lb() -> Formatter:
    return Formatter(unit="lb", zone=ZoneInfo("Asia/Hong_Kong"), language="zh-HK")


OpenPage = Callable[..., AppTest]


@pytest.fixture
def open_page(fake_api: FakeApi, api_url: str, monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Open a page of the app as a viewer would, by its name in the URL and its query.

    `role`: as somebody of that role who has signed in; a test has no browser, and so no cookie of its own.
    """
    monkeypatch.setenv("OPENSPINE_API", api_url)
    monkeypatch.setenv("OPENSPINE_PRESCRIBER", api_url)

    def open_one(name: str, role: str | None = None, **query: str) -> AppTest:
        if role is not None:
            fake_api.role = role
            monkeypatch.setattr(ContextProxy, "cookies", {"openspine": TOKEN})
        app = AppTest.from_file(str(APP), default_timeout=WAIT_S)
        app._page_hash = calc_hash(name)
        for key, value in query.items():
            app.query_params[key] = value
        return app.run()

    return open_one


@pytest.fixture
def enter(open_page: OpenPage) -> Callable[[str], AppTest]:
    """Open the dashboard as somebody of a role, where that role arrives."""

    def enter_as(role: str) -> AppTest:
        return open_page(lines_of(role)[0].name, role=role)

    return enter_as


@pytest.fixture
def texts() -> Callable[[AppTest], str]:
    """Gather everything that an opened page says, a line each."""

    def gather(app: AppTest) -> str:
        said = (app.title, app.subheader, app.markdown, app.caption, app.info, app.error)
        return "\n".join(str(element.value) for kind in said for element in kind)

    return gather
