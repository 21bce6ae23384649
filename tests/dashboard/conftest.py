"""The fake service on loopback, a client of it, and a formatter."""

from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fake_service.api import TOKEN, FakeApi
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from dashboard.client import Client
from dashboard.format import Formatter
from openspine.children import free_port

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
WAIT_S = 30.0  # two busy cores may be slow


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[FakeApi, str]]:
    fake = FakeApi()
    with fake.serve(free_port()) as address:
        yield fake, address


@pytest.fixture
def fake_api(served: tuple[FakeApi, str]) -> Iterator[FakeApi]:
    fake, _ = served
    fake.asked.clear()
    yield fake
    fake.mood = "normal"
    fake.is_demo = True
    fake.attention = []
    fake.role = None
    fake.tokens = {TOKEN}


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


@pytest.fixture(scope="session")
def page_hashes(served: tuple[FakeApi, str]) -> dict[str, str]:
    """Learn by which hash the app knows each page of its table."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("OPENSPINE_API", served[1])
        app = AppTest.from_file(str(APP), default_timeout=WAIT_S).run()
    return {str(info["url_pathname"]) or "floor": page for page, info in app._registered_pages.items()}


@pytest.fixture
def open_page(api_url: str, page_hashes: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Open a page of the app as a viewer would, by its name in the URL and its query."""
    monkeypatch.setenv("OPENSPINE_API", api_url)

    def open_one(name: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=WAIT_S)
        app._page_hash = page_hashes[name]
        for key, value in query.items():
            app.query_params[key] = value
        return app.run()

    return open_one


@pytest.fixture
def enter(
    open_page: OpenPage, fake_api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], AppTest]:
    """Open the dashboard as somebody of a role who has signed in: a test has no browser, and so no cookie."""

    def enter_as(role: str) -> AppTest:
        fake_api.role = role
        monkeypatch.setattr(ContextProxy, "cookies", {"openspine": TOKEN})
        return open_page("floor")

    return enter_as


@pytest.fixture
def texts() -> Callable[[AppTest], str]:
    """Gather everything that an opened page says, a line each."""

    def gather(app: AppTest) -> str:
        said = (app.title, app.subheader, app.markdown, app.caption, app.info, app.error)
        return "\n".join(str(element.value) for kind in said for element in kind)

    return gather
