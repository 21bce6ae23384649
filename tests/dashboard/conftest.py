"""The fake service on loopback, a client of it, and a formatter."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from fake_service.api import FakeApi

from dashboard.client import Client
from dashboard.format import Formatter
from openspine.children import free_port


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
