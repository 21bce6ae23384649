"""`export`: a person's record, the lists of the screens, and everybody's sets for research."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from openspine.new_file import check_new
from openspine.outcome import ExitCode, Failure, hand_over
from openspine.person import find, keep
from openspine.verbs.options import ADMIN, AsJson, By, SideName

Patient = Annotated[str, Parameter(help="Id or code of the person.")]
Database = Annotated[str | None, Parameter(help="SQLAlchemy URL; else OPENSPINE_DATABASE_URL.")]
NewFile = Annotated[Path, Parameter(name=["--out", "-o"], help="File to write; what is there stays.")]
NewFolder = Annotated[
    Path, Parameter(name=["--out", "-o"], help="Folder to write into; what is there stays.")
]
StateName = Literal["planned", "pending", "applied", "refused", "expired"]
KEY_BYTES = 32


def fhir(
    patient: Patient, *, out: NewFile, by: By = ADMIN, database: Database = None, json: AsJson = False
) -> None:
    """Write a person's record as a FHIR R4 Bundle; docs/fhir.md names our codes.

    Exit code 3 for an unknown person, 4 when the database does not answer.
    """
    from openspine.reading import looking  # noqa: PLC0415 (heavy)
    from services.clock import now_ms  # noqa: PLC0415 (heavy)
    from services.exports.fhir.bundle import bundle, counts, written  # noqa: PLC0415 (heavy)
    from services.exports.fhir.facts import facts_of  # noqa: PLC0415 (heavy)

    check_new(out)
    with looking(database, "export_fhir", by) as sight:
        person = find(sight.connection, patient)
        sight.note(person.id)
        found = bundle(facts_of(sight.connection, person, now_ms()))
    content = written(found)
    keep(out, content)
    hand_over(
        {"file": str(out), "bytes": len(content), "resources": counts(found)},
        as_json=json,
        lines=[f"{out}: {sum(counts(found).values())} resources, {len(content)} bytes"],
    )


def csv(  # noqa: PLR0913 (each is an option of the command line)
    patient: Annotated[str | None, Parameter(help="Id or code of a person; else people and alerts.")] = None,
    *,
    out: NewFolder,
    search: Annotated[str, Parameter(help="Only people whose name or code holds this.")] = "",
    kind: Annotated[str | None, Parameter(help="Only this kind of machine.")] = None,
    side: Annotated[SideName | None, Parameter(help="Only this side.")] = None,
    state: Annotated[StateName | None, Parameter(help="Only adjustments that became this.")] = None,
    unit: Annotated[Literal["kg", "lb"], Parameter(help="Of the weights in sentences.")] = "kg",
    origin: Annotated[Literal["real", "sim"], Parameter(help="Real or simulated people.")] = "real",
    by: By = ADMIN,
    database: Database = None,
    json: AsJson = False,
) -> None:
    """Write the lists of the screens as CSV: units and time zone in the header line, filtered as asked.

    With a person: sessions, adjustments, progress, pain, balance; without one: people and alerts.
    """
    from openspine.reading import looking  # noqa: PLC0415 (heavy)
    from openspine.tables import of_everybody, of_one  # noqa: PLC0415 (heavy)
    from services.exports.csv.lists import Filters  # noqa: PLC0415 (heavy)
    from services.store.reading.adjustments import Narrowed  # noqa: PLC0415 (heavy)

    with looking(database, "export_csv", by) as sight:
        person = None if patient is None else find(sight.connection, patient)
        sight.note(None if person is None else person.id)
        if person is None:
            tables = of_everybody(sight.connection, origin, Filters(search=search))
        else:
            which = Narrowed(kind=kind, side=side, state=state)
            tables = of_one(sight.connection, person, which, unit)
    files = {name: out / f"{name}.csv" for name in tables}
    out.mkdir(parents=True, exist_ok=True)
    for file in files.values():
        check_new(file)
    for name, content in tables.items():
        keep(files[name], content)
    hand_over(
        {"files": {name: str(file) for name, file in files.items()}},
        as_json=json,
        lines=[f"{file}: {len(tables[name])} bytes" for name, file in files.items()],
    )


def parquet(
    *,
    out: NewFolder,
    origin: Annotated[Literal["real", "sim"], Parameter(help="Real or simulated people.")] = "real",
    key: Annotated[
        Path | None,
        Parameter(help=f"File of {KEY_BYTES} bytes that names people the same again; else thrown away."),
    ] = None,
    by: By = ADMIN,
    database: Database = None,
    json: AsJson = False,
) -> None:
    """Write sets, reps and decisions of everybody, de-identified; of real people those who agree to research.

    People and sessions get keyed names, times count from a person's first session. Memory does not grow.
    """
    import secrets  # noqa: PLC0415 (only here)

    from openspine.reading import looking  # noqa: PLC0415 (heavy)
    from services.exports.parquet import write  # noqa: PLC0415 (heavy)

    if not write.is_possible():
        raise Failure(write.MISSING)
    known = secrets.token_bytes(KEY_BYTES) if key is None else _key(key)
    try:
        with looking(database, "export_parquet", by) as sight:
            sight.note()
            done = write.export(sight.connection, origin, out, known)
    except FileExistsError as error:
        raise Failure(f"--out: {error.filename} is there already; choose another folder") from error
    rows = ", ".join(f"{count} {name}" for name, count in done.rows.items())
    hand_over(
        {"folder": str(out)} | asdict(done),
        as_json=json,
        lines=[f"{out}: {rows} of {done.people} people; {done.left_out} did not agree to research"],
    )


def _key(file: Path) -> bytes:
    try:
        found = file.read_bytes()
    except OSError as error:
        raise Failure(f"--key {file}: {error.strerror}", ExitCode.NOT_FOUND) from error
    if len(found) != KEY_BYTES:
        raise Failure(f"--key {file}: it holds {len(found)} bytes, not {KEY_BYTES}", ExitCode.USAGE)
    return found
