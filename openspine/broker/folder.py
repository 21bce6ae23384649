"""The folder of a production broker: mosquitto's configuration, and who may speak to it."""

import json
import os
import pwd
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from openspine.broker import rights as broker_rights
from openspine.broker.embedded import MAX_PACKET_BYTES, MAX_QUEUED_BYTES

CONFIGURATION = "mosquitto.conf"
CLIENTS = "clients.json"
SALT_BYTES = 12
PASSWORD_BYTES = 32
PRIVATE = 0o600
MAX_QUEUED_MESSAGES = 1_000_000  # "no limit" (0) makes mosquitto 2.0 cut whoever it refused one publish
PORT = 8883  # registered for MQTT over TLS
_PLUGIN = "mosquitto_dynamic_security.so"
_PLUGIN_FOLDERS = ("lib", "lib64", "local/lib")  # below /usr; Debian adds the processor's name

_MOSQUITTO = """\
# Written by `admin broker set-up`. Nobody is let in without a name of their own, and all of it is encrypted.
{user}listener {port}
certfile {certificate}
keyfile {key}
tls_version tlsv1.2

allow_anonymous false
plugin {plugin}
plugin_opt_config_file {clients}

set_tcp_nodelay true
max_inflight_messages 16000
max_queued_messages {messages}
max_queued_bytes {queued}
max_packet_size {packet}
persistence true
persistence_location {data}/
autosave_interval 1
log_dest stderr
"""


class FolderUnusableError(Exception):
    """The folder of the broker cannot be read, or does not belong to one; says why in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Where the broker listens, and its certificate: paths as the broker sees them."""

    certificate: Path
    key: Path
    port: int = PORT


def plugin_path() -> Path | None:
    """Find mosquitto's dynamic-security plugin; None when it is not installed."""
    for folder in _PLUGIN_FOLDERS:
        for place in (_PLUGIN, f"*/{_PLUGIN}"):  # looking any deeper takes a second
            found = sorted(Path("/usr", folder).glob(place))
            if found:
                return found[0]
    return None


def set_up(folder: Path, listener: Listener, plugin: Path, user: str | None = None) -> Path:
    """Write the configuration; clients that are there stay.

    `user` is whom the broker becomes when root starts it; the files are then that user's.
    FolderUnusableError when there is no such user, or when root names none.
    """
    if user is None and os.geteuid() == 0:
        raise FolderUnusableError("you are root: name whom the broker is to run as, --user mosquitto")
    if user is not None and user not in {one.pw_name for one in pwd.getpwall()}:
        raise FolderUnusableError(f"there is no user {user!r} here")
    folder.mkdir(parents=True, exist_ok=True)
    data = folder / "data"
    data.mkdir(exist_ok=True)
    if not (folder / CLIENTS).exists():
        write_clients(folder, [])
    file = folder / CONFIGURATION
    file.write_text(
        _MOSQUITTO.format(
            user=f"user {user}\n" if user else "",
            port=listener.port,
            certificate=listener.certificate.resolve(),
            key=listener.key.resolve(),
            plugin=plugin,
            clients=(folder / CLIENTS).resolve(),
            data=data.resolve(),
            queued=MAX_QUEUED_BYTES,
            messages=MAX_QUEUED_MESSAGES,
            packet=MAX_PACKET_BYTES,
        )
    )
    if user is not None:
        made = [one for one in (listener.certificate, listener.key) if one.parent == folder]
        for one in (folder, data, file, folder / CLIENTS, *made):
            shutil.chown(one, user)
    return file


def read_clients(folder: Path) -> list[broker_rights.Client]:
    """Read who may speak to the broker; FolderUnusableError when there is no such file."""
    file = folder / CLIENTS
    try:
        return broker_rights.clients_of(json.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise FolderUnusableError(f"{file}: {error.strerror}; run `admin broker set-up` first") from error
    except (ValueError, KeyError, TypeError) as error:
        raise FolderUnusableError(f"{file}: this is no list of clients ({error})") from error


def admit(folder: Path, name: str) -> str:
    """Let a client in, or give it a new password; returns the password, which is kept nowhere."""
    if broker_rights.kind_of(name) is None:
        raise FolderUnusableError(
            f"{name!r} is no client's name: take a machine's id (3-32 of a-z, 0-9, -), "
            "or one behind svc-, rec- or sim-"
        )
    others = [one for one in read_clients(folder) if one.name != name]
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    write_clients(folder, [*others, broker_rights.client(name, password, secrets.token_bytes(SALT_BYTES))])
    return password


def dismiss(folder: Path, name: str) -> bool:
    """Let a client in no more; tells whether it was known."""
    known = read_clients(folder)
    rest = [one for one in known if one.name != name]
    write_clients(folder, rest)
    return len(rest) < len(known)


def write_clients(folder: Path, clients: list[broker_rights.Client]) -> None:
    """Replace the file in one step, keeping whose it is: a broker that starts meanwhile reads a whole one."""
    text = json.dumps(broker_rights.configuration(sorted(clients, key=lambda one: one.name)), indent=1)
    file, fresh = folder / CLIENTS, folder / f".{CLIENTS}"
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE), "w") as out:
        out.write(text)
    if file.exists():
        before = file.stat()
        shutil.chown(fresh, before.st_uid, before.st_gid)
    fresh.replace(file)
