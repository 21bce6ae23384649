"""A person's data as a whole (`export patient`, `admin erase-patient`), and `admin retention`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over
from openspine.verbs.options import ADMIN, AsJson, By

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from contract.messages import Origin

Database = Annotated[str | None, Parameter(help="SQLAlchemy URL; else OPENSPINE_DATABASE_URL.")]
Person = Annotated[str, Parameter(help="Id or code of the person.")]
OWNER_ONLY = 0o700


def export_patient(
    patient: Person,
    *,
    out: Annotated[Path, Parameter(name=["--out", "-o"], help="New folder, for its owner only.")],
    by: By = ADMIN,
    database: Database = None,
    json: AsJson = False,
) -> None:
    """Write everything that the store holds of a person: a JSON file, a CSV a table, an MCAP of messages."""
    from services.privacy.portrait import as_csv, as_json, portrait  # noqa: PLC0415 (heavy)

    if out.exists():
        raise Failure(f"{out} is there already: name a new folder")
    with _store(database) as engine, engine.connect() as connection:
        patient_id = _found(connection, patient)
        tables = portrait(connection, patient_id)
        _note(engine, "patient.export", patient_id, by, {"format": "everything"})
        out.mkdir(mode=OWNER_ONLY, parents=True)
        (out / "everything.json").write_text(as_json(tables), encoding="utf-8")
        for name, rows in tables.items():
            (out / f"{name}.csv").write_bytes(as_csv(rows))
        [person] = tables["patient"]
        messages = _recording(connection, patient_id, person["origin"], out / "messages.mcap")
    counts = {name: len(rows) for name, rows in tables.items()}
    result = {"ok": True, "patient": patient_id, "folder": str(out), "rows": counts, "messages": messages}
    total = sum(counts.values())
    hand_over(
        result, as_json=json, lines=[f"{out}: {total} rows of {len(counts)} tables, {messages} messages"]
    )


def erase_patient(  # noqa: PLR0913 (each is an option of the command line)
    patient: Person,
    *,
    reason: Annotated[str, Parameter(help="Why; only a digest of it is kept.")],
    yes: Annotated[bool, Parameter(negative="", help="It is meant: nothing brings the person back.")] = False,
    keep_nothing: Annotated[
        bool, Parameter(negative="", help="Keep no figures of sets, also where research was agreed to.")
    ] = False,
    by: By = ADMIN,
    database: Database = None,
    json: AsJson = False,
) -> None:
    """Erase a person: identity and every row; exit code 1 while they train."""
    from services.clock import now_ms  # noqa: PLC0415 (heavy)
    from services.privacy.erasure import ErasureRefusedError, Order, erase  # noqa: PLC0415 (heavy)

    if not yes:
        raise Failure("nothing brings an erased person back: add --yes", ExitCode.USAGE)
    with _store(database) as engine:
        with engine.connect() as connection:
            patient_id = _found(connection, patient)
        order = Order(
            patient_id=patient_id, actor=by, at_ms=now_ms(), reason=reason, keep_measured=not keep_nothing
        )
        try:
            done = erase(engine, order)
        except ErasureRefusedError as refused:
            raise Failure(str(refused)) from refused
    lines = [f"{patient_id}: {done.rows} rows gone, {done.sessions_kept} sessions stay with nobody"]
    hand_over({"ok": True, **asdict(done)}, as_json=json, lines=lines)


def retention(  # noqa: PLR0913 (each is an option of the command line)
    *,
    dry_run: Annotated[bool, Parameter(negative="", help="Only count what would go.")] = False,
    sign_ins_days: Annotated[float, Parameter(help="Badges and codes, as sign-ins sent them.")] = 1,
    curves_days: Annotated[float, Parameter(help="Curves of reps, and the bytes that machines sent.")] = 90,
    transit_days: Annotated[float, Parameter(help="Published commands, and unreadable messages.")] = 30,
    sessions_years: Annotated[float, Parameter(help="Sessions with their reps.")] = 7,
    audit_years: Annotated[float, Parameter(help="Entries of the audit.")] = 6,
    database: Database = None,
    json: AsJson = False,
) -> None:
    """Take what has been kept long enough, in short transactions; run it once a day."""
    from services.clock import now_ms  # noqa: PLC0415 (heavy)
    from services.privacy.retention import YEAR_DAYS, Terms, due, run  # noqa: PLC0415 (heavy)

    terms = Terms(
        sign_ins_days=sign_ins_days,
        curves_days=curves_days,
        transit_days=transit_days,
        sessions_days=sessions_years * YEAR_DAYS,
        audit_days=audit_years * YEAR_DAYS,
    )
    with _store(database) as engine:
        found = due(engine, terms, now_ms()) if dry_run else run(engine, terms, now_ms(), now_ms)
    counts = asdict(found)
    said = ", ".join(f"{count} {name}" for name, count in counts.items())
    lines = [f"{'would go' if dry_run else 'gone'}: {said}"]
    hand_over({"ok": True, "dry_run": dry_run, **counts}, as_json=json, lines=lines)


def _recording(connection: "Connection", patient_id: str, origin: "Origin", path: Path) -> int:
    from contract import recording, topics  # noqa: PLC0415 (heavy)
    from emulator.recordings.mcap_file import RecordingWriter  # noqa: PLC0415 (heavy)
    from services.store import person  # noqa: PLC0415 (heavy)

    about = recording.About(
        machine="", machine_kind="", origin=origin, source="export of a person", software="openspine"
    )
    with RecordingWriter(path, about) as file:
        for row in person.messages(connection, patient_id):
            topic = topics.name_for_kind(row.origin, row.machine, row.kind)
            file.write(recording.from_wire(topic, bytes(row.raw), row.received_ms))
        return file.messages


def _note(engine: "Engine", action: str, patient_id: str, by: str, detail: dict[str, Any]) -> None:
    from services.clock import now_ms  # noqa: PLC0415 (heavy)
    from services.store import audit  # noqa: PLC0415 (heavy)
    from services.store.engine import writing  # noqa: PLC0415 (heavy)

    entry = audit.Entry(
        at_ms=now_ms(), actor=by, action=action, thing="patient", thing_id=patient_id, detail=detail
    )
    with writing(engine) as connection:
        audit.record(connection, entry)


def _found(connection: "Connection", named: str) -> str:
    from services.store.reading import whatif  # noqa: PLC0415 (heavy)

    found = whatif.find(connection, named, None)
    if found is None:
        raise Failure(f"there is no person {named}", ExitCode.NOT_FOUND)
    return str(found.id)


@contextmanager
def _store(database: str | None) -> "Iterator[Engine]":
    """Open a store with its keys to write; what goes wrong is one line and an exit code."""
    from sqlalchemy.engine import make_url  # noqa: PLC0415 (heavy)
    from sqlalchemy.exc import ArgumentError, DatabaseError  # noqa: PLC0415 (heavy)

    from services.keys.register import KeyRefusedError  # noqa: PLC0415 (heavy)
    from services.opened import open_store  # noqa: PLC0415 (heavy)
    from services.sealing import SealedError  # noqa: PLC0415 (heavy)
    from services.settings import Settings  # noqa: PLC0415 (heavy)

    settings = Settings()
    url = database or settings.database_url
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
            raise Failure(f"--database: there is no file {parsed.database}", ExitCode.NOT_FOUND)
        engine = open_store(url, settings.keys, demo=settings.demo)
        yield engine
        engine.dispose()
    except (KeyRefusedError, SealedError) as refused:
        raise Failure(str(refused)) from refused
    except ArgumentError as error:
        raise Failure("--database: this is not an SQLAlchemy URL", ExitCode.USAGE) from error
    except DatabaseError as error:
        reason = str(error.orig).splitlines()[0]
        raise Failure(f"the database does not answer: {reason}", ExitCode.UNREACHABLE) from error
    except OSError as error:
        raise Failure(f"{error.filename}: {error.strerror}") from error
