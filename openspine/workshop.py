"""A broker and a service of their own in a temporary folder, for verbs that are given none."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from openspine.broker import Broker, best_kind
from openspine.children import LOOPBACK, Surroundings, end, free_port, spawn

SERVICE_PATIENCE_S = 60.0  # a cold scikit-learn import alone costs 3.5 s, on a busy machine much more


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """Where everything is."""

    folder: Path
    mqtt_port: int
    api_url: str
    database_url: str

    @property
    def keys(self) -> Path:
        """The folder with `keys.json` and the site key."""
        return self.folder / "keys"

    def get(self, path: str) -> Any:
        """Ask the service's API."""
        with urllib.request.urlopen(f"{self.api_url}{path}", timeout=10) as answer:  # noqa: S310 (own loopback URL)
            return json.load(answer)


@contextmanager
def workshop() -> Iterator[Workshop]:
    """Start broker and service, wait until they are ready, and end them; RuntimeError carries the log."""
    with TemporaryDirectory(prefix="openspine-") as name:
        folder = Path(name)
        with Broker(best_kind(), folder / "broker") as broker:
            port = free_port()
            there = Workshop(
                folder=folder,
                mqtt_port=broker.port,
                api_url=f"http://{LOOPBACK}:{port}",
                database_url=f"sqlite:///{folder / 'openspine.sqlite'}",
            )
            service = _serve(there, port)
            try:
                _wait(there, service)
                yield there
            finally:
                end(service)


def _serve(there: Workshop, port: int) -> subprocess.Popen[bytes]:
    environment = {
        "OPENSPINE_DATABASE_URL": there.database_url,
        "OPENSPINE_MQTT_HOST": LOOPBACK,
        "OPENSPINE_MQTT_PORT": str(there.mqtt_port),
        "OPENSPINE_KEYS": str(there.keys),
        "OPENSPINE_HTTP_PORT": str(port),
        "OPENSPINE_DEMO": "true",  # the API shows what came under the simulation's topics
    }
    around = Surroundings(environment={**os.environ, **environment}, folder=there.folder)
    return spawn([sys.executable, "-m", "openspine", "serve"], there.folder / "service.log", around)


def _wait(there: Workshop, service: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SERVICE_PATIENCE_S
    while time.monotonic() < deadline and service.poll() is None:
        try:
            there.get("/readyz")
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    log = (there.folder / "service.log").read_text(errors="replace")
    raise RuntimeError(f"the service did not become ready: {log[-800:]}")
