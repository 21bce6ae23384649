"""What each client may do at the broker, by its name alone: roles for mosquitto's dynamic-security plugin.

A name is user name and client id in one; nothing is allowed that is not written here.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from contract import topics

Kind = Literal["machine", "simulation", "service", "recorder"]
AclType = Literal["publishClientSend", "publishClientReceive", "subscribePattern"]
_KIND_OF_PREFIX: Mapping[str, Kind] = {"svc-": "service", "rec-": "recorder", "sim-": "simulation"}
ITERATIONS = 101  # of mosquitto itself; passwords are 256 random bits, which no guess finds
HASH_BYTES = 64
SHARED = "$share/openspine/"  # several workers share one subscription (protocol page)


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One client that the broker knows: its name, and the salted hash of its password (base64)."""

    name: str
    salt: str
    password_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """Topic filters on which somebody may publish, and which may be subscribed to."""

    publish: tuple[str, ...] = ()
    subscribe: tuple[str, ...] = ()


def kind_of(name: str) -> Kind | None:
    """Tell what a name stands for; None when it may not be a client's name."""
    for prefix, kind in _KIND_OF_PREFIX.items():
        rest = name.removeprefix(prefix)
        if rest != name:
            return kind if topics.is_machine_id(rest) else None
    return "machine" if topics.is_machine_id(name) else None


def rights_of(name: str) -> Rights:
    """Say what a client may do; KeyError for a name that `kind_of` does not know.

    A machine has its own topics under the real root, an emulated one its own under the simulation's.
    """
    kind = kind_of(name)
    if kind == "service":
        up = tuple(f"{root}/v1/+/up/#" for root in topics.ROOTS.values())
        down = tuple(f"{root}/v1/+/down/#" for root in topics.ROOTS.values())
        return Rights(publish=down, subscribe=(*up, *(SHARED + one for one in up)))
    if kind == "recorder":
        both = (f"{root}/v1/+/{way}/#" for root in topics.ROOTS.values() for way in ("up", "down"))
        return Rights(subscribe=tuple(both))
    if kind is None:
        raise KeyError(name)
    root = topics.ROOTS["real" if kind == "machine" else "sim"]
    own = f"{root}/v1/{name.removeprefix('sim-')}"
    return Rights(publish=(f"{own}/up/#",), subscribe=(f"{own}/down/#",))


def client(name: str, password: str, salt: bytes) -> Client:
    """Make an entry from a password, which is not kept."""
    hashed = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS, HASH_BYTES)
    return Client(name=name, salt=_text(salt), password_hash=_text(hashed))


def configuration(clients: Sequence[Client]) -> dict[str, Any]:
    """Write the plugin's file: every client bound to its own client id, with one role of its own."""
    return {
        "defaultACLAccess": {
            "publishClientSend": False,
            "publishClientReceive": False,
            "subscribe": False,
            "unsubscribe": True,
        },
        "clients": [_entry(one) for one in clients],
        "groups": [],
        "roles": [{"rolename": one.name, "acls": _acls(rights_of(one.name))} for one in clients],
    }


def clients_of(found: Mapping[str, Any]) -> list[Client]:
    """Read the clients of such a file again; KeyError or TypeError when it is another one."""
    return [
        Client(name=one["username"], salt=one["salt"], password_hash=one["password"])
        for one in found["clients"]
    ]


def _entry(one: Client) -> dict[str, Any]:
    return {
        "username": one.name,
        "clientid": one.name,
        "password": one.password_hash,
        "salt": one.salt,
        "iterations": ITERATIONS,
        "roles": [{"rolename": one.name}],
    }


def _acls(rights: Rights) -> list[dict[str, Any]]:
    received = tuple(one.removeprefix(SHARED) for one in rights.subscribe)
    allowed: dict[AclType, tuple[str, ...]] = {
        "publishClientSend": rights.publish,
        "publishClientReceive": tuple(dict.fromkeys(received)),
        "subscribePattern": rights.subscribe,
    }
    return [
        {"acltype": kind, "topic": topic, "priority": 0, "allow": True}
        for kind in get_args(AclType)
        for topic in allowed[kind]
    ]


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
