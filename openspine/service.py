"""A service process of our own on the loopback interface: start it, wait until it answers, ask it."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openspine.children import LOOPBACK, Surroundings, free_port, spawn

PATIENCE_S = 180.0  # it is ready after some seconds; beside twenty busy processes after minutes
_ASK_AGAIN_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceProcess:
    """Where a service of ours lives: database, keys, broker, HTTP port, log."""

    database_url: str
    keys: Path
    mqtt_port: int
    log: Path
    port: int = field(default_factory=free_port)
    extra: Mapping[str, str] = field(default_factory=dict)  # further `OPENSPINE_...` variables

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{LOOPBACK}:{self.port}"

    def environment(self) -> dict[str, str]:
        """Say where everything is, as a worker beside it needs it too."""
        return {
            "OPENSPINE_DATABASE_URL": self.database_url,
            "OPENSPINE_MQTT_HOST": LOOPBACK,
            "OPENSPINE_MQTT_PORT": str(self.mqtt_port),
            "OPENSPINE_KEYS": str(self.keys),
            "OPENSPINE_HTTP_PORT": str(self.port),
            "OPENSPINE_DEMO": "true",
            "OPENSPINE_MACHINE_RATE_PER_S": "0",  # emulated machines may run faster than real time
            **self.extra,
        }

    def start(self) -> subprocess.Popen[bytes]:
        """Start it; the simulation's people are visible through its API."""
        around = Surroundings(environment={**os.environ, **self.environment()})
        return spawn([sys.executable, "-m", "openspine", "serve"], self.log, around)

    def wait(self, child: subprocess.Popen[bytes]) -> None:
        """Wait until it is ready; RuntimeError carries the end of its log."""
        wait_for(f"{self.url}/readyz", child, self.log)


def wait_for(url: str, child: subprocess.Popen[bytes], log: Path, patience_s: float = PATIENCE_S) -> int:
    """Wait until `url` answers and return the HTTP status; RuntimeError carries the end of the log."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline and child.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 (our own loopback URL)
                return int(answer.status)
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(_ASK_AGAIN_S)
    raise RuntimeError(f"{url} does not answer: {log.read_text(errors='replace')[-800:]}")


def ask(url: str, patience_s: float = 10.0, token: str = "") -> Any:
    """Ask an API for JSON, as whoever the token belongs to; urllib's URLError when it does not answer."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 (given by the user or our own)
    with urllib.request.urlopen(request, timeout=patience_s) as answer:  # noqa: S310 (same)
        return json.load(answer)


def sign_in(url: str, login: str, passphrase: str) -> str:
    """Sign a member of staff in and return the token; urllib's HTTPError when they are refused."""
    body = json.dumps({"login": login, "passphrase": passphrase, "carried": "token"}).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{url}/v1/sign-in", body, headers)  # noqa: S310 (our own loopback URL)
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310 (same)
        return str(json.load(answer)["token"])
