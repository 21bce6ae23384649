"""`generate`: weeks of invented history straight into a store, through the real coaching code."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over
from openspine.verbs.options import AsJson

NOWHERE = (
    "--database: say where to, as sqlite:///invented.sqlite; "
    "invented people do not go into the studio's own store unasked"
)


def run(  # noqa: PLR0913 (each is an option of the command line)
    *,
    patients: Annotated[int, Parameter(help="Invented patients.")],
    weeks: Annotated[int, Parameter(help="Weeks of visits behind them.")],
    seed: Annotated[int, Parameter(help="The same seed gives the same people, rows and decisions.")] = 1,
    visits: Annotated[int, Parameter(help="Visits a week.")] = 2,
    database: Annotated[
        str | None, Parameter(help="Where to, always said: SQLAlchemy URL, as sqlite:///invented.sqlite.")
    ] = None,
    keys: Annotated[
        Path | None, Parameter(help="Folder of demo keys to sign with; else keys that are thrown away.")
    ] = None,
    jobs: Annotated[int, Parameter(help="Processes; -1 = all cores.")] = -1,
    json: AsJson = False,
) -> None:
    """Fill a store with patients and weeks of history; what is there already is found, and stays."""
    if patients < 1 or weeks < 1 or not 1 <= visits <= 7:
        raise Failure("--patients and --weeks from 1, --visits from 1 to 7", ExitCode.USAGE)
    if not database:
        raise Failure(NOWHERE, ExitCode.USAGE)
    with TemporaryDirectory(prefix="openspine-keys-") as folder:
        found = _generated((patients, weeks, seed, visits), database, keys or Path(folder), jobs)
    hand_over(found, as_json=json)


def _generated(how_much: tuple[int, int, int, int], database: str, keys: Path, jobs: int) -> dict[str, Any]:
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError  # noqa: PLC0415 (heavy)

    from openspine.bar import Bar  # noqa: PLC0415 (loaded when it runs)
    from openspine.generator.run import Asked, divided, generate  # noqa: PLC0415 (heavy)
    from services.keys.register import KeyRefusedError  # noqa: PLC0415 (heavy)

    patients, weeks, seed, visits = how_much
    asked = Asked(
        patients=patients,
        weeks=weeks,
        seed=seed,
        url=database,
        keys=keys,
        visits_per_week=visits,
        jobs=jobs,
    )
    wings = len(divided(asked))
    try:
        with Bar(f"{patients} patients, {weeks} weeks", wings, line_s=0.0) as bar:
            return generate(asked, lambda text: bar.at(int(text.partition("/")[0]), f"wings {text}"))
    except (ArgumentError, NoSuchModuleError) as error:
        raise Failure("--database: this is not an SQLAlchemy URL", ExitCode.USAGE) from error
    except OperationalError as error:
        reason = str(error.orig).splitlines()[0]
        raise Failure(f"the database does not answer: {reason}", ExitCode.UNREACHABLE) from error
    except KeyRefusedError as refused:
        raise Failure(str(refused)) from refused
    except RuntimeError as refused:  # what is there already is something else
        raise Failure(str(refused)) from refused
