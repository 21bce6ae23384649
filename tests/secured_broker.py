"""A production broker on a loopback port: TLS by an authority of its own, nobody anonymous."""

import getpass
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from openspine.broker import folder as broker_folder
from openspine.broker.authority import certify
from openspine.broker.embedded import mosquitto_path
from openspine.children import LOOPBACK, end, free_port, spawn, wait_for_port

CLIENTS = ("lumbar-1", "hip-1", "sim-lumbar-1", "svc-coaching", "rec-studio")


def stranger_authority(folder: Path) -> Path:
    """Make an authority that has signed nothing of the broker's."""
    return certify(folder, ("elsewhere",), datetime.now(UTC)).authority


@dataclass
class SecuredBroker:
    """A mosquitto that was set up as `admin broker` does it; `passwords` by client."""

    folder: Path
    port: int = field(default_factory=free_port)
    passwords: dict[str, str] = field(default_factory=dict)
    authority: Path = field(init=False)
    child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        made = certify(self.folder, (LOOPBACK,), datetime.now(UTC))
        self.authority = made.authority
        plugin = broker_folder.plugin_path()
        assert plugin is not None
        listener = broker_folder.Listener(certificate=made.certificate, key=made.key, port=self.port)
        self.configuration = broker_folder.set_up(self.folder, listener, plugin, user=getpass.getuser())
        self.passwords |= {name: broker_folder.admit(self.folder, name) for name in CLIENTS}
        self.start()
        return self

    def start(self) -> None:
        self.child = spawn([mosquitto_path() or "", "-c", str(self.configuration)], self.folder / "log")
        assert wait_for_port(self.child, self.port), (self.folder / "log").read_text()

    def stop(self) -> None:
        if self.child is not None:
            end(self.child)

    def __exit__(self, *_: object) -> None:
        self.stop()
