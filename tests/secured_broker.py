"""A production broker on a loopback port: TLS by an authority of its own, nobody anonymous."""

import getpass
import ipaddress
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from openspine.broker import folder as broker_folder
from openspine.broker.embedded import mosquitto_path
from openspine.children import LOOPBACK, end, free_port, spawn, wait_for_port

CLIENTS = ("lumbar-1", "hip-1", "sim-lumbar-1", "svc-coaching", "rec-studio")


def _named(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def certify(folder: Path, name: str = "authority") -> Path:
    """Write `{name}.pem`, `server.pem` and `server.key`; returns the authority's file."""
    authority_key, server_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    now = datetime.now(UTC)

    def signed(subject: str, public: ec.EllipticCurvePublicKey, *, is_authority: bool) -> bytes:
        builder = (
            x509.CertificateBuilder()
            .subject_name(_named(subject))
            .issuer_name(_named(name))
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(LOOPBACK))]), critical=False
            )
        )
        return builder.sign(authority_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    authority = folder / f"{name}.pem"
    authority.write_bytes(signed(name, authority_key.public_key(), is_authority=True))
    (folder / "server.pem").write_bytes(signed("broker", server_key.public_key(), is_authority=False))
    (folder / "server.key").write_bytes(
        server_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return authority


@dataclass
class SecuredBroker:
    """A mosquitto that was set up as `admin broker` does it; `passwords` by client."""

    folder: Path
    port: int = field(default_factory=free_port)
    passwords: dict[str, str] = field(default_factory=dict)
    authority: Path = field(init=False)
    child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.authority = certify(self.folder)
        plugin = broker_folder.plugin_path()
        assert plugin is not None
        listener = broker_folder.Listener(
            certificate=self.folder / "server.pem", key=self.folder / "server.key", port=self.port
        )
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
