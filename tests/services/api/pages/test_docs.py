import re

import pytest
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry

from services.api.application import application
from services.api.metrics import Traffic


def client(*, has_docs: bool) -> TestClient:
    traffic = Traffic(CollectorRegistry())
    return TestClient(
        application(version="0", origins=(), traffic=traffic, note=lambda *_, **__: None, has_docs=has_docs)
    )


def test_the_page_loads_everything_from_the_service_itself() -> None:
    docs = client(has_docs=True)
    page = docs.get("/docs")
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert [place for place in loaded if not place.startswith(("/docs/", "data:"))] == []
    for place in loaded:
        if place.startswith("/"):
            assert docs.get(place).status_code == 200, place
    assert "'self'" in page.headers["content-security-policy"]
    assert "://" not in page.text + docs.get("/docs/start.js").text


@pytest.mark.parametrize("place", ["/docs", "/docs/start.js", "/docs/assets/swagger-ui.css"])
def test_it_is_there_only_where_it_was_wanted(place: str) -> None:
    assert client(has_docs=False).get(place).status_code == 404
