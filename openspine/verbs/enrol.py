"""`enrol`: a machine's computer claims its place; `admin broker sync`: the broker hears of it."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from openspine.outcome import Failure, hand_over
from openspine.verbs.options import AsJson


def run(
    code: Annotated[str, Parameter(help="The one-time code that staff were shown: 32 hex digits.")],
    *,
    service: Annotated[str, Parameter(help="Address of the service, https://...")],
    broker: Annotated[str, Parameter(help="Address of the broker, mqtts://HOST:PORT.")],
    folder: Annotated[Path, Parameter(help="Where configuration and keys are written.")] = Path("machine"),
    ca: Annotated[Path | None, Parameter(help="Authority of the broker's certificate (PEM).")] = None,
    json: AsJson = False,
) -> None:
    """Exchange a one-time code for a place: the password is made here, and only its hash leaves.

    The broker lets the machine in from `admin broker sync` and its next start on.
    """
    from openspine import claiming  # noqa: PLC0415 (another room, loaded when it runs)

    place = claiming.broker_at(broker, ca)
    claiming.check_folder(folder)
    claimed, password = claiming.claim(service, code)
    written = claiming.write(folder, claimed, password, place)
    result = {
        "ok": True,
        "machine": claimed["machine"],
        "client": claimed["client"],
        "configuration": str(written),
    }
    hand_over(result, as_json=json, lines=[f"{claimed['machine']}: start it with agent {written}"])


def sync(
    *,
    database: Annotated[str, Parameter(help="The service's database.")],
    folder: Annotated[Path, Parameter(name="--folder", help="Folder of the broker's files.")] = Path(
        "broker"
    ),
    json: AsJson = False,
) -> None:
    """Let enrolled machines speak to the broker, and retired ones no more, from its next start on."""
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415 (heavy)

    from openspine.broker.enrolled import synchronise  # noqa: PLC0415 (another room, loaded when it runs)
    from openspine.broker.folder import FolderUnusableError  # noqa: PLC0415 (as above)
    from services.store.engine import open_engine  # noqa: PLC0415 (as above)

    try:
        done = synchronise(open_engine(database), folder)
    except FolderUnusableError as error:
        raise Failure(str(error)) from error
    except DBAPIError as error:
        raise Failure(f"the database cannot be read ({type(error.orig).__name__})") from error
    changes = {"admitted": done.admitted, "changed": done.changed, "dismissed": done.dismissed}
    lines = [f"{name}: {', '.join(who)}" for name, who in changes.items() if who]
    hand_over({"ok": True} | changes, as_json=json, lines=lines or ["nothing has changed"])
