"""Only this machine's own page may speak; every refusal is a problem and touches nothing."""

from typing import Any

import pytest

from machine_agent.inputs import Press
from machine_agent.screen.gate import SENT_WITH_EVERYTHING

PAIN = {"kind": "press", "button": "pain"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 421),
        ({"host": "evil.example:8090", "origin": "http://evil.example:8090"}, 421),  # DNS rebinding
        ({"host": "127.0.0.1.evil.example:8090"}, 421),
        ({"host": "192.168.1.5:8090"}, 421),
        ({"host": None}, 421),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://127.0.0.1:9999"}, 403),  # another program of this computer
        ({"origin": "https://127.0.0.1:8090"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": None}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"content_type": "text/plain"}, 415),  # what a foreign form could send
        ({"content_type": "application/x-www-form-urlencoded"}, 415),
        ({"content_type": None}, 415),
    ],
)
async def test_a_foreign_touch_is_refused(browser: Any, headers: dict[str, str | None], status: int) -> None:
    answer = await browser.post(PAIN, **headers)
    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["status"] == status
    assert browser.agent.taken() == []


@pytest.mark.parametrize("path", ["/", "/events", "/words.json", "/about.json", "/healthz", "/static/app.js"])
@pytest.mark.parametrize("headers", [{"host": "evil.example"}, {"origin": "http://evil.example"}])
async def test_nothing_is_shown_to_a_foreign_page(browser: Any, path: str, headers: dict[str, str]) -> None:
    answer = await browser.get(path, **headers)
    assert answer.status in (403, 421)
    assert b"OpenSpine" not in answer.body


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"host": "localhost:8090", "origin": "http://localhost:8090"},
        {"sec_fetch_site": "same-origin"},
        {"content_type": "application/json; charset=utf-8"},
    ],
)
async def test_its_own_page_may_touch(browser: Any, headers: dict[str, str]) -> None:
    answer = await browser.post(PAIN, **headers)
    assert (answer.status, answer.body) == (202, b"")
    assert browser.agent.taken() == [Press(button="pain")]


@pytest.mark.parametrize("path", ["/", "/static/app.js", "/nowhere"])
async def test_every_answer_forbids_foreign_content(browser: Any, path: str) -> None:
    answer = await browser.get(path)
    assert answer.headers.items() >= SENT_WITH_EVERYTHING.items()
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy


async def test_another_protocol_gets_no_answer(browser: Any) -> None:
    async def never(*_: Any) -> Any:
        pytest.fail("a websocket was answered")

    await browser.application({"type": "websocket", "path": "/events", "headers": []}, never, never)
