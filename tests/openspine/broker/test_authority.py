import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from openspine.broker.authority import Certified, certify

NOW = datetime.now(UTC)


def shake_hands(made: Certified, trusted: Path, name: str) -> str:
    """Open TLS to a server with the certificate, as a client of `name` that trusts one authority."""
    ours, theirs = socket.socketpair()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(made.certificate, made.key)
    thread = threading.Thread(target=_serve, args=(server, theirs), daemon=True)
    thread.start()
    try:
        client = ssl.create_default_context(cafile=trusted)
        with client.wrap_socket(ours, server_hostname=name) as spoken:
            return spoken.version() or ""
    finally:
        ours.close()
        thread.join(timeout=5)


def _serve(context: ssl.SSLContext, raw: socket.socket) -> None:
    try:
        context.wrap_socket(raw, server_side=True).close()
    except (ssl.SSLError, OSError):
        raw.close()


@pytest.mark.parametrize("name", ["broker", "127.0.0.1"])
def test_clients_of_the_authority_reach_the_broker_under_its_names(name: str, tmp_path: Path) -> None:
    made = certify(tmp_path, ("broker", "127.0.0.1"), NOW)
    assert shake_hands(made, made.authority, name) == "TLSv1.3"
    assert made.key.stat().st_mode & 0o077 == 0


def test_another_name_another_authority_and_an_old_certificate_are_refused(tmp_path: Path) -> None:
    made = certify(tmp_path, ("broker",), NOW)
    stranger = certify(tmp_path / "other", ("broker",), NOW)
    old = certify(tmp_path / "old", ("broker",), NOW - timedelta(days=900))
    for server, trusted, name in (
        (made, made.authority, "elsewhere"),
        (made, stranger.authority, "broker"),
        (old, old.authority, "broker"),
    ):
        with pytest.raises(ssl.SSLCertVerificationError):
            shake_hands(server, trusted, name)
