"""`admin broker`: the production broker's configuration, and who may speak to it."""

from collections.abc import Iterator
from contextlib import contextmanager
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


def set_up(
    *,
    certificate: Annotated[Path, Parameter(help="Certificate chain (PEM) of the broker's host name.")],
    key: Annotated[Path, Parameter(help="Private key of the certificate (PEM).")],
    folder: Folder = FOLDER,
    port: Annotated[int, Parameter(help="Port of the TLS listener.")] = 8883,
    user: Annotated[str | None, Parameter(help="Whom the broker becomes when root starts it.")] = None,
    json: AsJson = False,
) -> None:
    """Write mosquitto's configuration: TLS, nobody anonymous, each client its own topics. Clients stay."""
    from openspine.broker import folder as broker_folder  # noqa: PLC0415 (another room, loaded when it runs)

    for file in (certificate, key):
        if not file.is_file():
            raise Failure(f"{file}: there is no such file", ExitCode.NOT_FOUND)
    plugin = broker_folder.plugin_path()
    if plugin is None:
        raise Failure(
            "mosquitto's dynamic-security plugin is not here: install mosquitto 2", ExitCode.NOT_FOUND
        )
    listener = broker_folder.Listener(certificate=certificate, key=key, port=port)
    with _refusals():
        written = broker_folder.set_up(folder, listener, plugin, user)
    hand_over(
        {"ok": True, "configuration": str(written)}, as_json=json, lines=[f"start it: mosquitto -c {written}"]
    )


def admit(name: Name, *, folder: Folder = FOLDER, json: AsJson = False) -> None:
    """Let a client speak to the broker from its next start on: prints the password, this once.

    A client that is there gets a new password, and the old one ends.
    """
    from openspine.broker import folder as broker_folder  # noqa: PLC0415 (another room, loaded when it runs)

    with _refusals():
        password = broker_folder.admit(folder, name)
    hand_over({"ok": True, "name": name, "password": password}, as_json=json, lines=[password])


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


@contextmanager
def _refusals() -> Iterator[None]:
    from openspine.broker.folder import FolderUnusableError  # noqa: PLC0415 (another room, loaded when it runs)

    try:
        yield
    except FolderUnusableError as error:
        raise Failure(str(error)) from error
