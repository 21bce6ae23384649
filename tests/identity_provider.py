"""An identity provider on loopback: its own keys, its own pages, and whatever lie a test wants told."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

CLIENT, SECRET, REDIRECT = "openspine", "a-secret:of/the client", "https://studio.example/sign-in"
KID = "key-1"
MFA = "mfa"


@cache
def rsa_key(bits: int = 2_048, number: int = 0) -> rsa.RSAPrivateKey:
    """Make a key once; `number` tells keys of the same size apart."""
    del number
    return rsa.generate_private_key(public_exponent=65_537, key_size=bits)


@cache
def curve_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def public_pem() -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return rsa_key().public_key().public_bytes(serialization.Encoding.PEM, form)


def published(key: Any = None, kid: str | None = KID, **more: Any) -> dict[str, Any]:
    """Write the public half of a key as a provider publishes it."""
    key = key or rsa_key()
    kind = RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else ECAlgorithm
    named = {} if kid is None else {"kid": kid}
    return kind.to_jwk(key.public_key(), as_dict=True) | named | {"use": "sig"} | more


def signed(claims: dict[str, Any], key: Any = None, algorithm: str = "RS256", **header: Any) -> str:
    named = {name: value for name, value in ({"kid": KID} | header).items() if value is not None}
    return jwt.encode(claims, key or rsa_key(), algorithm=algorithm, headers=named)


def forged(claims: dict[str, Any], algorithm: str, key: bytes = b"") -> str:
    """Write a token as an attacker does: unsigned, or with HMAC under any bytes."""
    head, body = (_written(json.dumps(one).encode()) for one in ({"alg": algorithm, "kid": KID}, claims))
    text = f"{head}.{body}"
    return f"{text}.{_written(hmac.digest(key, text.encode(), 'sha256')) if key else ''}"


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass(slots=True)
class IdentityProvider:
    """What the provider says; a test changes a field to make it say something else."""

    now_ms: Callable[[], int]
    issuer: str = ""
    subject: str = "s-1"
    claims: dict[str, Any] = field(default_factory=dict)  # put over the true ones; None takes one away
    about: dict[str, Any] = field(default_factory=dict)  # put over what it says of itself
    keys: list[dict[str, Any]] = field(default_factory=lambda: [published()])
    make: Callable[[dict[str, Any]], str] = signed
    is_down: bool = False
    asked: list[str] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    _open: dict[str, dict[str, str]] = field(default_factory=dict)

    def consent(self, address: str) -> tuple[str, str]:
        """Sign somebody in on the provider's page: returns the (code, state) that the browser brings back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self._open)}"
        self._open[code] = asked
        return code, asked["state"]

    def page(self, address: str) -> str:
        """Show the page on which one signs in: one click."""
        asked = parse_qs(urlsplit(address).query)
        code, state = self.consent(address)
        back = f"{asked['redirect_uri'][0]}?{urlencode({'code': code, 'state': state})}"
        word = "Prove it again" if "login" in asked.get("prompt", []) else "Sign in"
        return f'<!doctype html><title>Identity</title><h1>Identity</h1><a href="{escape(back)}">{word}</a>'

    def description(self) -> dict[str, Any]:
        found = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }
        return found | self.about

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Change a code for a token, once, for whoever has the verifier and the client's secret."""
        self.forms.append(form)
        asked = self._open.pop(form.get("code", ""), None)
        named = f"{CLIENT}:a-secret%3Aof%2Fthe+client".encode()
        is_client = authorization == f"Basic {base64.b64encode(named).decode()}" or (
            (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        )
        if asked is None or not is_client or form.get("redirect_uri") != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        if _written(hashlib.sha256(form["code_verifier"].encode()).digest()) != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"id_token": self.make(self._said(asked)), "token_type": "Bearer", "access_token": "x"}

    def _said(self, asked: dict[str, str]) -> dict[str, Any]:
        now_s = self.now_ms() // 1_000
        true = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": CLIENT,
            "exp": now_s + 300,
            "iat": now_s,
            "auth_time": now_s,
            "nonce": asked["nonce"],
        }
        return {name: value for name, value in (true | self.claims).items() if value is not None}


@contextmanager
def serving(provider: IdentityProvider) -> Iterator[None]:
    """Serve the provider on a free port of loopback."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            if self.path.startswith("/authorize?"):
                return self._send(200, provider.page(self.path).encode(), "text/html")
            pages = {
                "/.well-known/openid-configuration": provider.description(),
                "/keys": {"keys": provider.keys},
            }
            return self._answer(200 if self.path in pages else 404, pages.get(self.path, {}))

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(raw).items()}
            self._answer(*provider.token(form, self.headers.get("Authorization", "")))

        def _answer(self, status: int, said: dict[str, Any]) -> None:
            body = b"<html>away</html>" if provider.is_down else json.dumps(said).encode()
            self._send(503 if provider.is_down else status, body, "application/json")

        def _send(self, status: int, body: bytes, media_type: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
