"""`admin broker`: the production broker's configuration, and who may speak to it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over
from openspine.verbs.options import AsJson

Folder = Annotated[Path, Parameter(name="--folder", help="Folder of the broker's files.")]
Name = Annotated[
    str, Parameter(help="Machine id; or svc-NAME (service), rec-NAME (recorder), sim-ID (emulated machine).")
]
FOLDER = Path("broker")
AUTHORITY = "authority.pem"  # as `openspine.broker.authority` names it, which is heavy


def set_up(  # noqa: PLR0913 (each is an option of the command line)
    *,
    certificate: Annotated[
        Path | None, Parameter(help="Certificate chain (PEM) of the broker's host name.")
    ] = None,
    key: Annotated[Path | None, Parameter(help="Private key of the certificate (PEM).")] = None,
    own_authority: Annotated[
        str | None, Parameter(help="In place of both: make them for these names, commas between.")
    ] = None,
    trust: Annotated[
        Path | None, Parameter(help="With --own-authority: folder for a copy of authority.pem, for clients.")
    ] = None,
    folder: Folder = FOLDER,
    port: Annotated[int, Parameter(help="Port of the TLS listener.")] = 8883,
    user: Annotated[str | None, Parameter(help="Whom the broker becomes when root starts it.")] = None,
    plugin: Annotated[
        Path | None,
        Parameter(help="The broker's dynamic-security plugin, as it sees it; else looked for."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Write mosquitto's configuration: TLS, nobody anonymous, each client its own topics. Clients stay.

    With an own authority clients are given `authority.pem`; what it has made before stays.
    """
    from openspine.broker import folder as broker_folder  # noqa: PLC0415 (another room, loaded when it runs)

    shown = _certified(folder, own_authority) if own_authority else _given(certificate, key)
    plugin = plugin or broker_folder.plugin_path()
    if plugin is None:
        raise Failure(
            "mosquitto's dynamic-security plugin is not here: install mosquitto 2", ExitCode.NOT_FOUND
        )
    listener = broker_folder.Listener(certificate=shown[0], key=shown[1], port=port)
    with _refusals():
        written = broker_folder.set_up(folder, listener, plugin, user)
    if trust is not None:
        shutil.copy(folder / AUTHORITY, trust)
    hand_over(
        {"ok": True, "configuration": str(written)}, as_json=json, lines=[f"start it: mosquitto -c {written}"]
    )


def admit(
    *names: Name,
    folder: Folder = FOLDER,
    to: Annotated[
        Path | None, Parameter(help="Write the password here, or of several a TOML table; not printed.")
    ] = None,
    once: Annotated[
        bool, Parameter(negative="", help="With --to: nothing is done when it is there.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Let clients speak to the broker from its next start on: prints the passwords, this once.

    A client that is there gets a new password, and the old one ends.
    """
    from openspine.broker import folder as broker_folder  # noqa: PLC0415 (another room, loaded when it runs)
    from openspine.broker import passwords  # noqa: PLC0415 (another room, loaded when it runs)

    if not names or (once and to is None):
        raise Failure("name whom to admit; --once belongs to --to", ExitCode.USAGE)
    if once and to is not None and to.exists():
        hand_over({"ok": True, "clients": []}, as_json=json, lines=[f"{to} is there: nothing to do"])
        return
    with _refusals():
        found = {name: broker_folder.admit(folder, name) for name in names}
    if to is not None:
        passwords.write(to, found)
    rows = [{"name": name} | ({} if to else {"password": word}) for name, word in found.items()]
    hand_over({"ok": True, "clients": rows}, as_json=json, lines=[str(to)] if to else list(found.values()))


def dismiss(name: Name, *, folder: Folder = FOLDER, json: AsJson = False) -> None:
    """Let a client speak to the broker no more, from its next start on."""
    from openspine.broker import folder as broker_folder  # noqa: PLC0415 (another room, loaded when it runs)

    with _refusals():
        was_known = broker_folder.dismiss(folder, name)
    if not was_known:
        raise Failure(f"there is no client {name}", ExitCode.NOT_FOUND)
    hand_over({"ok": True, "name": name}, as_json=json, lines=[f"{name}: is let in no more"])


def list_(*, folder: Folder = FOLDER, json: AsJson = False) -> None:
    """List who may speak to the broker, and what each may publish and subscribe to."""
    from openspine.broker import folder as broker_folder  # noqa: PLC0415 (another room, loaded when it runs)
    from openspine.broker import rights as broker_rights  # noqa: PLC0415 (another room, loaded when it runs)

    with _refusals():
        names = [one.name for one in broker_folder.read_clients(folder)]
    rights = {name: broker_rights.rights_of(name) for name in names}
    rows = [
        {
            "name": name,
            "kind": broker_rights.kind_of(name),
            "publish": rights[name].publish,
            "subscribe": rights[name].subscribe,
        }
        for name in names
    ]
    lines = [f"{row['name']:<24} {row['kind']}" for row in rows]
    hand_over({"ok": True, "clients": rows}, as_json=json, lines=lines or ["no clients"])


def _given(certificate: Path | None, key: Path | None) -> tuple[Path, Path]:
    if certificate is None or key is None:
        raise Failure("give --certificate and --key, or --own-authority", ExitCode.USAGE)
    for file in (certificate, key):
        if not file.is_file():
            raise Failure(f"{file}: there is no such file", ExitCode.NOT_FOUND)
    return certificate, key


def _certified(folder: Path, names: str) -> tuple[Path, Path]:
    """Make the files of an own authority, or find those that it has made before."""
    from openspine.broker import authority  # noqa: PLC0415 (another room, loaded when it runs)

    shown = folder / authority.CERTIFICATE, folder / authority.KEY
    if not all(file.is_file() for file in shown):
        authority.certify(folder, names.split(","), datetime.now(UTC))
    return shown


@contextmanager
def _refusals() -> Iterator[None]:
    from openspine.broker.folder import FolderUnusableError  # noqa: PLC0415 (another room, loaded when it runs)

    try:
        yield
    except FolderUnusableError as error:
        raise Failure(str(error)) from error
