"""`admin keys`: the keys of service, prescriber and trainer, made, rotated, withdrawn and published.

Private parts are written into files for their owner only, and never printed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over
from openspine.verbs.options import AsJson

Folder = Annotated[
    Path | None,
    Parameter(name="--keys", help="Key folder; else OPENSPINE_KEYS, _ENVELOPE_KEYS and _MODEL_KEYS."),
]
EnrolmentFolder = Annotated[
    Path | None, Parameter(name="--to", help="Folder for agents: keys.json and the site key.")
]
KeyId = Annotated[str, Parameter(help="As `admin keys list` names it.")]


def list_(*, keys: Folder = None, json: AsJson = False) -> None:
    """List the keys of this studio: id, what it signs, where it stands in the rotation."""
    from services.keys.folder import read_register  # noqa: PLC0415 (heavy)

    with _refusals():
        found = [(folder, entry) for folder in _folders(keys) for entry in read_register(folder)]
    rows = [
        {
            "key_id": entry.key_id,
            "use": entry.use,
            "state": entry.state,
            "public": entry.public,
            "folder": str(folder),
        }
        for folder, entry in found
    ]
    lines = [f"{row['state']:<8} {row['use']:<8} {row['key_id']:<20} {row['folder']}" for row in rows]
    hand_over({"ok": True, "keys": rows}, as_json=json, lines=lines or ["no keys"])


def new(
    use: Annotated[Literal["command", "envelope", "model"], Parameter(help="What it is to sign.")],
    *,
    keys: Folder = None,
    to: EnrolmentFolder = None,
    once: Annotated[bool, Parameter(negative="", help="Do nothing when there is a key that signs.")] = False,
    json: AsJson = False,
) -> None:
    """Make a key: it signs at once when it is the first of its use, else after `admin keys use`."""
    from services.keys import folder as files  # noqa: PLC0415 (heavy)
    from services.keys.audit import open_audit_key  # noqa: PLC0415 (heavy)
    from services.keys.identity import make_identity_key  # noqa: PLC0415 (heavy)
    from services.keys.register import current  # noqa: PLC0415 (heavy)
    from services.keys.site import open_site_key  # noqa: PLC0415 (heavy)

    folder = keys or _usual()[use]
    with _refusals():
        held = current(files.read_register(folder), use)
        made = held if once and held is not None else files.add(folder, use)
        if use == "command":
            open_site_key(folder, make=True)
            make_identity_key(folder)
        if use != "model":
            open_audit_key(folder, make=True)
        if to is not None:
            _enrolment([folder], to)
    said = "there already" if made is held else made.state
    result = {"ok": True, "key_id": made.key_id, "use": use, "state": made.state, "made": made is not held}
    hand_over(result, as_json=json, lines=[f"{made.key_id}: {said}"])


def use_(key_id: KeyId, *, keys: Folder = None, json: AsJson = False) -> None:
    """Let a key sign from the next start of its process on; agents must have heard of it before."""
    from services.keys import folder as files  # noqa: PLC0415 (heavy)

    with _refusals():
        changed = files.switch(_folder_of(key_id, keys), key_id)
    result = {"ok": True, "key_id": key_id, "use": changed.use, "state": changed.state}
    hand_over(result, as_json=json, lines=[f"{key_id}: current; start the process anew"])


def retire(key_id: KeyId, *, keys: Folder = None, json: AsJson = False) -> None:
    """Withdraw a key for ever and delete its private part; agents refuse it once they are told."""
    from services.keys import folder as files  # noqa: PLC0415 (heavy)

    with _refusals():
        changed = files.retire(_folder_of(key_id, keys), key_id)
    result = {"ok": True, "key_id": key_id, "use": changed.use, "state": changed.state}
    hand_over(result, as_json=json, lines=[f"{key_id}: retired; `admin keys publish` tells the agents"])


def rotate(
    what: Annotated[Literal["audit", "identity"], Parameter(help="Which key.")],
    *,
    keys: Folder = None,
    json: AsJson = False,
) -> None:
    """Put a key aside, where it still checks or opens, and make a new one; then `db reseal` for identities.

    Stop the process that uses the folder before: it goes on with the key that it has read.
    """
    from services.keys import audit, identity  # noqa: PLC0415 (heavy)

    folder = keys or _usual()["command"]
    with _refusals():
        key_id = audit.rotate(folder).key_id if what == "audit" else identity.rotate(folder)
    then = "then `openspine db reseal`" if what == "identity" else "the process takes it at its next start"
    hand_over(
        {"ok": True, "what": what, "key_id": key_id}, as_json=json, lines=[f"{what} key {key_id}: {then}"]
    )


def publish(*, keys: Folder = None, to: EnrolmentFolder = None, json: AsJson = False) -> None:
    """Write what agents are given: every valid public key by id and use, and the site key."""
    target = to or _usual()["command"]
    with _refusals():
        number = _enrolment(_folders(keys), target)
    result = {"ok": True, "keys": number, "folder": str(target)}
    hand_over(result, as_json=json, lines=[f"{number} keys for agents in {target}"])


def _enrolment(folders: list[Path], to: Path) -> int:
    """Write keys.json, and beside it the site key where one of the folders has it."""
    from services.keys.folder import PUBLIC_FILE, publish, write_secret  # noqa: PLC0415 (heavy)
    from services.keys.site import SITE_FILE, open_site_key  # noqa: PLC0415 (heavy)

    number = 0
    for folder in folders:
        number = publish(folder, to / PUBLIC_FILE)
        if (folder / SITE_FILE).exists() and not (to / SITE_FILE).exists():
            write_secret(to / SITE_FILE, open_site_key(folder, make=False))
    return number


def _folder_of(key_id: str, keys: Path | None) -> Path:
    from services.keys.folder import read_register  # noqa: PLC0415 (heavy)

    for folder in _folders(keys):
        if any(entry.key_id == key_id for entry in read_register(folder)):
            return folder
    raise Failure(f"there is no key {key_id} here", ExitCode.NOT_FOUND)


def _folders(given: Path | None) -> list[Path]:
    return [given] if given is not None else list(dict.fromkeys(_usual().values()))


def _usual() -> dict[str, Path]:
    from services.prescribing.settings import PrescribingSettings  # noqa: PLC0415 (heavy)
    from services.settings import Settings  # noqa: PLC0415 (heavy)

    settings = Settings()
    return {
        "command": settings.keys,
        "envelope": PrescribingSettings().envelope_keys,
        "model": settings.model_keys,
    }


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn what the key folders refuse, and what the disk refuses, into one line."""
    from services.keys.register import KeyRefusedError  # noqa: PLC0415 (heavy)

    try:
        yield
    except KeyRefusedError as refused:
        raise Failure(str(refused)) from refused
    except OSError as error:
        raise Failure(f"{error.filename}: {error.strerror}") from error
