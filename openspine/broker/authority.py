"""A studio's own certificate authority for its broker, where no public one signs for its name."""

import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

AUTHORITY = "authority.pem"  # what every client is given
CERTIFICATE, KEY = "server.pem", "server.key"
VALID_DAYS = 825  # the longest that common TLS clients accept of a server's certificate
PRIVATE = 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified:
    """Where the files are: what clients trust, what the broker shows, and its key."""

    authority: Path
    certificate: Path
    key: Path


def certify(folder: Path, names: Sequence[str], now: datetime) -> Certified:
    """Make an authority that signs once: certificate and key for these host names and addresses.

    The authority's own key is thrown away: nobody can sign in its name again, and a new certificate means a
    new authority for every client.
    """
    authority_key, server_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer = _named("OpenSpine broker authority")
    trusted = _certificate(issuer, issuer, authority_key.public_key(), now).add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    )
    shown = (
        _certificate(_named(names[0]), issuer, server_key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
    )
    made = Certified(authority=folder / AUTHORITY, certificate=folder / CERTIFICATE, key=folder / KEY)
    folder.mkdir(parents=True, exist_ok=True)
    for file, builder in ((made.authority, trusted), (made.certificate, shown)):
        signed = builder.sign(authority_key, hashes.SHA256())
        file.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    secret = server_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with os.fdopen(os.open(made.key, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE), "wb") as out:
        out.write(secret)
    return made


def _certificate(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=VALID_DAYS))
    )


def _named(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
