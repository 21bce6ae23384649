"""The service as one process would run it: settings, and an application on a real socket."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import uvicorn
from fastapi import FastAPI

from services.keys import folder as keys
from services.keys.audit import open_audit_key
from services.keys.identity import make_identity_key
from services.keys.site import open_site_key
from services.settings import Settings

PATIENCE_S = 60.0


def settings(folder: Path, **changes: object) -> Settings:
    values = {
        "database_url": f"sqlite:///{folder / 'openspine.sqlite'}",
        "keys": folder / "keys",
        "mqtt": "none",
        "demo": True,
    } | changes
    return Settings(**values)  # type: ignore[arg-type]


@contextmanager
def served(app: FastAPI) -> Iterator[httpx2.Client]:
    """Serve the application over a real socket, in a thread."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with httpx2.Client(base_url=base, timeout=PATIENCE_S) as client:
            until(lambda: server.started)
            yield client
    finally:
        app.state.context.hub.close()
        server.should_exit = True
        thread.join(PATIENCE_S)
        listening.close()
    assert not thread.is_alive()


def until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_true():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.05)


def production_keys(home: Path) -> None:
    keys.add(home, "command")
    open_site_key(home, make=True)
    open_audit_key(home, make=True)
    make_identity_key(home)
