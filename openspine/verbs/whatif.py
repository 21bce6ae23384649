"""`whatif`: a person's history under another policy or other limits, beside what really was."""

import json as json_format
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Annotated, Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over, say
from openspine.verbs.options import ADMIN, AsJson, By, PhaseName, SideName

PATIENCE_S = 120.0  # a year of visits is some thousand decisions


def run(  # noqa: PLR0913 (each is an option of the command line)
    *,
    patient: Annotated[str, Parameter(help="Id or code of the person.")],
    policy: Annotated[str | None, Parameter(help="Another policy; else the one that decided.")] = None,
    limits: Annotated[Path | None, Parameter(help="Other limits as JSON, named as the options here.")] = None,
    max_load_kg: Annotated[float | None, Parameter(help="Another largest load.")] = None,
    phase: Annotated[
        PhaseName | None, Parameter(help="Another phase; its load cap moves with its share.")
    ] = None,
    phase_cap_kg: Annotated[float | None, Parameter(help="Another load cap of the phase.")] = None,
    kind: Annotated[str | None, Parameter(help="Only this kind of machine.")] = None,
    side: Annotated[SideName | None, Parameter(help="Only this side.")] = None,
    simulate: Annotated[
        bool, Parameter(negative="", help="Go on from the other doses, answered as the belief expects.")
    ] = False,
    by: By = ADMIN,
    database: Annotated[str | None, Parameter(help="SQLAlchemy URL; else OPENSPINE_DATABASE_URL.")] = None,
    service: Annotated[
        str | None, Parameter(help="Ask a running service (URL) instead; then --patient is the id.")
    ] = None,
    plot: Annotated[Path | None, Parameter(help="Picture: FILE.png, .svg or .html.")] = None,
    json: AsJson = False,
) -> None:
    """Ask a person's logged questions once more under another policy or other limits.

    Exit code 2 for a policy that does not exist, 3 for an unknown person, 4 when nobody answers.
    """
    from openspine import pictures, whatif  # noqa: PLC0415 (only here)

    pictures.check(plot)
    given = {"max_load_kg": max_load_kg, "phase": phase, "phase_cap_kg": phase_cap_kg}
    limited = _limits(limits) | {name: value for name, value in given.items() if value is not None}
    if policy is None and not limited:
        raise Failure("give --policy, or other limits", ExitCode.USAGE)
    asked = {"policy": policy, "kind": kind, "side": side, "simulate": simulate}
    if service is not None:
        found = _from_service(service, patient, asked | limited)
    else:
        found = _from_store(database, by, patient, asked, limited)
    if not found["sets"]:
        raise Failure(f"{patient} has no work set to compare{_why_none(found)}", ExitCode.NOT_FOUND)
    if plot is not None:
        pictures.save(whatif.chart(found), plot)
        say(f"picture: {plot}")
    hand_over(found, as_json=json, lines=whatif.lines(found))


def _from_store(
    database: str | None, by: str, patient: str, asked: Mapping[str, Any], limited: Mapping[str, Any]
) -> dict[str, Any]:
    from ml import artifact  # noqa: PLC0415 (another room, loaded when it runs)
    from openspine.reading import looking  # noqa: PLC0415 (heavy)
    from services.insights import whatif  # noqa: PLC0415 (heavy)
    from services.store.reading import whatif as store  # noqa: PLC0415 (heavy)

    if asked["policy"] not in (None, *whatif.policies()):
        raise Failure(
            f"--policy {asked['policy']}: write one of {', '.join(whatif.policies())}", ExitCode.USAGE
        )
    question = whatif.Question(policy=asked["policy"], limits=_typed(limited), simulated=asked["simulate"])
    with looking(database, "read_whatif", by) as sight:
        person = store.find(sight.connection, patient, None)
        if person is None:
            raise Failure(f"there is no person {patient}", ExitCode.NOT_FOUND)
        sight.note(person.id)
        rows = store.done_sets(sight.connection, person.id, asked["kind"], asked["side"])
        return asdict(whatif.picture(person.code, rows, question, artifact.default))


def _from_service(url: str, patient: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    from openspine.service import ask  # noqa: PLC0415 (only here)

    query = urlencode({name: str(value) for name, value in asked.items() if value is not None})
    try:
        found: dict[str, Any] = ask(f"{url}/v1/patients/{quote(patient, safe='')}/whatif?{query}", PATIENCE_S)
    except HTTPError as refused:
        code = ExitCode.NOT_FOUND if refused.code == 404 else ExitCode.USAGE
        raise Failure(f"--service {url}: {_refusal(refused)}", code) from refused
    except (URLError, TimeoutError, ValueError) as error:
        raise Failure(f"--service {url}: {error}", ExitCode.UNREACHABLE) from error
    return found


def _refusal(refused: HTTPError) -> str:
    """Say what the service said: RFC 9457, one line."""
    try:
        problem = json_format.loads(refused.read())
    except ValueError:
        return str(refused)
    mistakes = [f"{one['where']}: {one['what']}" for one in problem.get("mistakes", [])]
    return "; ".join([str(problem.get("detail", refused)), *mistakes])


def _limits(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        found = json_format.loads(path.read_bytes())
    except OSError as error:
        raise Failure(f"--limits {path}: {error.strerror}", ExitCode.NOT_FOUND) from error
    except ValueError as error:
        raise Failure(f"--limits {path}: this is not JSON ({error})", ExitCode.USAGE) from error
    if not isinstance(found, dict):
        raise Failure(f"--limits {path}: write one JSON object", ExitCode.USAGE)
    asdict(_typed(found))
    return found


def _typed(limited: Mapping[str, Any]) -> Any:
    """Read limits by name; Failure names the first one that is unknown or no number."""
    import msgspec  # noqa: PLC0415 (heavy)

    from services.insights.whatif import AskedLimits  # noqa: PLC0415 (heavy)

    known = [one.name for one in fields(AskedLimits)]
    strange = [name for name in limited if name not in known]
    if strange:
        raise Failure(f"limits: {strange[0]} is none of {', '.join(known)}", ExitCode.USAGE)
    try:
        return msgspec.convert(dict(limited), AskedLimits)
    except msgspec.ValidationError as error:
        raise Failure(f"limits: {error}", ExitCode.USAGE) from error


def _why_none(found: Mapping[str, Any]) -> str:
    return "".join(f" ({one['sets']} x {one['reason']})" for one in found["left_out"])
