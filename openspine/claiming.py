"""A machine's computer claims its place by a one-time code: it makes its password and its configuration."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from openspine.broker.folder import PASSWORD_BYTES, SALT_BYTES
from openspine.broker.rights import client
from openspine.outcome import ExitCode, Failure

PATIENCE_S = 20.0
PRIVATE = 0o600
CONFIGURATION, KEYS, SITE_KEY, SPOOL = "agent.toml", "keys.json", "site", "spool.sqlite"
DRIVER = "still"  # moves nothing: whoever fits the drive names the true one
PORTS = {"mqtts": 8883, "mqtt": 1883}
HERE = ("127.0.0.1", "localhost", "::1")  # nothing goes over a wire: the password may go in clear
LOOPBACK = ("http://127.0.0.1:", "http://localhost:", "http://[::1]:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """Where the machine finds its broker."""

    host: str
    port: int
    tls: bool
    ca: Path | None


def claim(service: str, code: str) -> tuple[dict[str, Any], str]:
    """Exchange the code; return what the service says of the machine, and the password that was made here."""
    if not service.startswith(("https://", *LOOPBACK)):
        raise Failure("--service is https://..., or http:// on this computer", ExitCode.USAGE)
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    made = client("", password, secrets.token_bytes(SALT_BYTES))
    body = {"code": code, "salt": made.salt, "password_hash": made.password_hash}
    request = Request(  # noqa: S310 (the schemes are checked above)
        f"{service.rstrip('/')}/v1/machines/claim",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    try:
        with urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310 (as above)
            return json.load(answer), password
    except HTTPError as error:
        raise Failure(_reason(error)) from error
    except (URLError, TimeoutError, ValueError) as error:
        raise Failure(f"{service} does not answer: {error}", ExitCode.UNREACHABLE) from error


def check_folder(folder: Path) -> None:
    """Refuse, before the code is used up, a folder that holds a machine already."""
    for name in (CONFIGURATION, KEYS, SITE_KEY):
        if (folder / name).exists():
            raise Failure(f"{folder / name} is there already: choose another --folder, or remove it")


def write(folder: Path, claimed: dict[str, Any], password: str, broker: Broker) -> Path:
    """Write configuration, public keys and site key, each for its owner only."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(folder / SITE_KEY, claimed["site_key"] + "\n")
    _write(folder / KEYS, json.dumps(claimed["keys"], indent=1) + "\n")
    own = {name: claimed[name] for name in ("kind", "mode")}
    files = {"keys": KEYS, "site_key": SITE_KEY, "spool": SPOOL}
    machine = {"id": claimed["machine"], **own, "driver": DRIVER, **files}
    place = {"host": broker.host, "port": broker.port, "tls": broker.tls}
    place |= {"username": claimed["client"], "password": password}
    place |= {"ca": str(broker.ca.resolve())} if broker.ca else {}
    _write(folder / CONFIGURATION, _table("machine", machine) + "\n" + _table("broker", place))
    return folder / CONFIGURATION


def broker_at(address: str, ca: Path | None) -> Broker:
    """Read an address such as mqtts://broker.studio:8883."""
    found = urlsplit(address)
    is_clear = found.scheme == "mqtt" and found.hostname not in HERE
    if found.scheme not in PORTS or not found.hostname or is_clear:
        raise Failure(
            "--broker is mqtts://HOST, or mqtt:// on this computer, with :PORT where it is another",
            ExitCode.USAGE,
        )
    port = found.port or PORTS[found.scheme]
    return Broker(host=found.hostname, port=port, tls=found.scheme == "mqtts", ca=ca)


def _table(name: str, values: dict[str, Any]) -> str:
    """Write a table of TOML; JSON's strings, numbers and booleans are TOML's."""
    return "\n".join([f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in values.items())]) + "\n"


def _write(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "w") as file:
        file.write(text)


def _reason(error: HTTPError) -> str:
    """Say what the service says; it repeats nothing of what was sent."""
    try:
        problem = json.load(error)
        said = [problem["detail"], *(one["what"] for one in problem.get("mistakes", ()))]
    except (ValueError, KeyError, TypeError):
        return f"the service refused: HTTP {error.code}"
    return " ".join(said)
