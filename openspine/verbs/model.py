"""`decide`: a logged request, or a recorded day, decided again."""

import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over, say
from openspine.verbs.options import AsJson

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from ml.effort.model import EffortModel
    from ml.redecide import Tally

NEWEST = "newest"
DATABASE_HELP = "With --day: SQLAlchemy URL; else OPENSPINE_DATABASE_URL."


def decide(
    request: Path | None = None,
    *,
    verify: Annotated[Path | None, Parameter(help="Logged decision to compare with.")] = None,
    day: Annotated[
        str | None, Parameter(help="Every decision of a studio day (YYYY-MM-DD, or newest) once more.")
    ] = None,
    database: Annotated[str | None, Parameter(help=DATABASE_HELP)] = None,
    artifact: Annotated[
        Path | None, Parameter(help="Folder of the model that decided; else the one that ships.")
    ] = None,
    json: AsJson = False,
) -> int:
    """Decide a logged request (JSON file), or every logged request of a day, again, byte for byte.

    Exit code 1 when a request is refused (another model than the one that decided, or no request), 5 when
    an answer differs from the logged one.
    """
    if (request is None) == (day is None):
        raise Failure("give a request file, or --day", ExitCode.USAGE)
    if day is not None:
        if verify is not None:
            raise Failure("--verify belongs to a request file: a day is compared in any case", ExitCode.USAGE)
        return _decide_day(day, database, _models(artifact), as_json=json)
    if request is None or database is not None:
        raise Failure("--database belongs to --day", ExitCode.USAGE)
    return _decide_file(request, verify, _models(artifact))


def _decide_file(request: Path, verify: Path | None, models: "Callable[[], EffortModel]") -> int:
    from ml import redecide, runner  # noqa: PLC0415 (another room, loaded when it runs)

    logged = None if verify is None else _bytes(verify).rstrip(b"\n")
    answer = runner.decide(_bytes(request), models)
    sys.stdout.buffer.write(answer + b"\n")
    sys.stdout.buffer.flush()
    if answer.startswith(runner.REFUSAL):
        return ExitCode.FAILED
    if logged is None or logged == answer:
        return ExitCode.OK
    say(f"openspine: the decision differs from {verify}")
    for place in redecide.differences(logged, answer):
        say(f"  {place}")
    return ExitCode.DIFFERS


def _decide_day(day: str, database: str | None, models: "Callable[[], EffortModel]", *, as_json: bool) -> int:
    from ml.redecide import Logged, redecide  # noqa: PLC0415 (another room, loaded when it runs)
    from openspine.reading import reading  # noqa: PLC0415 (heavy)
    from services.store.reading import decisions  # noqa: PLC0415 (heavy)

    with reading(database) as connection:
        began = _day(connection, day)
        bounds = [round(one.timestamp() * 1_000) for one in (began, began + timedelta(days=1))]
        rows = decisions.between(connection, *bounds)
        tally = redecide(
            (
                Logged(id=row.id, request=row.request, answer=row.answer, software=row.software)
                for row in rows
            ),
            models,
        )
    if tally.decisions == 0:
        raise Failure(f"no decision was made on {began.date()} ({began.tzinfo})", ExitCode.NOT_FOUND)
    result = _result(tally, {"day": str(began.date()), "zone": str(began.tzinfo), "model": models().name})
    hand_over(result, as_json=as_json, lines=_lines(tally, result))
    if tally.different:
        return ExitCode.DIFFERS
    return ExitCode.FAILED if tally.refused else ExitCode.OK


def _day(connection: "Connection", day: str) -> datetime:
    """Return the first moment of a studio day, in the studio's zone."""
    from services.settings import Settings  # noqa: PLC0415 (heavy)
    from services.store.reading import decisions, operations  # noqa: PLC0415 (heavy)

    zone = ZoneInfo(operations.studio_zone(connection) or Settings().zone)
    if day == NEWEST:
        newest_ms = decisions.newest_ms(connection)
        if newest_ms is None:
            raise Failure("no decision was ever made here", ExitCode.NOT_FOUND)
        wanted = datetime.fromtimestamp(newest_ms / 1_000, tz=zone).date()
    else:
        try:
            wanted = date.fromisoformat(day)
        except ValueError as error:
            raise Failure(f"--day {day}: write YYYY-MM-DD, or {NEWEST}", ExitCode.USAGE) from error
    return datetime.combine(wanted, time.min, tzinfo=zone)


def _result(tally: "Tally", about: dict[str, Any]) -> dict[str, Any]:
    first = tally.first
    return {
        "ok": tally.equal == tally.decisions,
        **about,
        "decisions": tally.decisions,
        "equal": tally.equal,
        "different": tally.different,
        "refused": dict(tally.refused),
        "first": None
        if first is None
        else {"id": first.id, "software": first.software, "places": list(first.places)},
    }


def _lines(tally: "Tally", result: dict[str, Any]) -> list[str]:
    head = f"{result['day']} ({result['zone']}), model {result['model']}"
    lines = [f"{head}: {tally.equal} of {tally.decisions} decisions equal, byte for byte"]
    lines += [f"refused, not compared: {count} x {reason}" for reason, count in tally.refused.items()]
    if tally.first is not None:
        lines.append(
            f"{tally.different} differ; the first is {tally.first.id} (software {tally.first.software}):"
        )
        lines += [f"  {place}" for place in tally.first.places]
    return lines


def _models(folder: Path | None) -> "Callable[[], EffortModel]":
    """Return how to get the effort model: the one that ships, or one of a folder, also an unsigned one.

    Nothing acts on what is decided here, and a request names its model by the hash of the artifact.
    """
    from ml import artifact  # noqa: PLC0415 (another room, loaded when it runs)

    if folder is None:
        return artifact.default
    found = artifact.open_artifact(folder, artifact.Terms(unsigned=True))
    if isinstance(found, artifact.Refused):
        raise Failure(f"--artifact {folder}: {found.reason}", ExitCode.NOT_FOUND)
    effort = found.effort
    return lambda: effort


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}", ExitCode.NOT_FOUND) from error
