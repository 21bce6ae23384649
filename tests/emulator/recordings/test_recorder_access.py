"""The recorder before brokers that ask who it is, or that it must ask who they are."""

import asyncio
import hashlib
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from recorder_room import Running, settings_of, tried

from emulator.recordings.recorder import NotReached, RecorderSettings
from openspine import children
from openspine.broker.embedded import Broker, mosquitto_path


def _certificate(folder: Path) -> None:
    """Write a key and a certificate of this computer that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "own.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))


@pytest.fixture
def encrypted(tmp_path: Path) -> Iterator[Broker]:
    """A mosquitto that speaks TLS alone."""
    if mosquitto_path() is None:
        pytest.skip("mosquitto is not installed here")
    _certificate(tmp_path)
    port = children.free_port()
    (tmp_path / "tls.conf").write_text(
        f"user root\nlistener {port} 127.0.0.1\nallow_anonymous true\n"
        f"certfile {tmp_path}/own.pem\nkeyfile {tmp_path}/key.pem\n"
    )
    child = children.spawn([mosquitto_path() or "", "-c", str(tmp_path / "tls.conf")], tmp_path / "tls.log")
    assert children.wait_for_port(child, port), (tmp_path / "tls.log").read_text()
    yield Broker("mosquitto", tmp_path, port)
    children.end(child)


@pytest.mark.broker
async def test_a_broker_that_speaks_tls_is_believed_only_with_its_certificate(
    encrypted: Broker, tmp_path: Path
) -> None:
    running = Running(settings_of(encrypted, tls=True, ca_file=tmp_path / "own.pem"), tmp_path / "good.mcap")
    await running.linked()
    report, _ = await running.end()
    assert report.problem is None
    stranger = await tried(settings_of(encrypted, tls=True), tmp_path)
    assert isinstance(stranger, NotReached)
    assert "certificate" in stranger.reason.lower()
    absent = await tried(settings_of(encrypted, tls=True, ca_file=tmp_path / "nowhere.pem"), tmp_path)
    assert isinstance(absent, NotReached)


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Broker]:
    """A mosquitto that asks for a password and lets the recorder read the simulation alone."""
    if mosquitto_path() is None:
        pytest.skip("mosquitto is not installed here")
    salt = b"0123456789ab"
    key = b64encode(hashlib.pbkdf2_hmac("sha512", b"secret", salt, 101)).decode()
    (tmp_path / "users").write_text(f"rec-studio:$7$101${b64encode(salt).decode()}${key}\n")
    (tmp_path / "rights").write_text("user rec-studio\ntopic read openspine-sim/#\n")
    for name in ("users", "rights"):
        (tmp_path / name).chmod(0o600)
    port = children.free_port()
    (tmp_path / "guarded.conf").write_text(
        f"user root\nlistener {port} 127.0.0.1\npassword_file {tmp_path}/users\nacl_file {tmp_path}/rights\n"
    )
    command = [mosquitto_path() or "", "-c", str(tmp_path / "guarded.conf")]
    child = children.spawn(command, tmp_path / "guarded.log")
    assert children.wait_for_port(child, port), (tmp_path / "guarded.log").read_text()
    yield Broker("mosquitto", tmp_path, port)
    children.end(child)


@pytest.mark.broker
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, "Not authorized"),
        ({"username": "rec-studio", "password": "wrong"}, "Not authorized"),
    ],
)
async def test_a_broker_that_refuses_says_why(
    changes: dict[str, object], reason: str, guarded: Broker, tmp_path: Path
) -> None:
    found = await tried(settings_of(guarded, **changes), tmp_path)
    assert isinstance(found, NotReached)
    assert reason in found.reason


async def test_a_subscription_that_is_refused_is_no_silence(tmp_path: Path) -> None:
    """Mosquitto grants what its list of rights then withholds; other brokers say so, as this one does."""

    async def refuse(near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        await near.read(1_000)
        back.write(bytes([0x20, 3, 0, 0, 0]))  # CONNACK: success
        subscribe = await near.read(1_000)
        back.write(bytes([0x90, 4, *subscribe[2:4], 0, 0x87]))  # SUBACK: not authorised
        await near.read(1_000)
        back.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    found = await tried(RecorderSettings(host="127.0.0.1", port=port, client_id="rec-test"), tmp_path)
    server.close()
    assert isinstance(found, NotReached)
    assert "not read openspine/v1/+/up/#" in found.reason


@pytest.mark.broker
async def test_with_its_password_the_recorder_listens_where_it_may(guarded: Broker, tmp_path: Path) -> None:
    place = settings_of(guarded, roots=("sim",), username="rec-studio", password="secret")  # noqa: S106
    running = Running(place, tmp_path / "a.mcap")
    await running.linked()
    report, _ = await running.end()
    assert report.problem is None
