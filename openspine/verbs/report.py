"""`report`: a patient's page as a PDF."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from openspine.new_file import check_new
from openspine.outcome import Failure, hand_over, say
from openspine.person import find, keep
from openspine.verbs.options import ADMIN, AsJson, By


def run(  # noqa: PLR0913 (each is an option of the command line)
    patient: Annotated[str, Parameter(help="Id or code of the person.")],
    *,
    out: Annotated[Path, Parameter(name=["--out", "-o"], help="PDF to write; what is there stays.")],
    language: Annotated[Literal["en", "zh-HK"] | None, Parameter(help="Else the person's own.")] = None,
    unit: Annotated[Literal["kg", "lb"], Parameter(help="Of the weights.")] = "kg",
    picture: Annotated[bool, Parameter(negative="", help="A PNG instead of a PDF.")] = False,
    by: By = ADMIN,
    database: Annotated[str | None, Parameter(help="SQLAlchemy URL; else OPENSPINE_DATABASE_URL.")] = None,
    json: AsJson = False,
) -> None:
    """Print balance, progress, pain, what was changed and why, and what comes next, on one page.

    Exit code 3 for an unknown person, 4 when the database does not answer.
    """
    from openspine.reading import looking  # noqa: PLC0415 (heavy)
    from services.clock import now_ms  # noqa: PLC0415 (heavy)
    from services.report import page  # noqa: PLC0415 (heavy)
    from services.report.make import report  # noqa: PLC0415 (heavy)

    if not page.is_possible():
        raise Failure(page.MISSING)
    check_new(out)
    form: page.Format = "png" if picture else "pdf"
    with looking(database, "export_report", by) as sight:
        person = find(sight.connection, patient)
        sight.note(person.id)
        made = report(sight.connection, person, now_ms(), language, unit, form)
    keep(out, made.content)
    if made.missing:
        codes = ", ".join(f"U+{ord(letter):04X}" for letter in made.missing)
        say(f"no font here has {codes}: a mark stands for each")
    hand_over(
        {"file": str(out), "bytes": len(made.content), "missing": list(made.missing)},
        as_json=json,
        lines=[f"{out}: {len(made.content)} bytes"],
    )
