"""An embedded MQTT 5 broker on the loopback interface, for the demo, tests and verbs."""

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Literal, Self, get_args

from openspine.children import LOOPBACK, end, free_port, is_listening, spawn, wait_for_port

BrokerKind = Literal["mosquitto", "iotcore"]

MAX_PACKET_BYTES = 4 * 1024 * 1024  # far above the codec's 64 kB: the service sees and dead-letters oversize
MAX_QUEUED_BYTES = 256 * 1024 * 1024  # the cap that replaces mosquitto's silent drop beyond 1,000 messages
_PORT_TRIES = 5  # another process may take a free port before the broker does

# iotcore ends with its standard input; the same bootstrap as its own Broker, but with our lifetime rules.
_IOTCORE_BOOTSTRAP = (
    "import sys; sys.path[:] = [p for p in sys.path if p not in ('', '.')]; "
    "from iotcore._serve import main; main()"
)

_MOSQUITTO = """\
listener {port} {host}
allow_anonymous true
set_tcp_nodelay true
max_inflight_messages 16000
max_queued_messages 0
max_queued_bytes {queued}
max_packet_size {packet}
persistence true
persistence_location {folder}/
autosave_interval 1
log_dest stderr
log_type error
log_type warning
log_type notice
"""

_IOTCORE = """\
id = 0
[router]
id = 0
max_connections = 1000
max_outgoing_packet_count = 1000
max_segment_size = 104857600
max_segment_count = 10
[v5.1]
name = "v5-1"
listen = "{host}:{port}"
next_connection_delay_ms = 1
[v5.1.connections]
connection_timeout_ms = 60000
max_payload_size = {packet}
max_inflight_count = 1000
dynamic_filters = true
"""


def mosquitto_path() -> str | None:
    """Return where mosquitto is; Debian puts it into a folder that is not on a user's PATH."""
    return shutil.which("mosquitto") or shutil.which(
        "mosquitto", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin"
    )


def available_kinds() -> list[BrokerKind]:
    """Return the brokers that can start here, best first."""
    present: dict[BrokerKind, bool] = {
        "mosquitto": mosquitto_path() is not None,
        "iotcore": importlib.util.find_spec("iotcore") is not None,
    }
    return [kind for kind in get_args(BrokerKind) if present[kind]]


def best_kind() -> BrokerKind:
    """Return the best broker here; RuntimeError says what to install when there is none."""
    kinds = available_kinds()
    if not kinds:
        raise RuntimeError("no MQTT broker here: install mosquitto, or the Python package iotcore")
    return kinds[0]


class Broker:
    """A broker process in `folder`; restarts keep the port and (mosquitto) the persistent sessions."""

    host = LOOPBACK

    def __init__(self, kind: BrokerKind, folder: Path, port: int | None = None) -> None:
        self.kind = kind
        self.folder = folder.resolve()
        self._asked_port = port
        self._port = port
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def port(self) -> int:
        """The TCP port; RuntimeError before the first start."""
        if self._port is None:
            raise RuntimeError("the broker has not been started")
        return self._port

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._child.pid if self._child is not None and self._child.poll() is None else None

    @property
    def log(self) -> Path:
        """What the broker wrote."""
        return self.folder / "broker.log"

    def start(self) -> Self:
        """Start and wait until a connection is accepted; RuntimeError says why not."""
        if self.pid is not None:
            return self
        self.folder.mkdir(parents=True, exist_ok=True)
        for _ in range(1 if self._port else _PORT_TRIES):
            port = self._port or free_port()
            if is_listening(port):  # else the other's answer would be taken for the broker's
                raise RuntimeError(f"{self.kind} did not start: port {port} is taken")
            child = spawn(self._command(port), self.log)
            if wait_for_port(child, port):
                self._child, self._port = child, port
                return self
            end(child)
        raise RuntimeError(f"{self.kind} did not start: {self.log.read_text(errors='replace')[-500:]}")

    def stop(self) -> None:
        """End the broker politely; mosquitto saves its sessions."""
        if self._child is not None:
            end(self._child)
            self._child = None

    def kill(self) -> None:
        """End the broker with SIGKILL, as a power cut would."""
        if self._child is not None:
            end(self._child, signal.SIGKILL)
            self._child = None

    def restart(self) -> None:
        """Stop and start on the same port with the same persistence."""
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    def _command(self, port: int) -> list[str]:
        figures = {"host": self.host, "port": port, "packet": MAX_PACKET_BYTES, "queued": MAX_QUEUED_BYTES}
        if self.kind == "iotcore":
            configuration = self.folder / "iotcore.toml"
            configuration.write_text(_IOTCORE.format(**figures))
            return [sys.executable, "-c", _IOTCORE_BOOTSTRAP, json.dumps({"config_path": str(configuration)})]
        configuration = self.folder / "mosquitto.conf"
        # As root mosquitto would change to a user that cannot write into the folder.
        as_root = "user root\n" if os.geteuid() == 0 else ""
        configuration.write_text(as_root + _MOSQUITTO.format(**figures, folder=self.folder))
        return [mosquitto_path() or "mosquitto", "-c", str(configuration)]
