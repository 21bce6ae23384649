import asyncio
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from openspine.bench.tiles import DUE_S, Change, Told, Waits, note, watch_tiles

VERSION = 'W/"1"'


@dataclass(slots=True, kw_only=True)
class Floor:
    """A service that streams one state and one batch of frames, and knows one floor."""

    known: list[str | None] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def floor() -> Iterator[Floor]:
    served, is_over = Floor(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if "live" in self.path:
                self.send_response(200)
                self.end_headers()
                frame = {"machine": "a", "mono_ms": int(time.monotonic() * 1_000)}
                for kind, told in (("frames", {"items": [frame]}), ("state", {"machine": "a"})):
                    self.wfile.write(f"event: {kind}\ndata: {json.dumps(told)}\n\n".encode())
                is_over.wait(10)
                return
            known = self.headers.get("If-None-Match")
            served.known.append(known)
            body = b"" if known else b'{"items": [{"machine": "a", "state": "rest"}]}'
            self.send_response(304 if known else 200)
            self.send_header("ETag", VERSION)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    served.url = f"http://127.0.0.1:{server.server_port}"
    yield served
    is_over.set()
    server.shutdown()
    thread.join()


def test_a_viewer_asks_at_a_change_and_when_it_is_due_and_knows_what_is_shown(floor: Floor) -> None:
    waits, told = Waits(), Told()
    told.say(Change(machine="a", state="rest", said_s=time.monotonic() + 0.1))
    asyncio.run(watch_tiles(floor.url, "", waits, told, time.monotonic() + 1.8 * DUE_S))
    assert floor.known == [None, VERSION]
    assert (waits.questions, waits.unchanged, len(waits.refresh_ms)) == (2, 1, 1)
    assert len(waits.frame_ms) == len(waits.change_ms) == 1


def test_a_change_counts_once_and_only_where_it_shows() -> None:
    waits, told = Waits(begun_s=1.0), Told()
    told.say(Change(machine="a", state="rest", said_s=2.0))
    told.say(Change(machine="b", state="rest", said_s=0.5))  # before this viewer came
    for state, times in (("working", 0), ("rest", 1), ("rest", 1)):
        note({"items": [{"machine": name, "state": state} for name in ("a", "b")]}, waits, told)
        assert len(waits.change_ms) == times
