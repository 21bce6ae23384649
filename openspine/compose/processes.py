"""Run the services of a compose file as plain processes on the loopback interface, in their order.

The database is an embedded one, the broker the mosquitto that is installed here; commands, environment,
order and health checks are the file's.
"""

import getpass
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from openspine.broker.embedded import mosquitto_path
from openspine.broker.folder import plugin_path
from openspine.children import LOOPBACK, Surroundings, end, free_port, spawn
from openspine.compose.file import Service
from openspine.postgres import Postgres

ROOT = Path(__file__).resolve().parents[2]
DATABASE_PORT = 5432  # not published by the file, so it stands here
BROKER, PLUGIN, SET_UP = "mosquitto", "/usr/lib/mosquitto_dynamic_security.so", "admin broker set-up"
_PROBE_PAUSE_S = 0.2


@dataclass(slots=True)
class Processes:
    """The running services; leaving the context ends them all."""

    services: Mapping[str, Service]
    folder: Path
    ports: dict[int, int] = field(default_factory=dict)
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    rims: list[Postgres] = field(default_factory=list)

    def start(self, service: Service) -> None:
        """Start one service and wait until its own health check passes, or until it has ended well."""
        if service.name == "database":
            database = Postgres(durable=False, owner=service.environment["POSTGRES_USER"]).start()
            self.rims.append(database)
            database.create_database(service.environment["POSTGRES_DB"])
            self.ports[DATABASE_PORT] = database.port
        else:
            self._spawn(service)

    def here(self, text: str, service: Service) -> str:
        """Translate addresses and folders of the containers into those of this computer."""
        for place, volume in service.volumes.items():
            if text == place or text.startswith(f"{place}/"):
                return str(self.folder / "volumes" / volume) + text.removeprefix(place)
        if text == BROKER:
            return mosquitto_path() or text
        if text == PLUGIN:
            return str(plugin_path() or text)
        text = text.replace("0.0.0.0", LOOPBACK)  # noqa: S104 (replaced, not listened on)
        for inside, outside in self.ports.items():
            text = re.sub(rf"\b{inside}\b", str(outside), text)
        names = "|".join(map(re.escape, self.services))
        return re.sub(rf"(?<![\w-])(?:{names})(?=:\d)", LOOPBACK, text)

    def __enter__(self) -> Self:
        """Give every published port a free one."""
        self.ports.update({port: free_port() for service in self.services.values() for port in service.ports})
        return self

    def __exit__(self, *_: object) -> None:
        """End everything in reverse order."""
        for child in reversed(self.children.values()):
            end(child)
        for rim in reversed(self.rims):
            rim.stop()

    def _spawn(self, service: Service) -> None:
        for volume in service.volumes.values():
            (self.folder / "volumes" / volume).mkdir(parents=True, exist_ok=True, mode=0o700)
        environment = {
            name: LOOPBACK if value in self.services else self.here(value, service)
            for name, value in service.environment.items()
        }
        # Only PATH and HOME come from here: what the file does not set, the service does not get.
        environment = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"} | environment
        around = Surroundings(environment={"HOME": str(self.folder)} | environment, folder=ROOT)
        log = self.folder / f"{service.name}.log"
        command = [self.here(word, service) for word in service.command]
        if SET_UP in " ".join(command):  # in its container the broker has a user of its own
            command += ["--user", getpass.getuser()]
        child = spawn(command, log, around)
        self.children[service.name] = child
        if not (
            self._is_well(service, child, environment) if service.probe else self._ends_well(service, child)
        ):
            raise RuntimeError(f"{service.name}: {log.read_text(errors='replace')[-2000:]}")

    def _ends_well(self, service: Service, child: subprocess.Popen[bytes]) -> bool:
        waited_for = any(
            other.needs.get(service.name) == "service_completed_successfully"
            for other in self.services.values()
        )
        return child.wait() == 0 if waited_for else True

    def _is_well(
        self, service: Service, child: subprocess.Popen[bytes], environment: Mapping[str, str]
    ) -> bool:
        probe = [self.here(word, service) for word in service.probe]
        deadline = time.monotonic() + service.patience_s
        while child.poll() is None and time.monotonic() < deadline:
            if subprocess.run(probe, env=dict(environment), capture_output=True, check=False).returncode == 0:
                return True
            time.sleep(_PROBE_PAUSE_S)
        return False
