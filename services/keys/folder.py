"""A folder of keys: `register.json`, one private file for each key that may still sign, the site key.

One folder serves one process: the service's holds command keys, the prescriber's holds envelope keys.
"""

import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from contract.signing import DEMO_KEY_IDS
from services.keys import register as rotation
from services.keys.register import Entry, KeyRefusedError, Register, Use

REGISTER_FILE = "register.json"
PUBLIC_FILE = "keys.json"
PRIVATE_SUFFIX = ".private"
SECRET_MODE = 0o600
FOR_OTHERS = 0o077  # permission bits of group and others
FOR_AGENTS: tuple[Use, ...] = ("command", "envelope")  # a machine that is told of another use believes nobody
ID_DIGITS = 8  # hex digits of a key id: enough to tell the keys of one studio apart
_ENTRIES = msgspec.json.Decoder(list[Entry])


def read_register(folder: Path) -> Register:
    """List the keys of a folder, the oldest first; none when it has no register."""
    path = folder / REGISTER_FILE
    try:
        return tuple(_ENTRIES.decode(path.read_bytes()))
    except FileNotFoundError:
        return ()
    except (OSError, msgspec.MsgspecError) as error:
        raise KeyRefusedError(f"{path} cannot be read ({type(error).__name__})") from error


def add(folder: Path, use: Use, key_id: str | None = None) -> Entry:
    """Make a key; its private part is written before the register names it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = Ed25519PrivateKey.generate()
    public = public_hex(key)
    name = key_id or f"{use}-{public[:ID_DIGITS]}"
    changed = rotation.added(read_register(folder), name, use, public)
    write_secret(
        _private_path(folder, name), key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    )
    _write_register(folder, changed)
    return changed[-1]


def switch(folder: Path, key_id: str) -> Entry:
    """Let this key sign from the next start of its process on."""
    return _change(folder, key_id, rotation.switched)


def retire(folder: Path, key_id: str) -> Entry:
    """Withdraw a key for ever and delete its private part."""
    changed = _change(folder, key_id, rotation.retired)
    _private_path(folder, key_id).unlink(missing_ok=True)
    return changed


def publish(folder: Path, to: Path) -> int:
    """Write the keys that agents may accept into `to`; those of other uses in it stay. Returns how many."""
    register = tuple(one for one in read_register(folder) if one.use in FOR_AGENTS)
    uses = sorted({one.use for one in register})
    try:
        before = msgspec.json.decode(to.read_bytes(), type=dict[str, dict[str, str]]) if to.exists() else {}
    except msgspec.MsgspecError as error:
        raise KeyRefusedError(f"{to} holds something else than public keys") from error
    after = rotation.published(before, register, uses)
    to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _replace(to, msgspec.json.format(msgspec.json.encode(after)) + b"\n", 0o644)
    return len(after)


def for_agents(folder: Path) -> dict[str, dict[str, str]]:
    """Read what `publish` wrote into a folder; empty when it has not yet."""
    path = folder / PUBLIC_FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, dict[str, str]])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.MsgspecError) as error:
        raise KeyRefusedError(f"{path} cannot be read ({type(error).__name__})") from error


def open_current(folder: Path, use: Use, demo_key_id: str, *, demo: bool) -> tuple[str, Ed25519PrivateKey]:
    """Open the key that signs; a demo makes a missing one, everybody else refuses demo keys.

    Raises KeyRefusedError with the reason.
    """
    if not demo:
        refuse_demo_keys(folder)
    elif rotation.current(read_register(folder), use) is None:
        add(folder, use, demo_key_id)
    return current_private(folder, use)


def current_private(folder: Path, use: Use) -> tuple[str, Ed25519PrivateKey]:
    """Open the key that signs; refused when the folder holds a private key of another use."""
    register = read_register(folder)
    _refuse_strangers(folder, register, use)
    entry = rotation.current(register, use)
    if entry is None:
        raise KeyRefusedError(
            f"there is no current {use} key in {folder}: make one with `openspine admin keys new {use}`"
        )
    try:
        key = Ed25519PrivateKey.from_private_bytes(read_secret(_private_path(folder, entry.key_id)))
    except ValueError as error:
        raise KeyRefusedError(f"the private part of {entry.key_id} is no key") from error
    if public_hex(key) != entry.public:
        raise KeyRefusedError(f"the private part of {entry.key_id} is of another key")
    return entry.key_id, key


def refuse_demo_keys(folder: Path) -> None:
    """Refuse a folder with a demo key that is not retired."""
    for one in read_register(folder):
        if one.key_id in DEMO_KEY_IDS and one.state != "retired":
            raise KeyRefusedError(f"{one.key_id} in {folder} is a demo key, and this is no demo")


def read_secret(path: Path) -> bytes:
    """Read a secret in hex that only its owner may read."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & FOR_OTHERS:
            raise KeyRefusedError(f"{path} may be read by others (mode {mode:04o}): chmod 600 it")
        return bytes.fromhex(path.read_text(encoding="ascii"))
    except OSError as error:
        raise KeyRefusedError(f"{path} cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise KeyRefusedError(f"{path} does not hold a key") from error


def write_secret(path: Path, secret: bytes) -> None:
    """Write a secret in hex to a new file that only its owner may read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, SECRET_MODE), "w") as file:
        file.write(secret.hex())


def public_hex(key: Ed25519PrivateKey) -> str:
    """Write the public part of a key as agents read it."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def _change(folder: Path, key_id: str, change: Callable[[Register, str], Register]) -> Entry:
    changed = change(read_register(folder), key_id)
    _write_register(folder, changed)
    return rotation.find(changed, key_id)


def _refuse_strangers(folder: Path, register: Register, use: Use) -> None:
    own = {one.key_id for one in register if one.use == use}
    for path in sorted(folder.glob(f"*{PRIVATE_SUFFIX}")):
        if path.name.removesuffix(PRIVATE_SUFFIX) not in own:
            raise KeyRefusedError(f"{path} is no {use} key: this process must not hold it")


def _private_path(folder: Path, key_id: str) -> Path:
    return folder / f"{key_id}{PRIVATE_SUFFIX}"


def _write_register(folder: Path, register: Register) -> None:
    _replace(folder / REGISTER_FILE, msgspec.json.format(msgspec.json.encode(list(register))), SECRET_MODE)


def _replace(path: Path, content: bytes, mode: int) -> None:
    """Write a file in one step: whoever reads sees the old one or the new one, also while two write."""
    number, new = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(number, "wb") as file:
            os.fchmod(number, mode)
            file.write(content)
            file.flush()
            os.fsync(number)
        Path(new).replace(path)
    except BaseException:
        Path(new).unlink(missing_ok=True)
        raise
