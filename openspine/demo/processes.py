"""The processes of the demo: broker, service, six machines, dashboard, kiosk; ended in reverse order."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from openspine.broker.embedded import Broker, BrokerKind
from openspine.children import LOOPBACK, Surroundings, end, free_port, spawn
from openspine.service import ServiceProcess, wait_for

ROOT = Path(__file__).resolve().parents[2]
MACHINES_PATIENCE_S = 30.0  # to finish the message in flight and drain the spools


@dataclass(slots=True)
class Processes:
    """Everything that the demo has started; leaving the context ends it all."""

    folder: Path
    broker: Broker
    rate: float
    service_port: int = field(default_factory=free_port)
    dashboard_port: int = field(default_factory=free_port)
    screen_port: int = field(default_factory=free_port)
    prescriber_port: int = field(default_factory=free_port)
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @classmethod
    def in_folder(cls, folder: Path, kind: BrokerKind, rate: float) -> Self:
        """Prepare the processes of a demo whose data live in `folder`; nothing is started yet."""
        (folder / "logs").mkdir(parents=True, exist_ok=True)
        # Rows, sessions and latches of an earlier demo belong to a store that is made anew.
        for earlier in ("broker", "machines"):
            shutil.rmtree(folder / earlier, ignore_errors=True)
        return cls(folder=folder, broker=Broker(kind, folder / "broker"), rate=rate)

    @property
    def service(self) -> ServiceProcess:
        """The service of the demo; its broker must have been started."""
        return ServiceProcess(
            database_url=self.database_url,
            keys=self.folder / "keys",
            mqtt_port=self.broker.port,
            log=self._log("service"),
            port=self.service_port,
            extra={"OPENSPINE_DASHBOARD_URL": self.dashboard_url, "OPENSPINE_SIGN_IN": "true"},
        )

    @property
    def dashboard_url(self) -> str:
        """Where people look."""
        return f"http://{LOOPBACK}:{self.dashboard_port}"

    @property
    def screen_url(self) -> str:
        """Where the patient's screen of the kiosk is."""
        return f"http://{LOOPBACK}:{self.screen_port}"

    @property
    def prescriber_url(self) -> str:
        """Where limits are signed."""
        return f"http://{LOOPBACK}:{self.prescriber_port}"

    @property
    def token_file(self) -> Path:
        """Where the token lies with which the demo's prescriber may be asked."""
        return self.folder / "operator-token"

    @property
    def database_url(self) -> str:
        """The SQLite database of the demo."""
        return f"sqlite:///{self.folder / 'openspine.sqlite'}"

    @property
    def machines_report(self) -> Path:
        """Where the machines write what they did when they end."""
        return self.folder / "machines.json"

    def start_service(self) -> None:
        """Start the service; `wait_for_service` says when it is ready."""
        self.children["service"] = self.service.start()

    def wait_for_service(self) -> None:
        """Wait until the service is ready; RuntimeError carries the end of its log."""
        self.service.wait(self.children["service"])

    def start_prescriber(self) -> None:
        """Start the process that signs limits; `wait_for_prescriber` says when it answers."""
        environment = {
            "OPENSPINE_DATABASE_URL": self.database_url,
            "OPENSPINE_ENVELOPE_KEYS": str(self.folder / "keys" / "prescribing"),
            "OPENSPINE_PRESCRIBE_PORT": str(self.prescriber_port),
            "OPENSPINE_DEMO": "true",
        }
        command = [sys.executable, "-m", "openspine", "serve", "--role", "prescribe"]
        self._start("prescriber", command, environment)

    def wait_for_prescriber(self) -> int:
        """Wait until limits can be signed; return the HTTP status."""
        log = self._log("prescriber")
        return wait_for(f"{self.prescriber_url}/readyz", self.children["prescriber"], log)

    def start_dashboard(self) -> None:
        """Start Streamlit; `wait_for_dashboard` says when it answers."""
        options = {
            "server.port": str(self.dashboard_port),
            "server.address": LOOPBACK,
            "server.headless": "true",
        }
        command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboard" / "app.py")]
        command += [part for name, value in options.items() for part in (f"--{name}", value)]
        environment = {
            "OPENSPINE_API": self.service.url,
            "OPENSPINE_API_PUBLIC": self.service.url,
            "OPENSPINE_PRESCRIBER": self.prescriber_url,
        }
        self._start("dashboard", command, environment)

    def wait_for_dashboard(self) -> int:
        """Wait until the dashboard answers; return its HTTP status."""
        return wait_for(
            f"{self.dashboard_url}/_stcore/health", self.children["dashboard"], self._log("dashboard")
        )

    def start_machines(self) -> None:
        """Start the six emulated machines with their people; they run until they are asked to end."""
        self.machines_report.unlink(missing_ok=True)
        options = ["--rate", str(self.rate), "--report", str(self.machines_report)]
        self._start("machines", [*self._emulated("emulate", "members.json"), *options], {})

    def start_kiosk(self, machine: str, kind: str) -> None:
        """Start the machine with a patient's screen; `wait_for_kiosk` says when it answers."""
        options = ["--machine", f"{machine}={kind}", "--port", str(self.screen_port)]
        self._start("kiosk", [*self._emulated("kiosk", "kiosk.json"), *options], {})

    def wait_for_kiosk(self) -> int:
        """Wait until the screen answers; return its HTTP status."""
        return wait_for(f"{self.screen_url}/", self.children["kiosk"], self._log("kiosk"))

    def end_machines(self) -> None:
        """Ask the machines to finish; they drain their spools and write their report."""
        end(self.children.pop("machines"), patience_s=MACHINES_PATIENCE_S)

    def kill_service(self) -> None:
        """Kill the service in the middle of its work, as a power cut would."""
        end(self.children.pop("service"), signal.SIGKILL)

    def first_ended(self) -> str | None:
        """Name a process that ended although nobody asked it to."""
        return next((name for name, child in self.children.items() if child.poll() is not None), None)

    def log_tail(self, name: str) -> str:
        """Return the end of a process's log."""
        return self._log(name).read_text(errors="replace")[-800:]

    def __enter__(self) -> Self:
        """Start the broker."""
        self.broker.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End everything in reverse order, the polite signal to all first, so that it takes one patience."""
        for child in self.children.values():
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        for child in reversed(self.children.values()):
            end(child, patience_s=2.0)
        self.broker.stop()

    def _emulated(self, verb: str, members: str) -> list[str]:
        """Make the command of emulated machines in this studio."""
        return [
            *(sys.executable, "-m", "openspine", verb),
            *("--broker", f"{LOOPBACK}:{self.broker.port}"),
            *("--fleet", str(self.folder / members)),
            *("--keys", str(self.folder / "keys" / "keys.json")),
            *("--folder", str(self.folder / "machines")),
        ]

    def _start(self, name: str, command: list[str], environment: Mapping[str, str]) -> None:
        around = Surroundings(environment={**os.environ, **environment}, folder=ROOT)
        self.children[name] = spawn(command, self._log(name), around)

    def _log(self, name: str) -> Path:
        return self.folder / "logs" / f"{name}.log"
