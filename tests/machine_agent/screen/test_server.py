"""The routes: the page, its texts, the stream, touches, and what they refuse."""

import asyncio
import json
import logging
import signal
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.request import urlopen

import pytest
from screen_states import EMPTY, STATES, FakeAgent

from machine_agent.inputs import Confirm, Press
from machine_agent.screen import listen, serve
from machine_agent.screen.server import STREAMS_MOST
from machine_agent.screen.touch import BODY_MOST_BYTES
from machine_agent.screen.watcher import TOUCHES_MOST

PIN = "874512"


async def test_the_page_and_its_parts_are_served(browser: Any) -> None:
    page = await browser.get("/")
    assert page.status == 200
    assert page.headers["content-type"].startswith("text/html")
    for part in ("app.js", "style.css", "pages.css", "icon.svg", "pages/live.js"):
        assert (await browser.get(f"/static/{part}")).status == 200


async def test_texts_and_machines_are_served(make_browser: Any) -> None:
    browser = make_browser(units="lb")
    words = (await browser.get("/words.json")).json
    assert words["button.pain"] == {"en": "Pain", "zh": "痛"}
    about = (await browser.get("/about.json")).json
    assert about["units"] == "lb"
    assert about["kinds"]["lumbar_extension"]["zero_deg"] == 72


async def test_health_tells_whether_the_agent_shows_anything(browser: Any) -> None:
    assert (await browser.get("/healthz")).json == {"status": "starting"}
    browser.agent.show(EMPTY)
    assert (await browser.get("/healthz")).json == {"status": "ok"}


@pytest.mark.parametrize(
    "path", ["/nowhere", "/static/nowhere.js", "/static/../server.py", "/docs", "/touch"]
)
async def test_what_is_not_there_is_a_problem(browser: Any, path: str) -> None:
    answer = await browser.get(path)
    assert answer.status in (404, 405)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("size", [BODY_MOST_BYTES + 1, 10 * BODY_MOST_BYTES])
async def test_a_long_touch_is_refused(browser: Any, size: int) -> None:
    whole = b'{"kind":"confirm"' + b" " * (size - 18) + b"}"
    assert (await browser.post(whole)).status == 413
    assert (await browser.post([whole[:3_000], whole[3_000:], b""])).status == 413
    assert browser.agent.taken() == []


async def test_the_longest_touch_is_taken(browser: Any) -> None:
    whole = b'{"kind":"confirm"' + b" " * (BODY_MOST_BYTES - 18) + b"}"
    assert len(whole) == BODY_MOST_BYTES
    assert (await browser.post([whole[:100], whole[100:]])).status == 202
    assert browser.agent.taken() == [Confirm()]


@pytest.mark.parametrize(
    "sent",
    [
        {"kind": "identify", "code": "P01", "pin": PIN, "extra": 1},
        {"kind": "staff_pin", "pin": PIN, "more": PIN},
        {"kind": PIN},
        {PIN: PIN},
    ],
)
async def test_a_refusal_repeats_nothing(browser: Any, sent: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    answer = await browser.post(sent)
    assert answer.status == 422
    assert answer.json == {
        "type": "about:blank",
        "title": HTTPStatus(422).phrase,
        "status": 422,
        "detail": "This is no touch.",
    }
    assert PIN not in caplog.text


async def test_a_pin_reaches_the_agent_and_no_log(browser: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    answer = await browser.post({"kind": "identify", "code": "P01", "pin": PIN})
    [taken] = browser.agent.taken()
    assert taken.pin == PIN
    assert PIN.encode() not in answer.body
    assert PIN not in caplog.text


async def test_an_agent_that_reads_nothing_still_gets_the_buttons(browser: Any) -> None:
    for _ in range(TOUCHES_MOST):
        assert (await browser.post({"kind": "confirm"})).status == 202
    assert (await browser.post({"kind": "confirm"})).status == 503
    assert (await browser.post({"kind": "press", "button": "pain"})).status == 202
    assert browser.agent.taken()[-1] == Press(button="pain")


@pytest.mark.parametrize("method", ["get", "put", "delete", "options"])
async def test_a_touch_is_posted(browser: Any, method: str) -> None:
    answer = await browser._ask(method.upper(), "/touch", [b"{}"], {"host": "127.0.0.1:8090"})
    assert answer.status in (403, 405)
    assert browser.agent.taken() == []


async def read_event(reader: asyncio.StreamReader) -> Any:
    async with asyncio.timeout(10):
        while not (line := await reader.readline()).startswith(b"data: "):
            assert line
    return json.loads(line.removeprefix(b"data: "))


async def open_stream(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    return reader, writer, await reader.readline()


async def test_the_stream_follows_the_agent_and_ends_with_it() -> None:
    agent, stop, door = FakeAgent(), asyncio.Event(), listen(0)
    port = door.getsockname()[1]
    agent.show(EMPTY)
    running = asyncio.create_task(serve(agent.screen, door, stop))
    reader, writer, status = await open_stream(port)
    assert status.startswith(b"HTTP/1.1 200")
    async with asyncio.timeout(10):
        while await reader.readline() != b"retry: 500\n":
            assert not reader.at_eof()
    first = await read_event(reader)
    assert (first["view"]["awaits"], first["view"]["state"]) == ("identify", "idle")
    agent.show(STATES["set"])
    second = await read_event(reader)
    assert (second["view"]["reps_stored"], second["cue"]) == (6, "breathe_out")
    stop.set()
    async with asyncio.timeout(10):
        await running
        await reader.read()
    writer.close()
    assert door.fileno() == -1


async def test_a_ninth_page_is_turned_away_and_a_closed_one_makes_room() -> None:
    agent, stop, door = FakeAgent(), asyncio.Event(), listen(0)
    port = door.getsockname()[1]
    agent.show(EMPTY)
    running = asyncio.create_task(serve(agent.screen, door, stop))
    pages = [await open_stream(port) for _ in range(STREAMS_MOST)]
    for reader, _, _ in pages:
        await read_event(reader)
    assert (await open_stream(port))[2].startswith(b"HTTP/1.1 503")
    pages[0][1].close()
    async with asyncio.timeout(10):
        while not (await open_stream(port))[2].startswith(b"HTTP/1.1 200"):
            agent.show(replace(EMPTY, deg=agent.now_ms / 10))
            await asyncio.sleep(0.02)
    stop.set()
    async with asyncio.timeout(10):
        await running


async def test_the_server_leaves_signals_to_the_agent() -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    agent, stop, door = FakeAgent(), asyncio.Event(), listen(0)
    port = door.getsockname()[1]
    running = asyncio.create_task(serve(agent.screen, door, stop))
    health = await asyncio.to_thread(lambda: urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10).read())
    assert health == b'{"status":"starting"}'
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before
    stop.set()
    await running


def test_a_port_that_is_taken_is_said() -> None:
    with listen(0) as door, pytest.raises(OSError, match="in use"):
        listen(door.getsockname()[1])


def test_only_loopback_is_served() -> None:
    with listen(0) as door:
        assert door.getsockname()[0] == "127.0.0.1"
