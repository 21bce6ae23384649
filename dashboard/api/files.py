"""What leaves as a file: the report, the record for other systems, tables, and everything."""

from dataclasses import dataclass

from dashboard.client import Client, Failure, File, path


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """One kind of file: its address, the end of its name, and what it may be asked for in."""

    title: str
    address: str
    ending: str
    takes: tuple[str, ...] = ()  # of `language` and `unit`


FILES: dict[str, Leaving] = {
    "report": Leaving(
        title="One-page report (PDF)", address="report.pdf", ending="pdf", takes=("language", "unit")
    ),
    "record": Leaving(title="Record for other systems (FHIR R4)", address="fhir", ending="fhir.json"),
    "sessions": Leaving(title="Sessions (CSV)", address="sessions.csv", ending="csv"),
    "adjustments": Leaving(
        title="Adjustments (CSV)", address="adjustments.csv", ending="csv", takes=("unit",)
    ),
    "progress": Leaving(title="Progress (CSV)", address="progress.csv", ending="csv"),
    "pain": Leaving(title="Pain (CSV)", address="pain.csv", ending="csv"),
    "balance": Leaving(title="Balance (CSV)", address="balance.csv", ending="csv"),
    "everything": Leaving(title="Everything that is kept (JSON)", address="everything", ending="json"),
}


def get_patient_file(
    client: Client, patient: str, what: str, name: str, choices: dict[str, str]
) -> File | Failure:
    """Ask for one file of a person; `choices` are those that this kind of file takes."""
    leaving = FILES[what]
    asked = {key: value for key, value in choices.items() if key in leaving.takes}
    return client.get_file(path("/v1/patients/{}/", patient) + leaving.address, name, **asked)
