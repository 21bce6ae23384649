"""`db`: looking after the database."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over, say
from openspine.verbs.options import AsJson

if TYPE_CHECKING:
    from services.keys.demo import Keys


def upgrade(
    *,
    database: Annotated[str | None, Parameter(help="SQLAlchemy URL; else OPENSPINE_DATABASE_URL.")] = None,
    json: AsJson = False,
) -> None:
    """Create the tables, or bring them to the newest revision; exit code 4 when no database answers."""
    from sqlalchemy.engine import make_url  # noqa: PLC0415 (heavy)
    from sqlalchemy.exc import ArgumentError, OperationalError  # noqa: PLC0415 (heavy)

    from services.settings import Settings  # noqa: PLC0415 (heavy)
    from services.store import engine  # noqa: PLC0415 (heavy)

    url = database or Settings().database_url
    try:
        shown = make_url(url).render_as_string(hide_password=True)
        engine.upgrade(url)
    except ArgumentError as error:
        raise Failure("--database: this is not an SQLAlchemy URL", ExitCode.USAGE) from error
    except OperationalError as error:
        reason = str(error.orig).splitlines()[0]
        raise Failure(f"the database does not answer: {reason}", ExitCode.UNREACHABLE) from error
    hand_over({"ok": True, "database": shown}, as_json=json, lines=[f"up to date: {shown}"])


def seed(
    *,
    members: Annotated[Path, Parameter(help="Where to write the people for `emulate`.")],
    weeks: Annotated[int, Parameter(help="Weeks of history behind them.")] = 12,
    json: AsJson = False,
) -> None:
    """Fill the database with the demo's invented people; nothing is done when `--members` exists already."""
    if members.exists():
        hand_over({"ok": True, "seeded": False}, as_json=json, lines=[f"{members} exists: seeded before"])
        return
    from openspine.demo.store import seed_into  # noqa: PLC0415 (heavy)
    from openspine.demo.studio import read_studio  # noqa: PLC0415 (heavy)
    from services.settings import Settings  # noqa: PLC0415 (heavy)

    studio = replace(read_studio(), weeks=weeks)
    written = seed_into(Settings(), _both_keys(), studio, members, say)
    hand_over({"ok": True, "seeded": True, **asdict(written)}, as_json=json)


def _both_keys() -> "Keys":
    """Open the keys of service and prescriber: invented people get their limits in this process."""
    from services.keys.command import open_command_key  # noqa: PLC0415 (heavy)
    from services.keys.demo import Keys  # noqa: PLC0415 (heavy)
    from services.keys.envelope import open_envelope_key  # noqa: PLC0415 (heavy)
    from services.keys.register import KeyRefusedError  # noqa: PLC0415 (heavy)
    from services.keys.site import open_site_key  # noqa: PLC0415 (heavy)
    from services.prescribing.settings import PrescribingSettings  # noqa: PLC0415 (heavy)
    from services.settings import Settings  # noqa: PLC0415 (heavy)

    service, prescriber = Settings(), PrescribingSettings()
    if not (service.demo and prescriber.demo):
        raise Failure("invented people are for a demo: set OPENSPINE_DEMO=true", ExitCode.USAGE)
    try:
        return Keys(
            command=open_command_key(service.keys, demo=True),
            envelope=open_envelope_key(prescriber.envelope_keys, demo=True),
            site=open_site_key(service.keys, make=True),
        )
    except KeyRefusedError as refused:
        raise Failure(str(refused)) from refused
