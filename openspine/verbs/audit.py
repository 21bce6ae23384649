"""`audit`: check the chain of who did what, sign its head to be kept elsewhere, hand it out."""

import json as json_format
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over
from openspine.verbs.options import AsJson

if TYPE_CHECKING:
    from services.audit.chain import Head

Database = Annotated[str | None, Parameter(help="SQLAlchemy URL; else OPENSPINE_DATABASE_URL.")]
Folders = Annotated[
    list[Path] | None,
    Parameter(
        name="--keys", help="Folder with an audit key; else OPENSPINE_KEYS and _ENVELOPE_KEYS. May repeat."
    ),
]


def verify(
    *,
    database: Database = None,
    keys: Folders = None,
    head: Annotated[
        Path | None, Parameter(help="What `audit head` printed earlier: finds a cut-off end.")
    ] = None,
    unkeyed: Annotated[
        int, Parameter(help="So many rows may be without a key: from before there was one.")
    ] = 0,
    json: AsJson = False,
) -> int:
    """Check every row of the chain; exit code 5 when a row was changed, taken out, moved or put in."""
    from openspine.reading import reading  # noqa: PLC0415 (heavy)
    from services.store import audit  # noqa: PLC0415 (heavy)

    known = None if head is None else _read_head(head)
    with _key_refusals(), reading(database) as connection:
        found = audit.check(connection, _checking(keys), known)
    ok = found.faults_found == 0 and found.unkeyed <= unkeyed
    result = {
        "ok": ok,
        "rows": found.rows,
        "faults": found.faults_found,
        "unkeyed": found.unkeyed,
        "cut_at": None if found.after is None else found.after.id,
        "head_checked": known is not None,
        "last": asdict(found.last),
        "shown": [asdict(one) for one in found.faults],
    }
    blind = "" if known else "; no head: a cut-off end goes unseen"
    lines = [f"row {one.id}: {one.what}" for one in found.faults]
    lines += [f"{found.unkeyed} rows are without a key: anybody could have written them"] * bool(
        found.unkeyed
    )
    lines += [f"{found.rows} rows, {found.faults_found} faults{blind}"]
    hand_over(result, as_json=json, lines=lines)
    return ExitCode.OK if ok else ExitCode.DIFFERS


def head(*, database: Database = None, keys: Folders = None, json: AsJson = False) -> None:
    """Print the end of the chain, signed: keep it where whoever may write the database may not."""
    from openspine.reading import reading  # noqa: PLC0415 (heavy)
    from services.audit.chain import Head, signed  # noqa: PLC0415 (heavy)
    from services.keys.audit import open_audit_key  # noqa: PLC0415 (heavy)
    from services.store import audit  # noqa: PLC0415 (heavy)

    with _key_refusals(), reading(database) as connection:
        key = open_audit_key(_folders(keys)[0], make=False)
        last = audit.last(connection)
    made = signed(
        Head(id=last.id, seal=last.seal, at_ms=time.time_ns() // 1_000_000, key_id=key.key_id), key.secret
    )
    hand_over(asdict(made), as_json=json, lines=[json_format.dumps(asdict(made))])


def export(*, database: Database = None, json: AsJson = False) -> None:
    """Print every row as a line of JSON, the oldest first; with `--json` they are one object."""
    from openspine.reading import reading  # noqa: PLC0415 (heavy)
    from services.store import audit  # noqa: PLC0415 (heavy)

    with reading(database) as connection:
        rows = (asdict(row) for row in audit.stored(connection))
        if json:
            hand_over({"ok": True, "rows": list(rows)}, as_json=True)
            return
        for row in rows:
            sys.stdout.write(json_format.dumps(row, ensure_ascii=False, default=str) + "\n")


def _read_head(path: Path) -> "Head":
    import msgspec  # noqa: PLC0415 (a verb's own need)

    from services.audit.chain import Head  # noqa: PLC0415 (heavy)

    try:
        return msgspec.json.decode(path.read_bytes(), type=Head)
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}", ExitCode.NOT_FOUND) from error
    except msgspec.MsgspecError as error:
        raise Failure(f"{path} is not what `audit head` prints ({error})", ExitCode.USAGE) from error


def _checking(given: list[Path] | None) -> Any:
    from services.keys.audit import checking_keys  # noqa: PLC0415 (heavy)

    found = checking_keys(_folders(given))
    if not found:
        raise Failure("there is no audit key in the key folders: name them by --keys", ExitCode.NOT_FOUND)
    return found


def _folders(given: list[Path] | None) -> list[Path]:
    from services.prescribing.settings import PrescribingSettings  # noqa: PLC0415 (heavy)
    from services.settings import Settings  # noqa: PLC0415 (heavy)

    return given or [Settings().keys, PrescribingSettings().envelope_keys]


@contextmanager
def _key_refusals() -> Iterator[None]:
    from services.keys.register import KeyRefusedError  # noqa: PLC0415 (heavy)

    try:
        yield
    except KeyRefusedError as refused:
        raise Failure(str(refused)) from refused
